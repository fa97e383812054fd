//! Medians and percentiles.

use std::time::Duration;

/// The median of what the rounds measured; of an even number the lower one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}

/// Latencies in order, in nanoseconds.
#[derive(Debug, Default)]
pub(crate) struct Latencies(Vec<u32>);

impl Latencies {
    pub(crate) fn new(mut nanoseconds: Vec<u32>) -> Self {
        nanoseconds.sort_unstable();
        Self(nanoseconds)
    }

    /// In microseconds, by nearest rank; none if nothing was measured.
    pub(crate) fn percentile(&self, percent: f64) -> Option<f64> {
        let rank = (self.0.len() as f64 * percent / 100.0).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).map(|nanoseconds| f64::from(*nanoseconds) / 1000.0)
    }
}

/// In nanoseconds; what takes longer than four seconds counts as four.
pub(crate) fn nanoseconds(time: Duration) -> u32 {
    u32::try_from(time.as_nanos()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks() {
        let latencies = Latencies::new((1..=200).rev().map(|n| n * 1000).collect());
        assert_eq!(latencies.percentile(50.0), Some(100.0));
        assert_eq!(latencies.percentile(99.0), Some(198.0));
        assert_eq!(Latencies::new(vec![7000]).percentile(99.0), Some(7.0));
        assert_eq!(Latencies::default().percentile(50.0), None);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
    }
}
