//! What is done again and again, and what its answer must be.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use serde::Serialize;
use tokio::task::JoinSet;

use crate::Result;
use crate::data::{Data, SIZES, Tenant};
use crate::keys::{Keys, Population};
use crate::statistics::nanoseconds;
use crate::system::{Customer, Isolation, System};

/// What the tasks do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Workload {
    /// One row by its key.
    Select,
    /// So many rows, by a filter.
    List(usize),
    /// So many new rows.
    Insert(usize),
    /// More new rows than one statement of values takes, all or none.
    InsertMany(usize),
    /// So many new rows, by a COPY.
    CopyIn(usize),
    /// So many rows, by a COPY.
    CopyOut(usize),
    /// One column of one row, by its key.
    Update,
    /// Begin, find, update, find, commit.
    Transaction,
    /// One row by its key, of which one in a hundred takes 100 milliseconds.
    Mixed,
}

impl Workload {
    /// The subcommand that runs it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::List(_) => "list",
            Self::Insert(_) => "insert",
            Self::InsertMany(_) => "insert many",
            Self::CopyIn(_) => "copy in",
            Self::CopyOut(_) => "copy out",
            Self::Update => "update",
            Self::Transaction => "transaction",
            Self::Mixed => "mixed",
        }
    }

    /// The rows of one operation, where their number is what matters.
    pub(crate) fn rows(self) -> Option<usize> {
        match self {
            Self::List(rows)
            | Self::Insert(rows)
            | Self::InsertMany(rows)
            | Self::CopyIn(rows)
            | Self::CopyOut(rows) => Some(rows),
            Self::Select | Self::Update | Self::Transaction | Self::Mixed => None,
        }
    }

    /// Whether it writes to all tenants, by statements of their own.
    pub(crate) fn writes_to_many(self) -> bool {
        matches!(self, Self::Update | Self::Transaction)
    }

    /// Whether it leaves rows behind.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::Insert(_) | Self::InsertMany(_) | Self::CopyIn(_) | Self::Update | Self::Transaction)
    }
}

/// A slice of a cell: one system, for a short time.
#[derive(Clone)]
pub(crate) struct Slice {
    /// The tenants.
    pub(crate) data: Arc<Data>,
    /// What is done.
    pub(crate) workload: Workload,
    /// Which tenants come.
    pub(crate) population: Population,
    /// Which sequence of tenants.
    pub(crate) round: usize,
    /// How many tasks do it at once.
    pub(crate) tasks: usize,
    /// For how long.
    pub(crate) time: Duration,
}

/// What one task measured, in nanoseconds.
#[derive(Debug, Default)]
pub(crate) struct Times {
    /// Of each operation.
    pub(crate) fast: Vec<u32>,
    /// Of those that are meant to take their time.
    pub(crate) slow: Vec<u32>,
}

/// What happens before anything is measured.
#[derive(Clone)]
pub(crate) struct WarmUp {
    /// The tenants.
    pub(crate) data: Arc<Data>,
    /// How many of them.
    pub(crate) tenants: usize,
    /// How many tasks walk over them, each beginning elsewhere.
    pub(crate) tasks: usize,
    /// How often each task comes round.
    pub(crate) passes: usize,
    /// But no longer than this.
    pub(crate) time: Duration,
}

/// A system as the measuring loop sees it. The loop itself is compiled for each system.
pub(crate) trait Runner: Send + Sync {
    /// Does the work of a slice; what each task measured.
    fn run(&self, slice: Slice) -> BoxFuture<'static, Result<Vec<Times>>>;

    /// Reads a row of each tenant again and again, by several tasks; ends early when the time is over.
    fn warm_up(&self, warm_up: WarmUp) -> BoxFuture<'static, Result<()>>;
}

