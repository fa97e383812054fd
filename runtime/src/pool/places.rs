//! Which connection a statement takes: the choice alone, without anything that waits.
//!
//! Statements share connections, because nothing of theirs stays on one. Few connections carry many statements
//! at a time better than many carry few; a tenant whose schema names its tables keeps to two connections of its
//! own, where its statements are prepared and the server has its tables at hand. Whoever needs a connection
//! alone is lent one.

use std::time::{Duration, Instant};

/// A connection, as far as the choice asks.
pub(crate) trait Usable: Clone {
    /// Whether it can take another statement at all.
    fn is_usable(&self) -> bool;
    /// Whether it is gone, with all that was under way on it.
    fn is_closed(&self) -> bool;
    fn is_same(&self, other: &Self) -> bool;
}

/// With so many statements under way on a connection, the next one looks for another.
const SPREAD: u32 = 4;

/// The same for the connections of a tenant, because every other one knows less of it; more where all have many.
const SPREAD_OF_TENANT: u32 = 8;

/// A tenant leaves a connection that has so many times the average.
const CROWDED: usize = 3;

/// So many statements may be under way on a connection, when all have as many.
const MAX_DEPTH: u32 = 64;

/// A connection on which nothing has ended for so long has a slow statement at its head.
const STUCK: Duration = Duration::from_millis(50);

/// After so many statements without a slow one, twice as many may share a connection again.
const CALM: u32 = 1_024;

pub(crate) struct Places<C> {
    places: Vec<Place<C>>,
    /// How many statements may be under way on one connection now: one, while slow statements are about.
    depth: u32,
    max_depth: u32,
    /// Statements that ended since a slow one was seen.
    calm: u32,
    clock: fn() -> Instant,
}

struct Place<C> {
    connection: Option<C>,
    /// A connection is being made for it.
    connecting: bool,
    /// One owner has it alone.
    lent: bool,
    /// It takes no more statements, because somebody waits to have it alone.
    promised: bool,
    /// Statements under way.
    users: u32,
    /// Those of them that nobody waits for any more.
    abandoned: u32,
    /// It is known that they are all abandoned, and looked at again soon.
    expiring: bool,
    /// Those of them that prepare a statement for the next time: they are worth no waiting.
    preparing: u32,
    /// Statements that have ended, to see whether any does.
    landed: u32,
    watched: Option<Watched>,
}

/// A connection as it was when it was looked at.
struct Watched {
    landed: u32,
    since: Instant,
    is_stuck: bool,
}

/// Which connections suit a statement.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Home {
    /// The two that the hash of the tenant's schema points to.
    Of(u64),
    /// Any: the statement is the same for all tenants.
    Anywhere,
}

/// What has ended on a shared connection.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ended {
    Statement,
    /// One that nobody waited for any more.
    Abandoned,
    Preparing,
}

/// The place that was taken, and one where one more connection would help.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) taken: Option<usize>,
    pub(crate) grow: Option<usize>,
}

impl<C: Usable> Places<C> {
    /// `sharing` is whether statements share connections.
    pub(crate) fn new(size: usize, sharing: bool) -> Self {
        let max_depth = if sharing { MAX_DEPTH } else { 1 };
        let places = std::iter::repeat_with(Place::empty).take(size).collect();
        Self { places, depth: max_depth, max_depth, calm: 0, clock: Instant::now }
    }

    pub(crate) fn connections(&self) -> usize {
        self.places.iter().filter(|place| place.connection.is_some()).count()
    }

    pub(crate) fn connecting(&self) -> usize {
        self.places.iter().filter(|place| place.connecting).count()
    }

    /// A connection that carries one more statement.
    pub(crate) fn share(&mut self, home: Home) -> Choice {
        let size = self.places.len();
        let mut now = None;
        let mut grow = None;
        match home {
            Home::Of(hash) => {
                for index in own_places(hash, size) {
                    if self.take_share(index, SPREAD_OF_TENANT, &mut now)
                        || self.take_share(index, self.crowd(), &mut now)
                    {
                        return Choice { taken: Some(index), grow };
                    }
                    grow = grow.or_else(|| self.is_empty(index).then_some(index));
                }
            }
            // The first that has few statements, so that one task alone stays on one connection.
            Home::Anywhere => {
                for index in 0..self.places_for_all() {
                    if self.take_share(index, SPREAD, &mut now) {
                        return Choice { taken: Some(index), grow };
                    }
                    grow = grow.or_else(|| self.is_empty(index).then_some(index));
                }
            }
        }
        // A connection that would suit better is made meanwhile.
        let least = self.least_loaded(self.places_for_all(), &mut now).or_else(|| self.least_loaded(size, &mut now));
        let taken = least.filter(|&index| self.take_share(index, u32::MAX, &mut now));
        Choice { taken, grow }
    }

