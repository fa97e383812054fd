//! Who waits for a connection, and what each gets.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::places::{Choice, Ended, Home, Places, Usable};
use crate::error::Error;
use crate::wire::Wire;

/// After a connection could not be made, none is made beyond need for so long.
const GROWTH_PAUSE: Duration = Duration::from_secs(1);

pub(super) struct State {
    pub(super) places: Places<Arc<Wire>>,
    /// Those who wait, each kind in the order in which they came.
    sharers: VecDeque<Waiter>,
    borrowers: VecDeque<Waiter>,
    arrivals: u64,
    growth_failed: Option<Instant>,
    /// What is to be started once the lock is released: it could end, and lock again, at once.
    pub(super) errands: Vec<Errand>,
    pub(super) closed: bool,
}

/// What takes time.
pub(super) enum Errand {
    Connect { place: usize },
    Expire { index: usize, wire: Arc<Wire> },
}

struct Waiter {
    wish: Wish,
    arrival: u64,
    answer: oneshot::Sender<Result<Granted, Error>>,
}

/// What a connection is wanted for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wish {
    /// One statement, beside others.
    Share(Home),
    /// Whatever its owner does on it.
    Own,
}

/// A connection for somebody.
pub(super) struct Granted {
    pub(super) index: usize,
    pub(super) wire: Arc<Wire>,
}

impl State {
    pub(super) fn new(size: usize, sharing: bool) -> Self {
        Self {
            places: Places::new(size, sharing),
            sharers: VecDeque::new(),
            borrowers: VecDeque::new(),
            arrivals: 0,
            growth_failed: None,
            errands: Vec::new(),
            closed: false,
        }
    }

    /// What can be had at once, where nobody has waited for it before.
    pub(super) fn try_take(&mut self, wish: Wish) -> Option<Granted> {
        if self.queue(wish).is_empty() { self.take(wish) } else { None }
    }

    /// Waits behind the others.
    pub(super) fn wait(&mut self, wish: Wish) -> oneshot::Receiver<Result<Granted, Error>> {
        let (answer, granted) = oneshot::channel();
        self.arrivals += 1;
        let waiter = Waiter { wish, arrival: self.arrivals, answer };
        self.queue(wish).push_back(waiter);
        self.returned();
        granted
    }

    fn queue(&mut self, wish: Wish) -> &mut VecDeque<Waiter> {
        match wish {
            Wish::Share(_) => &mut self.sharers,
            Wish::Own => &mut self.borrowers,
        }
    }

    /// Takes a connection, if there is one.
    fn take(&mut self, wish: Wish) -> Option<Granted> {
        let index = match wish {
            Wish::Share(home) => {
                let Choice { taken, grow } = self.places.share(home);
                if taken.is_some() && grow.is_some() {
                    self.grow_beyond_need(grow);
                }
                taken?
            }
            Wish::Own => self.places.lend()?,
        };
        Some(Granted { index, wire: Arc::clone(self.places.connection(index)?) })
    }

    /// A connection can do more than before.
    pub(super) fn returned(&mut self) {
        if self.closed {
            self.places.remove_idle();
            self.sharers.clear();
            self.borrowers.clear();
        } else if !self.sharers.is_empty() || !self.borrowers.is_empty() {
            self.serve();
        }
    }

    /// Gives those who wait what there is, the earlier one first, and has connections made for the others.
    fn serve(&mut self) {
        loop {
            let wishes = self.wishes();
            if !wishes.into_iter().flatten().any(|wish| self.serve_first(wish)) {
                break;
            }
        }
        self.places.promise(self.borrowers.len().saturating_sub(self.places.connecting()));
        let is_refused = self.growth_failed.is_some_and(|failed| failed.elapsed() < GROWTH_PAUSE);
        if is_refused && self.places.connections() > 0 {
            // Those that there are come free.
            return;
        }
        for connecting in self.places.connecting()..self.sharers.len() + self.borrowers.len() {
            let waiter = self.sharers.get(connecting).or(self.borrowers.front());
            let place = match waiter.map_or(Wish::Own, |waiter| waiter.wish) {
                Wish::Share(home) => self.places.empty_for(home),
                Wish::Own => self.places.empty_for_owner(),
            };
            let Some(place) = place else { break };
            self.connect(place);
        }
    }

    /// What the first of each queue wish for, the earlier one first.
    fn wishes(&mut self) -> [Option<Wish>; 2] {
        for queue in [&mut self.sharers, &mut self.borrowers] {
            while queue.front().is_some_and(|waiter| waiter.answer.is_closed()) {
                queue.pop_front();
            }
        }
        let (sharer, borrower) = (self.sharers.front(), self.borrowers.front());
        let is_earlier = |waiter: &&Waiter| sharer.is_none_or(|sharer| waiter.arrival < sharer.arrival);
        let wish = |waiter: &Waiter| waiter.wish;
        match borrower.filter(is_earlier) {
            Some(borrower) => [Some(borrower.wish), sharer.map(wish)],
            None => [sharer.map(wish), borrower.map(wish)],
        }
    }

    /// Serves the first of a queue, if there is a connection for it.
    fn serve_first(&mut self, wish: Wish) -> bool {
        let Some(granted) = self.take(wish) else { return false };
        let Some(waiter) = self.queue(wish).pop_front() else { return false };
        if let Err(Ok(Granted { index, wire })) = waiter.answer.send(Ok(granted)) {
            // It has just given up waiting.
            match wish {
                Wish::Share(_) => _ = self.places.end_share(index, &wire, Ended::Statement),
                Wish::Own => self.places.end_loan(index, &wire),
            }
        }
        true
    }

    fn connect(&mut self, place: usize) {
        self.places.begin_connecting(place);
        self.errands.push(Errand::Connect { place });
    }

    /// Has one more connection made, where making one did not fail lately.
    fn grow_beyond_need(&mut self, place: Option<usize>) {
        if let Some(place) = place
            && self.growth_failed.is_none_or(|failed| failed.elapsed() > GROWTH_PAUSE)
        {
            self.growth_failed = None;
            self.connect(place);
        }
    }

    /// Where there is no connection at all, the first of those who wait hears why none could be made.
    pub(super) fn connecting_failed(&mut self, error: Error) {
        self.growth_failed = Some(Instant::now());
        if self.places.connections() > 0 {
            return;
        }
        let [first, _] = self.wishes();
        if let Some(waiter) = first.and_then(|wish| self.queue(wish).pop_front()) {
            // Who has given up waiting misses nothing.
            let _ = waiter.answer.send(Err(error));
        }
    }
}

impl Usable for Arc<Wire> {
    fn is_usable(&self) -> bool {
        !self.is_beyond_recovery()
    }

    fn is_closed(&self) -> bool {
        self.client().is_closed()
    }

    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(self, other)
    }
}
