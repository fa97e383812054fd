//! The choice with connections that are none.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::cell::Cell;
use std::rc::Rc;
use std::sync::LazyLock;

use super::*;

/// A connection that can be worn out or lost.
#[derive(Clone)]
struct Fake(Rc<Cell<Condition>>);

#[derive(Clone, Copy, PartialEq)]
enum Condition {
    Usable,
    Worn,
    Lost,
}

impl Fake {
    fn new() -> Self {
        Self(Rc::new(Cell::new(Condition::Usable)))
    }
}

impl Usable for Fake {
    fn is_usable(&self) -> bool {
        self.0.get() == Condition::Usable
    }

    fn is_closed(&self) -> bool {
        self.0.get() == Condition::Lost
    }

    fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

thread_local! {
    static ELAPSED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// The clock of one test, which goes on when it is told to.
fn clock() -> Instant {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    *START + ELAPSED.get()
}

fn pass(time: Duration) {
    ELAPSED.set(ELAPSED.get() + time);
}

fn open(size: usize) -> Places<Fake> {
    let mut places = Places { clock, ..Places::new(size, true) };
    for index in 0..size {
        places.end_connecting(index, Some(Fake::new()));
    }
    places
}

fn share(places: &mut Places<Fake>, home: Home) -> Option<usize> {
    places.share(home).taken
}

fn end(places: &mut Places<Fake>, index: usize) {
    let connection = places.connection(index).unwrap().clone();
    places.end_share(index, &connection, Ended::Statement);
}

#[test]
fn one_task_stays_on_one_connection() {
    let mut places = open(8);
    for _ in 0..10 {
        assert_eq!(share(&mut places, Home::Anywhere), Some(0));
        end(&mut places, 0);
    }
}

#[test]
fn many_tasks_spread_over_half_of_the_connections() {
    let mut places = open(8);
    let mut users = [0; 8];
    for _ in 0..32 {
        users[share(&mut places, Home::Anywhere).unwrap()] += 1;
    }
    assert_eq!(users, [8, 8, 8, 8, 0, 0, 0, 0]);
}

#[test]
fn a_tenant_keeps_to_two_connections() {
    let mut places = open(8);
    let own = own_places(0x1234_5678_9abc_def0, 8);
    assert_ne!(own[0], own[1]);
    let mut users = [0; 8];
    for _ in 0..2 * SPREAD_OF_TENANT {
        users[share(&mut places, Home::Of(0x1234_5678_9abc_def0)).unwrap()] += 1;
    }
    assert_eq!(users[own[0]] + users[own[1]], 2 * SPREAD_OF_TENANT);
    assert!(!own.contains(&share(&mut places, Home::Of(0x1234_5678_9abc_def0)).unwrap()), "more spill over");
}

#[test]
fn many_tenants_keep_to_their_connections_however_many_tasks_there_are() {
    let mut places = open(8);
    let hashes = (0..256_u64).map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let at_home = hashes.filter(|&hash| own_places(hash, 8)[0] == share(&mut places, Home::Of(hash)).unwrap()).count();
    assert!(at_home > 230, "{at_home} of 256");
}

#[test]
fn every_pair_of_places_is_some_tenants_own() {
    for size in 2..10 {
        let mut seen = vec![false; size * size];
        for hash in 0..2_000_u64 {
            let [first, second] = own_places(hash.wrapping_mul(0x9e37_79b9_7f4a_7c15), size);
            assert_ne!(first, second);
            seen[first * size + second] = true;
        }
        assert_eq!(seen.iter().filter(|seen| **seen).count(), size * (size - 1));
    }
    assert_eq!(own_places(u64::MAX, 1), [0, 0]);
}

#[test]
fn a_connection_is_made_where_it_suits_and_another_serves_meanwhile() {
    let mut places: Places<Fake> = Places::new(4, true);
    let choice = places.share(Home::Of(7));
    assert_eq!(choice.taken, None);
    let [first, _] = own_places(7, 4);
    assert_eq!(places.empty_for(Home::Of(7)), Some(first));

    let other = (first + 1) % 4;
    places.end_connecting(other, Some(Fake::new()));
    let choice = places.share(Home::Of(7));
    assert_eq!((choice.taken, choice.grow), (Some(other), Some(first)));
    places.begin_connecting(first);
    assert_ne!(places.share(Home::Of(7)).grow, Some(first), "one is being made");
}

#[test]
fn what_is_lent_is_not_shared() {
    let mut places = open(2);
    assert_eq!(places.lend(), Some(1), "from the far end");
    assert_eq!(share(&mut places, Home::Anywhere), Some(0));
    assert_eq!(share(&mut places, Home::Of(1)), Some(0));
    assert_eq!(places.lend(), None, "what is shared is not lent");
    end(&mut places, 0);
    assert_eq!(places.lend(), None, "one statement is still under way");
    end(&mut places, 0);
    assert_eq!(places.lend(), Some(0));
    assert_eq!(share(&mut places, Home::Anywhere), None);
}

#[test]
fn who_waits_for_a_connection_alone_is_promised_one() {
    let mut places = open(2);
    for _ in 0..5 {
        share(&mut places, Home::Anywhere);
        share(&mut places, Home::Of(0));
    }
    places.promise(1);
    let promised = places.places.iter().position(|place| place.promised).unwrap();
    for _ in 0..20 {
        assert_ne!(share(&mut places, Home::Anywhere), Some(promised));
    }
    while places.places[promised].users > 0 {
        assert_eq!(places.lend(), None);
        end(&mut places, promised);
    }
    assert_eq!(places.lend(), Some(promised));

    places.promise(2);
    places.promise(0);
    assert!(!places.places.iter().any(|place| place.promised), "nobody waits any more");
}

#[test]
fn a_slow_statement_is_avoided_and_ends_the_sharing_for_a_while() {
    let mut places = open(2);
    assert_eq!(share(&mut places, Home::Anywhere), Some(0));
    assert_eq!(share(&mut places, Home::Anywhere), Some(0), "it is looked at for the first time");
    pass(STUCK + Duration::from_millis(1));
    assert_eq!(share(&mut places, Home::Anywhere), Some(1));
    assert_eq!(share(&mut places, Home::Anywhere), None, "no statement waits behind another now");
    end(&mut places, 1);

    for _ in 0..CALM * MAX_DEPTH.ilog2() {
        assert_eq!(share(&mut places, Home::Anywhere), Some(1), "the slow one is avoided still");
        end(&mut places, 1);
    }
    for _ in 0..MAX_DEPTH {
        assert_eq!(share(&mut places, Home::Anywhere), Some(1), "others share again");
    }
    end(&mut places, 0);
    assert_eq!(share(&mut places, Home::Anywhere), Some(0));
}

#[test]
fn a_busy_connection_that_gets_on_is_not_slow() {
    let mut places = open(1);
    share(&mut places, Home::Anywhere);
    for _ in 0..3 {
        assert_eq!(share(&mut places, Home::Anywhere), Some(0));
        pass(STUCK);
        end(&mut places, 0);
    }
    assert_eq!(share(&mut places, Home::Anywhere), Some(0));
}

#[test]
fn without_sharing_each_statement_has_a_connection_alone() {
    let mut places = Places::new(2, false);
    places.end_connecting(0, Some(Fake::new()));
    places.end_connecting(1, Some(Fake::new()));
    assert!(share(&mut places, Home::Anywhere).is_some() && share(&mut places, Home::Anywhere).is_some());
    assert_eq!(share(&mut places, Home::Anywhere), None);
}

#[test]
fn a_worn_connection_gives_way_once_it_is_unused() {
    let mut places = open(1);
    let worn = places.connection(0).unwrap().clone();
    assert_eq!(share(&mut places, Home::Anywhere), Some(0));
    worn.0.set(Condition::Worn);
    assert_eq!(share(&mut places, Home::Anywhere), None);
    assert_eq!(places.empty_for(Home::Anywhere), None, "a statement is still under way there");
    places.end_share(0, &worn, Ended::Statement);
    assert_eq!(share(&mut places, Home::Anywhere), None);
    assert_eq!(places.empty_for(Home::Anywhere), Some(0));
}

#[test]
fn a_lost_connection_gives_way_at_once() {
    let mut places = open(1);
    let lost = places.connection(0).unwrap().clone();
    assert_eq!(share(&mut places, Home::Anywhere), Some(0));
    lost.0.set(Condition::Lost);
    assert_eq!(share(&mut places, Home::Anywhere), None);
    assert_eq!(places.empty_for(Home::Anywhere), Some(0));

    places.end_connecting(0, Some(Fake::new()));
    assert_eq!(share(&mut places, Home::Anywhere), Some(0));
    places.end_share(0, &lost, Ended::Statement);
    assert_eq!(places.lend(), None, "what ends on the lost one is no end on the new one");
}

#[test]
fn the_statements_of_one_owner_count_one_by_one() {
    let mut places = open(4);
    assert_eq!(share(&mut places, Home::Anywhere), Some(0));
    let connection = places.connection(0).unwrap().clone();
    for _ in 1..SPREAD {
        assert!(places.share_again(0, &connection));
    }
    assert_eq!(share(&mut places, Home::Anywhere), Some(1), "the first carries as many as suit");
    end(&mut places, 0);
    assert_eq!(share(&mut places, Home::Anywhere), Some(0));
    places.remove(0, &connection);
    assert!(!places.share_again(0, &connection), "it is gone");
}

#[test]
fn what_is_only_being_prepared_keeps_nothing_alive() {
    let mut places = open(1);
    let connection = places.connection(0).unwrap().clone();
    share(&mut places, Home::Anywhere);
    assert!(places.begin_preparing(0, &connection));
    assert!(places.abandon_share(0, &connection), "the statement was given up");
    assert!(!places.end_share(0, &connection, Ended::Abandoned), "the preparation alone is left");
    assert_eq!(share(&mut places, Home::Anywhere), Some(0));
    end(&mut places, 0);
    assert_eq!(places.lend(), None, "what is prepared could hit a transaction");
    places.end_share(0, &connection, Ended::Preparing);
    assert_eq!(places.lend(), Some(0));
}

#[test]
fn only_what_is_abandoned_as_a_whole_may_be_ended() {
    let mut places = open(1);
    let connection = places.connection(0).unwrap().clone();
    share(&mut places, Home::Anywhere);
    share(&mut places, Home::Anywhere);
    assert!(!places.abandon_share(0, &connection), "another statement is waited for");
    assert!(!places.remove_abandoned(0, &connection));
    assert!(places.end_share(0, &connection, Ended::Statement), "now only the abandoned one is left");
    assert_eq!(share(&mut places, Home::Anywhere), None, "nobody joins it");
    assert!(places.remove_abandoned(0, &connection));
    assert_eq!(places.connections(), 0);

    places.end_connecting(0, Some(connection.clone()));
    share(&mut places, Home::Anywhere);
    assert!(places.abandon_share(0, &connection));
    assert!(!places.end_share(0, &connection, Ended::Abandoned), "it ended by itself");
    assert!(!places.remove_abandoned(0, &connection));
    assert_eq!(share(&mut places, Home::Anywhere), Some(0));
}

#[test]
fn a_promise_moves_on_from_a_slow_statement() {
    let mut places = open(2);
    share(&mut places, Home::Anywhere);
    for _ in 0..2 {
        share(&mut places, Home::Of(0));
        share(&mut places, Home::Of(1));
    }
    places.promise(1);
    let promised = |places: &Places<Fake>| places.places.iter().position(|place| place.promised);
    let first = promised(&places).unwrap();
    places.promise(1);
    assert_eq!(promised(&places), Some(first), "it is looked at for the first time");
    pass(STUCK + Duration::from_millis(1));
    places.promise(1);
    assert_eq!(promised(&places), Some(1 - first));
    places.promise(100);
    assert!(places.places.iter().all(|place| place.promised), "more than there are cannot be promised");
}