    /// A connection that nobody uses, to be had alone.
    pub(crate) fn lend(&mut self) -> Option<usize> {
        // From the far end, where statements come last.
        for (index, place) in self.places.iter_mut().enumerate().rev() {
            place.drop_unusable();
            if place.connection.is_some() && !place.lent && place.users == 0 {
                place.lent = true;
                place.promised = false;
                return Some(index);
            }
        }
        None
    }

    /// The connection of a place that was taken.
    pub(crate) fn connection(&self, index: usize) -> Option<&C> {
        self.places.get(index)?.connection.as_ref()
    }

    /// A statement has ended. Answers whether only abandoned ones are under way now, and that was not yet known.
    pub(crate) fn end_share(&mut self, index: usize, connection: &C, what: Ended) -> bool {
        if self.depth < self.max_depth {
            self.calm += 1;
            if self.calm >= CALM {
                self.calm = 0;
                self.depth = self.max_depth.min(self.depth * 2);
            }
        }
        let Some(place) = self.place_of(index, connection) else { return false };
        place.users = place.users.saturating_sub(1);
        place.landed = place.landed.wrapping_add(1);
        match what {
            Ended::Statement => {}
            Ended::Abandoned => place.abandoned = place.abandoned.saturating_sub(1),
            Ended::Preparing => place.preparing = place.preparing.saturating_sub(1),
        }
        place.begin_to_expire()
    }

    /// Nobody waits for a statement any more that is still under way. Answers whether that is so for all there, and
    /// was not yet known.
    pub(crate) fn abandon_share(&mut self, index: usize, connection: &C) -> bool {
        self.place_of(index, connection).is_some_and(|place| {
            place.abandoned += 1;
            place.begin_to_expire()
        })
    }

    /// Takes a connection out if all that is under way there is abandoned still: ending that harms nobody.
    pub(crate) fn remove_abandoned(&mut self, index: usize, connection: &C) -> bool {
        match self.place_of(index, connection) {
            Some(place) if place.is_abandoned() => {
                *place = Place::empty();
                true
            }
            Some(place) => {
                place.expiring = false;
                false
            }
            None => false,
        }
    }

    /// Gives back what was lent.
    pub(crate) fn end_loan(&mut self, index: usize, connection: &C) {
        if let Some(place) = self.place_of(index, connection) {
            place.lent = false;
            place.drop_unusable();
        }
    }

    /// Takes a connection out, whatever is under way on it.
    pub(crate) fn remove(&mut self, index: usize, connection: &C) {
        if let Some(place) = self.place_of(index, connection) {
            *place = Place::empty();
        }
    }

    /// Takes out all connections that nobody uses.
    pub(crate) fn remove_idle(&mut self) {
        for place in self.places.iter_mut().filter(|place| !place.lent && place.users == 0) {
            *place = Place::empty();
        }
    }

    /// Keeps statements off as many connections as there are owners waiting for one. A slow statement may hold one up
    /// for long, however few wait there: such a promise moves on.
    pub(crate) fn promise(&mut self, waiting: usize) {
        let mut promised = 0;
        if self.places.iter().any(|place| place.promised) {
            let now = (self.clock)();
            for place in self.places.iter_mut().filter(|place| place.promised) {
                let is_slow = place.users > 0 && !matches!(place.watch(now), Progress::Some);
                place.promised = !is_slow && promised < waiting;
                promised += usize::from(place.promised);
            }
        }
        for _ in promised..waiting.min(self.places.len()) {
            let free =
                self.places.iter_mut().filter(|place| place.connection.is_some() && !place.lent && !place.promised);
            match free.min_by_key(|place| (place.is_stuck(), place.users)) {
                Some(place) => place.promised = true,
                None => break,
            }
        }
    }

    /// A connection is being made for an empty place.
    pub(crate) fn begin_connecting(&mut self, index: usize) {
        if let Some(place) = self.places.get_mut(index) {
            place.connecting = true;
        }
    }

    pub(crate) fn end_connecting(&mut self, index: usize, connection: Option<C>) {
        if let Some(place) = self.places.get_mut(index) {
            *place = Place { connection, ..Place::empty() };
        }
    }

    /// One more statement of an owner who shares a connection already, however many are under way there.
    pub(crate) fn share_again(&mut self, index: usize, connection: &C) -> bool {
        self.place_of(index, connection).is_some_and(|place| {
            place.users += 1;
            true
        })
    }

    /// A statement is to be prepared on a connection that carries it already, which is not lent until it is.
    pub(crate) fn begin_preparing(&mut self, index: usize, connection: &C) -> bool {
        self.place_of(index, connection).is_some_and(|place| {
            place.users += 1;
            place.preparing += 1;
            true
        })
    }

    /// Where a connection may be made for a statement that waits.
    pub(crate) fn empty_for(&self, home: Home) -> Option<usize> {
        let own = match home {
            Home::Of(hash) => own_places(hash, self.places.len()).into_iter().find(|&index| self.is_empty(index)),
            Home::Anywhere => None,
        };
        own.or_else(|| self.places.iter().position(Place::is_empty))
    }

