//! Who uses a connection that its owner has alone: any number of single statements, or one transaction that an insert
//! of many rows has begun, of which they must not become part.

use std::sync::atomic::{
    AtomicU32,
    Ordering::{Acquire, Relaxed, Release},
};

/// How many single statements are under way, or [`ALONE`].
#[derive(Default)]
pub(crate) struct Turns(AtomicU32);

const ALONE: u32 = u32::MAX;

/// A single statement is under way until this is dropped.
pub(crate) struct Turn<'t>(&'t Turns);

/// Nothing else is under way until this is dropped.
pub(crate) struct Alone<'t>(&'t Turns);

impl Turns {
    /// For a single statement. `None` while somebody is alone.
    pub(crate) fn take(&self) -> Option<Turn<'_>> {
        let join = |users| Some(users).filter(|&users| users < ALONE - 1).map(|users| users + 1);
        self.0.fetch_update(Acquire, Relaxed, join).is_ok().then(|| Turn(self))
    }

    /// `None` while anything is under way.
    pub(crate) fn take_alone(&self) -> Option<Alone<'_>> {
        self.0.compare_exchange(0, ALONE, Acquire, Relaxed).is_ok().then(|| Alone(self))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Release);
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        self.0.0.store(0, Release);
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;

    #[test]
    fn many_take_their_turn_at_once_or_one_is_alone() {
        let turns = Turns::default();
        let (one, other) = (turns.take(), turns.take());
        assert!(one.is_some() && other.is_some() && turns.take_alone().is_none());
        drop(one);
        assert!(turns.take_alone().is_none());
        drop(other);
        let alone = turns.take_alone();
        assert!(alone.is_some() && turns.take_alone().is_none() && turns.take().is_none());
        drop(alone);
        assert!(turns.take().is_some());
        assert!(turns.take_alone().is_some(), "what was refused has left no trace");
    }
}
