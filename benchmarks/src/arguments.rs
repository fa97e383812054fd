//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::compile::Compile;
use crate::instructions::{CHILD, Child};
use crate::keys::Distribution;
use crate::system::{Isolation, Name};

/// Measures tenantry side by side with the driver by hand and with other crates
#[derive(Debug, Parser)]
#[command(after_long_help = EXPLANATION)]
pub(crate) struct Arguments {
    /// What to measure
    #[command(subcommand)]
    pub(crate) command: Command,
    /// How
    #[command(flatten)]
    pub(crate) options: Options,
}

/// What to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// One row by its key, over tenants and tasks; and the server's memory for it
    Select,
    /// Lists of 1, 100 and 10,000 rows by a filter
    List,
    /// Inserts of 1, 100 and 10,000 rows
    Insert,
    /// 100,000 rows in by an insert and by COPY, and 10,000 out by COPY; quick: 20,000 in
    Bulk,
    /// One column of one row, by its key
    Update,
    /// Begin, find, update, find, commit
    Transaction,
    /// A find, an update and a transaction, with row-level security and without
    #[command(name = "rls")]
    RowSecurity,
    /// Finds of which one in a hundred takes 100 milliseconds on the server
    Mixed,
    /// Ten tables for a new tenant, by `create_all_for` and by the same text sent by hand
    CreateAll,
    /// An audit of 2,000 schemas with ten tables each; quick: 200
    Audit,
    /// The client's instructions for a query and for a row, counted by valgrind
    Instructions,
    /// What derived tables cost the compiler, in time and in code; no part of `all`, and without a server
    Compile(Compile),
    /// All of these but `compile`
    All,
    /// A process whose instructions are counted
    #[command(name = CHILD, hide = true)]
    Repeat(Child),
}

/// How it is measured.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Fewer cells and shorter slices: everything within two minutes, where the machine does nothing else
    #[arg(long, global = true)]
    pub(crate) quick: bool,
    /// How long a slice lasts [default: 0.5, quick: 0.05]
    #[arg(long, global = true, value_parser = seconds)]
    pub(crate) seconds: Option<Duration>,
    /// How often each system has its turn in a cell [default: 5, quick: 3]
    #[arg(long, global = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: Option<u32>,
    /// The longest warm-up of a system before a group of cells, in seconds [default: 30, quick: 1]
    #[arg(long, global = true, value_parser = seconds)]
    pub(crate) warm_up: Option<Duration>,
    /// The systems, by comma [default: all that can do it; for `mixed` deadpool and tenantry]
    #[arg(long, global = true, value_delimiter = ',')]
    pub(crate) systems: Vec<Name>,
    /// Numbers of tenants for `select`, by comma [default: 1,100,2000,10000, quick: 1,2000]
    #[arg(long, global = true, value_delimiter = ',', value_parser = positive)]
    pub(crate) tenants: Vec<usize>,
    /// Numbers of tasks, by comma [default: 1,8,32,128 for `select`, 1 for `list`, `insert` and `bulk`, 1,8 for `update` and
    /// `transaction`, 8,32 for `mixed`; quick: 1,8 for `select`, 8 for `update` and `transaction`]
    #[arg(long, global = true, value_delimiter = ',', value_parser = positive)]
    pub(crate) tasks: Vec<usize>,
    /// How tenants are kept apart, by comma [default: row,schema]
    #[arg(long, global = true, value_delimiter = ',')]
    pub(crate) isolation: Vec<Isolation>,
    /// How often each tenant comes in `select`, by comma [default: uniform,zipf, quick: uniform]
    #[arg(long, global = true, value_delimiter = ',')]
    pub(crate) distribution: Vec<Distribution>,
    /// The most connections of each system
    #[arg(long, global = true, default_value = "8", value_parser = positive)]
    pub(crate) connections: usize,
    /// An empty database to be filled, in place of a throwaway server; what is made in it stays
    #[arg(long, global = true)]
    pub(crate) url: Option<String>,
    /// Processes for each count of `instructions`; the least counts [default: 3, quick: 1]
    #[arg(long, global = true, value_parser = positive)]
    pub(crate) runs: Option<usize>,
    /// Write the figures to this file
    #[arg(long, global = true)]
    pub(crate) json: Option<PathBuf>,
    /// Write pictures of `select` into this folder
    #[arg(long, global = true)]
    pub(crate) svg: Option<PathBuf>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("not a number above zero".to_owned()),
    }
}