    /// Where a connection may be made for an owner that waits.
    pub(crate) fn empty_for_owner(&self) -> Option<usize> {
        self.places.iter().rposition(Place::is_empty)
    }

    /// More statements under way than on a connection that is not crowded.
    fn crowd(&self) -> u32 {
        let all: usize = self.places.iter().map(|place| place.users as usize).sum();
        u32::try_from(CROWDED * all / self.places.len()).unwrap_or(u32::MAX)
    }

    /// How many connections statements that are the same for all tenants use before they need more.
    fn places_for_all(&self) -> usize {
        self.places.len().div_ceil(2)
    }

    fn least_loaded(&mut self, places: usize, now: &mut Option<Instant>) -> Option<usize> {
        let mut least: Option<(u32, usize)> = None;
        for index in 0..places {
            if self.may_share(index, self.depth, now) {
                let users = self.places.get(index).map_or(u32::MAX, |place| place.users);
                least = Some(least.map_or((users, index), |least| least.min((users, index))));
            }
        }
        least.map(|(_, index)| index)
    }

    /// Adds a statement to a connection with fewer than `limit` under way, if it can take one more.
    fn take_share(&mut self, index: usize, limit: u32, now: &mut Option<Instant>) -> bool {
        let is_taken = self.may_share(index, limit, now);
        if let (true, Some(place)) = (is_taken, self.places.get_mut(index)) {
            place.users += 1;
        }
        is_taken
    }

    fn may_share(&mut self, index: usize, limit: u32, now: &mut Option<Instant>) -> bool {
        let Some(place) = self.places.get_mut(index) else { return false };
        let Some(connection) = &place.connection else { return false };
        if place.lent || place.promised {
            return false;
        }
        if !connection.is_usable() {
            place.drop_unusable();
            return false;
        }
        if place.users == 0 {
            place.watched = None;
            return true;
        }
        // One whose statements are all abandoned may be about to be ended.
        if place.is_abandoned() {
            return false;
        }
        match place.watch(*now.get_or_insert_with(self.clock)) {
            Progress::Stuck => return false,
            Progress::BecameStuck => {
                self.depth = 1;
                self.calm = 0;
                return false;
            }
            Progress::Some => {}
        }
        place.users < limit.min(self.depth)
    }

    fn is_empty(&self, index: usize) -> bool {
        self.places.get(index).is_some_and(Place::is_empty)
    }

    /// The place, where it still has this connection.
    fn place_of(&mut self, index: usize, connection: &C) -> Option<&mut Place<C>> {
        self.places.get_mut(index).filter(|place| place.is_of(connection))
    }
}

impl<C: Usable> Place<C> {
    fn empty() -> Self {
        Self {
            connection: None,
            connecting: false,
            lent: false,
            promised: false,
            users: 0,
            abandoned: 0,
            expiring: false,
            preparing: 0,
            landed: 0,
            watched: None,
        }
    }

    fn is_empty(&self) -> bool {
        self.connection.is_none() && !self.connecting
    }

    /// Whether nobody waits for anything that is under way.
    fn is_abandoned(&self) -> bool {
        self.abandoned > 0 && self.abandoned + self.preparing == self.users
    }

    fn begin_to_expire(&mut self) -> bool {
        let begins = self.is_abandoned() && !self.expiring;
        self.expiring |= begins;
        begins
    }

    fn is_of(&self, connection: &C) -> bool {
        self.connection.as_ref().is_some_and(|own| own.is_same(connection))
    }

    /// A connection that was lost, or is worn out and unused, gives way to a new one.
    fn drop_unusable(&mut self) {
        let is_over = |connection: &C| connection.is_closed() || (self.users == 0 && !connection.is_usable());
        if !self.lent && self.connection.as_ref().is_some_and(is_over) {
            *self = Self::empty();
        }
    }

    /// Whether nothing had ended for some time when it was looked at last, nor since.
    fn is_stuck(&self) -> bool {
        self.watched.as_ref().is_some_and(|watched| watched.is_stuck && watched.landed == self.landed)
    }

    /// Whether anything has ended since it was looked at.
    fn watch(&mut self, now: Instant) -> Progress {
        match &mut self.watched {
            Some(watched) if watched.landed == self.landed => {
                if watched.is_stuck {
                    Progress::Stuck
                } else if now.duration_since(watched.since) > STUCK {
                    watched.is_stuck = true;
                    Progress::BecameStuck
                } else {
                    Progress::Some
                }
            }
            _ => {
                self.watched = Some(Watched { landed: self.landed, since: now, is_stuck: false });
                Progress::Some
            }
        }
    }
}

enum Progress {
    Some,
    Stuck,
    BecameStuck,
}

/// The two places that a tenant's statements keep to.
#[expect(clippy::cast_possible_truncation, reason = "any bits of the hash will do")]
fn own_places(hash: u64, size: usize) -> [usize; 2] {
    let first = hash as usize % size;
    let others = (size - 1).max(1);
    [first, (first + 1 + (hash >> 32) as usize % others) % size]
}

#[cfg(test)]
mod tests;
