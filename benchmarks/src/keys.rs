//! Which tenant and which row comes next: the same sequence for each system.

use std::fmt;
use std::sync::Arc;

use clap::ValueEnum;
use serde::Serialize;

use crate::data::ROWS;

const SEED: u64 = 0x7e4a_2715;

/// How often each tenant comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Distribution {
    /// All alike
    Uniform,
    /// The n-th one 1/n as often as the first
    Zipf,
}

impl fmt::Display for Distribution {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Uniform => "uniform",
            Self::Zipf => "zipf",
        })
    }
}

/// Tenants by chance, drawn by many tasks.
#[derive(Debug, Clone)]
pub(crate) struct Population {
    tenants: usize,
    /// For each tenant the sum of the weights up to it; none where they weigh the same.
    sums: Option<Arc<[f64]>>,
}

impl Population {
    pub(crate) fn new(tenants: usize, distribution: Distribution) -> Self {
        let sums = match distribution {
            Distribution::Uniform => None,
            Distribution::Zipf => {
                let weights = (1..=tenants).map(|rank| 1.0 / rank as f64);
                let sums = weights.scan(0.0, |sum, weight| {
                    *sum += weight;
                    Some(*sum)
                });
                Some(sums.collect())
            }
        };
        Self { tenants, sums }
    }

    /// The sequence of one task.
    pub(crate) fn keys(&self, round: usize, task: usize) -> Keys {
        let seed = SEED ^ ((round as u64) << 32) ^ task as u64;
        Keys { population: self.clone(), random: fastrand::Rng::with_seed(seed), task }
    }
}

/// One task's sequence of tenants and keys.
#[derive(Debug)]
pub(crate) struct Keys {
    population: Population,
    random: fastrand::Rng,
    task: usize,
}

impl Keys {
    /// The index of the next tenant.
    pub(crate) fn tenant(&mut self) -> usize {
        match &self.population.sums {
            None => self.random.usize(..self.population.tenants),
            Some(sums) => {
                let all = sums.last().copied().unwrap_or_default();
                let drawn = self.random.f64() * all;
                sums.partition_point(|sum| *sum <= drawn).min(self.population.tenants - 1)
            }
        }
    }

    /// The key of the next row.
    pub(crate) fn id(&mut self) -> i64 {
        self.random.i64(1..=ROWS)
    }

    /// The one key that this task updates, so that few tasks wait for each other's locks.
    pub(crate) fn own_id(&self) -> i64 {
        1 + i64::try_from(self.task).unwrap_or_default() % ROWS
    }

    /// True once in a hundred times.
    pub(crate) fn rarely(&mut self) -> bool {
        self.random.u8(..100) == 0
    }
}
