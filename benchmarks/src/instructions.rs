//! How many instructions a client runs for a query, as callgrind counts them.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Stdio;

use clap::{Args, ValueEnum};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use tokio::process::Command;

use crate::data::{Data, ROWS, SIZES, Tenant};
use crate::report::label;
use crate::system::{Isolation, Name, Reader, Target, Way};
use crate::systems;
use crate::workload::check;
use crate::{Error, Result};

/// The name of the hidden subcommand.
pub(crate) const CHILD: &str = "repeat";

/// What is counted: the systems, and two of them without their pools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Subject {
    /// tokio-postgres by hand, on a client.
    BareClient,
    /// tokio-postgres by hand, with a pool and a map of statements.
    ByHand,
    /// deadpool-postgres.
    Deadpool,
    /// diesel-async.
    DieselAsync,
    /// sqlx.
    Sqlx,
    /// sea-orm.
    SeaOrm,
    /// This library, on a `Connection`.
    Connection,
    /// This library, on a `Database`.
    Database,
}

impl Subject {
    /// The system that it belongs to.
    fn name(self) -> Name {
        match self {
            Self::BareClient | Self::ByHand => Name::ByHand,
            Self::Deadpool => Name::Deadpool,
            Self::DieselAsync => Name::DieselAsync,
            Self::Sqlx => Name::Sqlx,
            Self::SeaOrm => Name::SeaOrm,
            Self::Connection | Self::Database => Name::Tenantry,
        }
    }

    fn label(self, way: Way) -> String {
        let name = label(self.name(), way);
        match self {
            Self::BareClient => name + ", client",
            Self::ByHand => name + ", pool",
            Self::Connection => name + ", Connection",
            Self::Database => name + ", Database",
            Self::Deadpool | Self::DieselAsync | Self::Sqlx | Self::SeaOrm => name,
        }
    }
}

/// What is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Work {
    /// One row by its key.
    Find,
    /// 10,000 rows into structs; counted for each row.
    Read,
}

impl Work {
    /// How often in the shorter and in the longer of two processes, whose difference counts.
    fn repetitions(self) -> (usize, usize) {
        match self {
            Self::Find => (200, 1_200),
            Self::Read => (1, 3),
        }
    }

    /// What one repetition counts for.
    fn units(self) -> usize {
        match self {
            Self::Find => 1,
            Self::Read => SIZES[LIST],
        }
    }
}

/// Which list is read.
const LIST: usize = SIZES.len() - 1;

/// What a child process does; see [`child`].
#[derive(Debug, Clone, Args)]
pub(crate) struct Child {
    /// The database's connection string
    #[arg(long)]
    database: String,
    /// Which system
    #[arg(long)]
    subject: Subject,
    /// How the tenant gets into its statements
    #[arg(long)]
    way: Way,
    /// What is repeated
    #[arg(long)]
    work: Work,
    /// How often
    #[arg(long)]
    repetitions: usize,
}

/// Repeats something on one thread, for callgrind to count.
pub(crate) fn child(child: &Child) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let application = "instructions".to_owned();
        let target = Target { url: child.database.clone(), connections: 1, way: child.way, application };
        let system = systems::connect_to_read(child.subject, &target).await?;
        system.repeat(child.work, child.repetitions).await
    })
}

/// A system as the repeating loop sees it. The loop itself is compiled for each system.
pub(crate) trait Repeat {
    /// Does the work so often.
    fn repeat(&self, work: Work, repetitions: usize) -> BoxFuture<'_, Result<()>>;
}

impl<R: Reader> Repeat for R {
    fn repeat(&self, work: Work, repetitions: usize) -> BoxFuture<'_, Result<()>> {
        match work {
            Work::Find => Box::pin(find(self, repetitions)),
            Work::Read => Box::pin(read(self, repetitions)),
        }
    }
}

async fn find<R: Reader>(reader: &R, repetitions: usize) -> Result<()> {
    let tenant = Tenant::numbered(0)?;
    for id in (1..=ROWS).cycle().take(repetitions) {
        check(&tenant, id, &reader.find(&tenant, id).await?)?;
    }
    Ok(())
}

