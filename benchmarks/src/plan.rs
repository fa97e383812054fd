//! What the command line comes to.

use std::time::Duration;

use clap::ValueEnum;

use crate::arguments::Options;
use crate::keys::Distribution;
use crate::system::{Isolation, Name, Way};
use crate::workload::Workload;

/// What the options come to.
pub(crate) struct Plan<'o> {
    /// As they were given.
    pub(crate) options: &'o Options,
    /// Of a slice.
    pub(crate) time: Duration,
    /// How often each system has its turn.
    pub(crate) rounds: usize,
    /// The longest of a system, before a group of cells.
    pub(crate) warm_up: Duration,
    /// For `select`.
    pub(crate) tenants: Vec<usize>,
    /// In this order.
    pub(crate) isolations: Vec<Isolation>,
    /// For `select`.
    pub(crate) distributions: Vec<Distribution>,
}

impl<'o> Plan<'o> {
    /// Fills in what was not given.
    pub(crate) fn new(options: &'o Options) -> Self {
        let quick = options.quick;
        let milliseconds = |normal, short| Duration::from_millis(if quick { short } else { normal });
        let all = |given: &[usize], normal: &[usize], short: &[usize]| match given {
            [] if quick => short.to_vec(),
            [] => normal.to_vec(),
            given => given.to_vec(),
        };
        let isolations = match options.isolation.as_slice() {
            [] => vec![Isolation::Row, Isolation::Schema],
            given => given.to_vec(),
        };
        let distributions = match options.distribution.as_slice() {
            [] if quick => vec![Distribution::Uniform],
            [] => vec![Distribution::Uniform, Distribution::Zipf],
            given => given.to_vec(),
        };
        Self {
            options,
            time: options.seconds.unwrap_or(milliseconds(500, 50)),
            rounds: options.rounds.map_or(if quick { 3 } else { 5 }, |rounds| rounds as usize),
            warm_up: options.warm_up.unwrap_or(milliseconds(30_000, 1_000)),
            tenants: all(&options.tenants, &[1, 100, 2_000, 10_000], &[1, 2_000]),
            isolations,
            distributions,
        }
    }

    /// The numbers of tasks, if none were given.
    pub(crate) fn tasks(&self, normal: &[usize], quick: &[usize]) -> Vec<usize> {
        match self.options.tasks.as_slice() {
            [] if self.options.quick => quick.to_vec(),
            [] => normal.to_vec(),
            given => given.to_vec(),
        }
    }

    /// The systems that were asked for.
    pub(crate) fn names(&self) -> &[Name] {
        match self.options.systems.as_slice() {
            [] => Name::value_variants(),
            given => given,
        }
    }

    /// The systems that can do it, and how.
    pub(crate) fn entries(&self, workload: Workload, isolation: Isolation) -> Vec<(Name, Way)> {
        let names = match (self.options.systems.as_slice(), workload) {
            ([], Workload::Mixed) => &[Name::Deadpool, Name::Tenantry],
            _ => self.names(),
        };
        let takes_part = |name: Name| match workload {
            _ if isolation == Isolation::RowSecurity => name.supports(Way::RowSecurity),
            Workload::Insert(_) => true,
            Workload::InsertMany(_) | Workload::CopyIn(_) | Workload::CopyOut(_) => {
                matches!(name, Name::ByHand | Name::Tenantry)
            }
            _ => name != Name::ByHandPipelined,
        };
        let ways = isolation.ways().iter().copied();
        let pairs = ways.flat_map(|way| names.iter().map(move |name| (*name, way)));
        pairs.filter(|(name, way)| takes_part(*name) && name.supports(*way)).collect()
    }
}