impl<S: System> Runner for Arc<S> {
    fn run(&self, slice: Slice) -> BoxFuture<'static, Result<Vec<Times>>> {
        let system = Self::clone(self);
        Box::pin(async move {
            let mut tasks = JoinSet::new();
            for task in 0..slice.tasks {
                tasks.spawn(work(Self::clone(&system), slice.clone(), task));
            }
            let mut times = Vec::new();
            while let Some(done) = tasks.join_next().await {
                times.push(done??);
            }
            Ok(times)
        })
    }

    fn warm_up(&self, warm_up: WarmUp) -> BoxFuture<'static, Result<()>> {
        let system = Self::clone(self);
        Box::pin(async move {
            let mut tasks = JoinSet::new();
            for task in 0..warm_up.tasks {
                tasks.spawn(walk(Self::clone(&system), warm_up.clone(), task));
            }
            while let Some(done) = tasks.join_next().await {
                done??;
            }
            Ok(())
        })
    }
}

/// One task of a warm-up.
async fn walk<S: System>(system: Arc<S>, warm_up: WarmUp, task: usize) -> Result<()> {
    let WarmUp { data, tenants, tasks, passes, time } = warm_up;
    let deadline = Instant::now() + time;
    let first = task * tenants / tasks;
    for step in first..first + tenants * passes {
        let tenant = &data.tenants[step % tenants];
        check(tenant, 1, &system.find(tenant, 1).await?)?;
        if Instant::now() >= deadline {
            break;
        }
    }
    Ok(())
}

/// One task of a slice.
async fn work<S: System>(system: Arc<S>, slice: Slice, task: usize) -> Result<Times> {
    let mut keys = slice.population.keys(slice.round, task);
    let mut times = Times::default();
    let mut credit = 0;
    let deadline = Instant::now() + slice.time;
    loop {
        let now = match slice.workload {
            Workload::Select => find(&*system, &slice.data, &mut keys, &mut times.fast).await?,
            Workload::List(rows) => list(&*system, &slice.data, rows, &mut times.fast).await?,
            Workload::Insert(rows) | Workload::InsertMany(rows) => {
                insert(&*system, &slice.data, rows, &mut times.fast).await?
            }
            Workload::CopyIn(rows) => copy_in(&*system, &slice.data, rows, &mut times.fast).await?,
            Workload::CopyOut(rows) => copy_out(&*system, &slice.data, rows, &mut times.fast).await?,
            Workload::Update => {
                credit += 1;
                update(&*system, &slice.data, &mut keys, credit, &mut times.fast).await?
            }
            Workload::Transaction => {
                credit += 1;
                transact(&*system, &slice.data, &mut keys, credit, &mut times.fast).await?
            }
            Workload::Mixed if keys.rarely() => find_slow(&*system, &slice.data, &mut keys, &mut times.slow).await?,
            Workload::Mixed => find(&*system, &slice.data, &mut keys, &mut times.fast).await?,
        };
        if now >= deadline {
            return Ok(times);
        }
    }
}

/// Notes how long it took; when it ended.
fn note(begun: Instant, times: &mut Vec<u32>) -> Instant {
    let now = Instant::now();
    times.push(nanoseconds(now - begun));
    now
}

async fn find<S: System>(system: &S, data: &Data, keys: &mut Keys, times: &mut Vec<u32>) -> Result<Instant> {
    let (tenant, id) = (&data.tenants[keys.tenant()], keys.id());
    let begun = Instant::now();
    let row = system.find(tenant, id).await?;
    let now = note(begun, times);
    check(tenant, id, &row)?;
    Ok(now)
}

async fn find_slow<S: System>(system: &S, data: &Data, keys: &mut Keys, times: &mut Vec<u32>) -> Result<Instant> {
    let (tenant, id) = (&data.tenants[keys.tenant()], keys.id());
    let begun = Instant::now();
    let row = system.find_slow(tenant, id).await?;
    let now = note(begun, times);
    check(tenant, id, &row)?;
    Ok(now)
}

/// The tenant that has so many rows.
fn owner(data: &Data, rows: usize) -> Result<&Tenant> {
    let of_size = SIZES.iter().position(|size| *size == rows).ok_or("no tenant has so many rows")?;
    Ok(&data.lists[of_size])
}

async fn list<S: System>(system: &S, data: &Data, rows: usize, times: &mut Vec<u32>) -> Result<Instant> {
    let tenant = owner(data, rows)?;
    let begun = Instant::now();
    let read = system.list(tenant, 1).await?;
    let now = note(begun, times);
    check_all(tenant, rows, &read)?;
    Ok(now)
}