const EXPLANATION: &str = "\
SYSTEMS
  by-hand            tokio-postgres; each statement prepared once on each connection, in a map without a
                     bound; a fixed set of connections behind a semaphore; in `bulk`, statements of 5,000 rows in
                     a transaction, and the driver's `BinaryCopyInWriter` and `BinaryCopyOutStream`
  by-hand-pipelined  the same, but rows are inserted one by one in a transaction, all sent before the first
                     answer (only `insert`)
  deadpool           deadpool-postgres, `prepare_cached`, fast recycling
  diesel-async       diesel's query builder, its cache of prepared statements, its deadpool with fast recycling;
                     by schema only with `search_path`, because a table's schema is part of its type
  sqlx               statements as text; its cache of 100 prepared statements for each connection; no ping
                     before a connection is used (`test_before_acquire(false)`)
  sea-orm            entities, on the same pool; by schema the statement's table is set
  by-hand RLS        only in `rls`, where each has a turn without it as well: begin, set the setting, run the
                     statement and commit, one after another, by a role that the policies bind
  tenantry           this library, through `Database`, with its defaults but for the size of the pool

TENANTS
  By row, the tenant is a bound value for a tenant column, and all tenants share one table. By schema, each
  tenant has a table of its own; the schema is part of the table's name, or where the figures say
  `search_path`, it is set by `SET search_path` before the statement. Each tenant has 10 rows.

FIGURES
  In each cell the systems take turns: a slice of one system, a slice of the next, and so on, round after round
  in rotated order, so that whatever the machine does besides hits all alike. A figure is the median over the
  rounds. Before a cell each system has run a slice that does not count; before a group of cells, tasks walk over
  all tenants, so that every tenant is known to the connections. Where the server's memory does not suffice for
  all systems at once (thousands of schemas), each has its rounds by itself. Every answer is checked.

  ops/s     for each task the operations it ended, divided by the time it spent in them; summed over the tasks
  rows/s    ops/s times the rows of an operation
  p50, p99  of the time of single operations, in microseconds, with the wait for a connection
  fast p99  in `mixed`, of the operations that do not sleep
  worst p99 in `mixed`, of the task whose p99 is the highest
  MiB/conn  memory of the server's process behind a connection, mean over a system's connections after the
            group's last cell: the line `Anonymous` of /proc/PID/smaps_rollup (only on Linux, only if readable)

  instructions  what valgrind's callgrind counts in a process that finds 1,200 rows one after another, less what
                it counts for 200, divided by 1,000; and for reading 10,000 rows into structs, of 3 times less 1,
                for each row. One thread, one task, one tenant, one connection; the least of several processes.
                `by hand, client` is a client of the driver with a prepared statement and nothing around it;
                `tenantry, Connection` goes without the pool as well.

  ms for 10 tables
                in `create-all`, the median over tenants of the time for a new tenant's schema with ten tables, of six
                columns and two indexes each; by hand, the same text is sent on a client, without the library's lock

COMPILE
  Writes crates into the folder `compile-time` of Cargo's target folder: for tenantry, diesel and sea-orm one with
  tables of ten columns, and an empty one that loads the library alone. They depend on what this program depends on,
  in the same versions and with the same features, are built in the same target folder, and need no network. Half of
  the tables are by row, where the peers have a tenant column and write it themselves, half by schema, where they
  name none. Each has a key that the database makes, a unique column, one that has a default and one that refers to
  another table. For diesel that is `table!`, `allow_tables_to_appear_in_same_query!` for the two tables,
  `joinable!` (by schema: it takes no key of two columns), and structs that derive Queryable and Selectable,
  Insertable, and AsChangeset; for sea-orm DeriveEntityModel with a relation. A crate that does not compile ends the
  run with the compiler's words. Only what is derived counts: no statement is written, and what generic code costs
  where it is used is not in it.

  check ms        `cargo check`, from scratch: the median for the crate with the tables, less the median for the empty
                  one, divided by the number of tables
  check again ms  the same where the compiler kept what it found out the last time, and only the file's date is new
  debug ms        `cargo build`, from scratch; and release ms `cargo build --release`
  written         by hand, for a table: lines that are not empty, and tokens as macros see them, in which a delimiter
                  and each character of an operator is one
  expanded        the same of what the compiler makes of it: `rustc -Zunpretty=expanded`, which a stable compiler does
                  where RUSTC_BOOTSTRAP=1 is set. That is set for this count alone, not where time is measured.
  check instructions
                  with `--instructions`: what valgrind's cachegrind counts in the compiler for `check`, less what it
                  counts for the empty crate, divided by the number of tables. It hardly varies, whatever else the
                  machine does, and so shows what a change of the derive costs.

  Milliseconds are processor time of Cargo, the compiler and what they start, in all threads: what else the machine
  does makes less of a difference to it than to the time that passes, but some. Each crate has its turn in each round.
";
