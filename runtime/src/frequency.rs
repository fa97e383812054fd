//! How often things were asked for lately, roughly and in little memory.

/// Counters shared by hashes. A count can be too high, by a collision in both of its places, and never too low.
pub(crate) struct Frequencies {
    counters: Box<[u8]>,
    counted: usize,
}

impl Frequencies {
    /// For telling apart a few times more things than `capacity`.
    pub(crate) fn for_capacity(capacity: usize) -> Self {
        Self { counters: vec![0; (8 * capacity).next_power_of_two()].into(), counted: 0 }
    }

    /// Counts one more, and answers how many there were.
    pub(crate) fn count(&mut self, hash: u64) -> u8 {
        self.counted += 1;
        let count = self.of(hash).saturating_add(1);
        for place in self.places(hash) {
            if let Some(counter) = self.counters.get_mut(place) {
                *counter = count.max(*counter);
            }
        }
        count
    }

    /// How many there were.
    pub(crate) fn of(&self, hash: u64) -> u8 {
        let counters = self.places(hash).map(|place| self.counters.get(place).copied().unwrap_or(0));
        counters.into_iter().min().unwrap_or(0)
    }

    /// So many were counted that the old ones should count less.
    pub(crate) fn is_full(&self) -> bool {
        self.counted >= self.counters.len()
    }

    pub(crate) fn halve(&mut self) {
        self.counted /= 2;
        self.counters.iter_mut().for_each(|counter| *counter /= 2);
    }

    #[expect(clippy::cast_possible_truncation, reason = "any bits of the hash will do")]
    fn places(&self, hash: u64) -> [usize; 2] {
        let mask = self.counters.len() - 1;
        [hash as usize & mask, (hash >> 32) as usize & mask]
    }
}