async fn copy_out<S: System>(system: &S, data: &Data, rows: usize, times: &mut Vec<u32>) -> Result<Instant> {
    let tenant = owner(data, rows)?;
    let begun = Instant::now();
    let read = system.copy_out(tenant).await?;
    let now = note(begun, times);
    check_all(tenant, rows, &read)?;
    Ok(now)
}

fn check_all(tenant: &Tenant, rows: usize, read: &[impl Customer]) -> Result<()> {
    if read.len() != rows {
        return Err(format!("{} rows in place of {rows}", read.len()).into());
    }
    read.iter().try_for_each(|row| check(tenant, row.id(), row))
}

async fn insert<S: System>(system: &S, data: &Data, rows: usize, times: &mut Vec<u32>) -> Result<Instant> {
    let new = data.new_rows(rows);
    let begun = Instant::now();
    let written = system.insert(&data.inserts, new).await?;
    let now = note(begun, times);
    check_written(rows, written)?;
    Ok(now)
}

async fn copy_in<S: System>(system: &S, data: &Data, rows: usize, times: &mut Vec<u32>) -> Result<Instant> {
    let new = data.new_rows(rows);
    let begun = Instant::now();
    let written = system.copy_in(&data.inserts, new).await?;
    let now = note(begun, times);
    check_written(rows, written)?;
    Ok(now)
}

fn check_written(rows: usize, written: u64) -> Result<()> {
    if written == rows as u64 { Ok(()) } else { Err(format!("{written} rows written in place of {rows}").into()) }
}

async fn update<S: System>(
    system: &S,
    data: &Data,
    keys: &mut Keys,
    credit: i32,
    times: &mut Vec<u32>,
) -> Result<Instant> {
    let (tenant, id) = (&data.tenants[keys.tenant()], keys.own_id());
    let begun = Instant::now();
    let written = system.update(tenant, id, credit).await?;
    let now = note(begun, times);
    if written != 1 {
        return Err(format!("{written} rows changed in place of one").into());
    }
    Ok(now)
}

async fn transact<S: System>(
    system: &S,
    data: &Data,
    keys: &mut Keys,
    credit: i32,
    times: &mut Vec<u32>,
) -> Result<Instant> {
    let (tenant, id) = (&data.tenants[keys.tenant()], keys.own_id());
    let begun = Instant::now();
    let row = system.transact(tenant, id, credit).await?;
    let now = note(begun, times);
    check(tenant, id, &row)?;
    if row.credit() != credit {
        return Err(format!("credit {} in place of {credit}", row.credit()).into());
    }
    Ok(now)
}

/// Fails for any row but the one that was asked for.
pub(crate) fn check(tenant: &Tenant, id: i64, row: &impl Customer) -> Result<()> {
    if row.id() == id && row.name().ends_with(&tenant.mark) {
        return Ok(());
    }
    let (wrong_id, wrong_name) = (row.id(), row.name());
    Err(format!("row {wrong_id} `{wrong_name}` in place of row {id}{}", tenant.mark).into())
}

/// What a cell's rows leave behind is taken away here, outside of what is measured.
pub(crate) async fn tidy(data: &Data, workload: Workload, isolation: Isolation) -> Result<()> {
    if workload.writes() { data.tidy(isolation).await } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row(i64, &'static str);

    impl Customer for Row {
        fn id(&self) -> i64 {
            self.0
        }
        fn name(&self) -> &str {
            self.1
        }
        fn credit(&self) -> i32 {
            0
        }
    }

    #[test]
    fn only_the_row_that_was_asked_for() -> Result<()> {
        let tenant = Tenant::numbered(1)?;
        check(&tenant, 7, &Row(7, "Customer 7 of tenant_1"))?;
        assert!(check(&tenant, 7, &Row(8, "Customer 8 of tenant_1")).is_err());
        assert!(check(&tenant, 7, &Row(7, "Customer 7 of tenant_11")).is_err());
        assert!(check(&tenant, 7, &Row(7, "Customer 7 of tenant_2")).is_err());
        Ok(())
    }
}
