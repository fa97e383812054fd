//! Lets the systems take turns, and reduces what they measured.

use std::sync::Arc;
use std::time::Duration;

use crate::Result;
use crate::statistics::{Latencies, median};
use crate::system::{Isolation, Name, Way};
use crate::workload::{Runner, Slice, Times, tidy};

/// A system that has its connections.
pub(crate) struct Contestant {
    /// Which one.
    pub(crate) name: Name,
    /// How it names tenants.
    pub(crate) way: Way,
    /// By which the server's processes are found.
    pub(crate) application: String,
    /// What runs its slices.
    pub(crate) runner: Arc<dyn Runner>,
}

/// What was measured for one system, each a median over the rounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// Operations a second.
    pub(crate) rate: f64,
    /// Of all operations, in microseconds.
    pub(crate) p50: f64,
    /// Of all operations, in microseconds.
    pub(crate) p99: f64,
    /// Of those that are not meant to take their time.
    pub(crate) fast_p99: f64,
    /// Of the task whose p99 is the highest.
    pub(crate) worst_task_p99: f64,
}

/// Measures one cell: rounds of slices, each system in turn; a figure for each contestant.
pub(crate) async fn cell(
    contestants: &[Contestant],
    slice: &Slice,
    isolation: Isolation,
    rounds: usize,
) -> Result<Vec<Figures>> {
    // Before the cells, rows were only found: what else a workload prepares has to be met here.
    let least = Duration::from_millis(if slice.workload.writes_to_many() { 200 } else { 30 });
    let warm_up = Slice { time: (slice.time / 4).max(least), ..slice.clone() };
    for contestant in contestants {
        run(contestant, &warm_up, isolation).await?;
    }
    let mut measured: Vec<Vec<Figures>> = contestants.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds {
        let slice = Slice { round: round + 1, ..slice.clone() };
        for turn in 0..contestants.len() {
            let next = (round + turn) % contestants.len();
            measured[next].push(reduce(run(&contestants[next], &slice, isolation).await?));
        }
    }
    Ok(measured.iter().map(|rounds| medians(rounds)).collect())
}

async fn run(contestant: &Contestant, slice: &Slice, isolation: Isolation) -> Result<Vec<Times>> {
    let times = contestant.runner.run(slice.clone()).await;
    let times =
        times.map_err(|error| format!("{} ({isolation}): {}", contestant.name, crate::with_sources(&*error)))?;
    tidy(&slice.data, slice.workload, isolation).await?;
    Ok(times)
}

/// The figures of one slice.
fn reduce(tasks: Vec<Times>) -> Figures {
    let mut rate = 0.0;
    let mut worst_task_p99 = 0.0_f64;
    let (mut all, mut fast) = (Vec::new(), Vec::new());
    for mut task in tasks {
        fast.extend_from_slice(&task.fast);
        task.fast.append(&mut task.slow);
        let busy: f64 = task.fast.iter().copied().map(f64::from).sum();
        rate += task.fast.len() as f64 * 1e9 / busy;
        all.extend_from_slice(&task.fast);
        let p99 = Latencies::new(task.fast).percentile(99.0);
        worst_task_p99 = worst_task_p99.max(p99.unwrap_or(f64::NAN));
    }
    let (all, fast) = (Latencies::new(all), Latencies::new(fast));
    Figures {
        rate,
        p50: all.percentile(50.0).unwrap_or(f64::NAN),
        p99: all.percentile(99.0).unwrap_or(f64::NAN),
        fast_p99: fast.percentile(99.0).unwrap_or(f64::NAN),
        worst_task_p99,
    }
}

fn medians(rounds: &[Figures]) -> Figures {
    let of = |figure: fn(&Figures) -> f64| median(rounds.iter().map(figure).collect());
    Figures {
        rate: of(|round| round.rate),
        p50: of(|round| round.p50),
        p99: of(|round| round.p99),
        fast_p99: of(|round| round.fast_p99),
        worst_task_p99: of(|round| round.worst_task_p99),
    }
}