async fn read<R: Reader>(reader: &R, repetitions: usize) -> Result<()> {
    let tenant = Tenant::with_list(LIST)?;
    for _ in 0..repetitions {
        let rows = reader.list(&tenant, 1).await?;
        // Not each row is checked, because that would count as well.
        match (rows.first(), rows.last()) {
            (Some(first), Some(last)) if rows.len() == SIZES[LIST] => {
                check(&tenant, 1, first)?;
                check(&tenant, i64::try_from(SIZES[LIST])?, last)?;
            }
            _ => return Err(format!("{} rows in place of {}", rows.len(), SIZES[LIST]).into()),
        }
    }
    Ok(())
}

/// Instructions of one system.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Instructions {
    /// Which system.
    pub(crate) subject: Subject,
    /// How it names tenants.
    pub(crate) way: Way,
    /// For what.
    pub(crate) work: Work,
    /// For one query, or for one row.
    pub(crate) instructions: f64,
    /// As it is shown.
    #[serde(skip)]
    pub(crate) label: String,
}

/// Counts for all of these systems, or for the most telling of them; none where valgrind is not installed.
pub(crate) async fn count(
    data: &Data,
    names: &[Name],
    isolations: &[Isolation],
    runs: usize,
    quick: bool,
) -> Result<Option<Vec<Instructions>>> {
    if !is_installed().await? {
        return Ok(None);
    }
    let ways = isolations.iter().flat_map(|isolation| isolation.ways());
    let mut counts = Vec::new();
    for subject in Subject::value_variants() {
        for way in ways.clone().filter(|way| subject.name().supports(**way)) {
            let works = if way.is_by_row() { &[Work::Find, Work::Read][..] } else { &[Work::Find] };
            counts.extend(works.iter().map(|work| (*subject, *way, *work)));
        }
    }
    counts.retain(|(subject, ..)| names.contains(&subject.name()));
    if quick {
        // These take longest.
        let own = |subject: Subject| matches!(subject.name(), Name::ByHand | Name::Tenantry);
        counts.retain(|(subject, way, work)| own(*subject) || (*way != Way::SearchPath && *work == Work::Find));
    }
    // What else the machine does makes no difference to a count.
    let at_once = std::thread::available_parallelism()?.get();
    let counts = counts.into_iter().map(|(subject, way, work)| async move {
        let (few, many) = work.repetitions();
        let least_few = least(data, subject, way, work, few, runs).await?;
        let least_many = least(data, subject, way, work, many, runs).await?;
        let units = (many - few) * work.units();
        let instructions = (least_many - least_few) / units as f64;
        Ok::<_, Error>(Instructions { subject, way, work, instructions, label: subject.label(way) })
    });
    Ok(Some(stream::iter(counts).buffered(at_once).try_collect().await?))
}

async fn is_installed() -> Result<bool> {
    let started = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().await;
    match started {
        Ok(status) => Ok(status.success()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The least of several processes: what varies between them only adds.
async fn least(data: &Data, subject: Subject, way: Way, work: Work, repetitions: usize, runs: usize) -> Result<f64> {
    let mut least = f64::INFINITY;
    for _ in 0..runs {
        least = least.min(instructions_of_child(data, subject, way, work, repetitions).await?);
    }
    Ok(least)
}

async fn instructions_of_child(data: &Data, subject: Subject, way: Way, work: Work, repetitions: usize) -> Result<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(executable()?)
        .args([CHILD, "--database", &data.url, "--repetitions", &repetitions.to_string()])
        .args(["--subject", &word(subject)])
        .args(["--way", &word(way)])
        .args(["--work", &word(work)])
        .stdin(Stdio::null())
        .output()
        .await?;
    let text = String::from_utf8_lossy(&output.stderr);
    match collected(&text) {
        Some(instructions) if output.status.success() => Ok(instructions),
        _ => Err(format!("valgrind failed for {} ({}): {text}", subject.label(way), output.status).into()),
    }
}

/// This program: where Linux says which it is, also after it was built anew.
fn executable() -> Result<PathBuf> {
    let running = PathBuf::from(format!("/proc/{}/exe", std::process::id()));
    Ok(if running.exists() { running } else { std::env::current_exe()? })
}

/// A value as the command line takes it.
fn word(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// What callgrind says at its end.
fn collected(text: &str) -> Option<f64> {
    let (_, count) = text.lines().find_map(|line| line.split_once("Collected : "))?;
    count.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_of_callgrind() {
        let text = "==7== Events    : Ir\n==7== Collected : 1234567\n==7==\n==7== I   refs:      1,234,567\n";
        assert_eq!(collected(text), Some(1_234_567.0));
        assert_eq!(collected("==7== Command: nothing"), None);
    }
}
