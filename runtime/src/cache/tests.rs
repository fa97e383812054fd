//! The cache with statements that tell how many of them are kept.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "tests")]

use std::collections::HashMap;
use std::rc::Rc;

use super::*;

/// A statement that tells how many of it are kept.
type Prepared = Rc<()>;

fn key(pieces: &[Piece]) -> StatementKey<'_> {
    StatementKey::built(pieces, &[], Returning::Rows)
}

/// Asks for a statement as a connection does. Answers whether it was kept.
fn ask(cache: &mut StatementCache<Prepared>, number: u16, prepared: &mut u32) -> bool {
    let pieces = [Piece::Parameter(number)];
    let key = key(&pieces);
    if cache.get(&key).is_some() {
        return true;
    }
    if cache.admits(&key) {
        cache.insert(&key, Rc::new(()));
        *prepared += 1;
    }
    false
}

/// Numbers as if drawn at random, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// The n-th comes 1/n as often as the first.
    fn zipf(&mut self, count: u16) -> u16 {
        let sum: f64 = (1..=count).map(|n| 1.0 / f64::from(n)).sum();
        let mut rest = self.below(1 << 30) as f64 / f64::from(1 << 30) * sum;
        (1..=count)
            .find(|n| {
                rest -= 1.0 / f64::from(*n);
                rest < 0.0
            })
            .unwrap_or(count)
    }
}

/// Asks for many statements; answers the shares that were kept and that were prepared.
fn run(capacity: usize, asked: u32, mut next: impl FnMut(&mut Numbers) -> u16) -> (f64, f64) {
    let mut cache = StatementCache::new(capacity);
    let mut numbers = Numbers(7);
    let (mut kept, mut prepared) = (0, 0);
    for round in 0..2 * asked {
        if round == asked {
            (kept, prepared) = (0, 0); // warm from here on
        }
        kept += u32::from(ask(&mut cache, next(&mut numbers), &mut prepared));
    }
    (f64::from(kept) / f64::from(asked), f64::from(prepared) / f64::from(asked))
}

#[test]
fn what_fits_is_kept_and_prepared_once() {
    assert_eq!(run(256, 5_000, |numbers| numbers.below(250) as u16), (1.0, 0.0));
}

#[test]
fn a_statement_that_comes_once_is_not_prepared() {
    let mut cache = StatementCache::new(8);
    let mut prepared = 0;
    for number in 0..8 {
        assert!(!ask(&mut cache, number, &mut prepared));
    }
    assert_eq!(prepared, 0);
    assert!(!ask(&mut cache, 0, &mut prepared) && ask(&mut cache, 0, &mut prepared), "the third time it is there");
    assert_eq!(prepared, 1);
}

#[test]
fn more_tenants_than_places_do_not_push_each_other_out() {
    // Of 1,000 that come alike 256 can be kept, so about a quarter is found; a cache that keeps the latest
    // would prepare the others each time.
    let (kept, prepared) = run(256, 40_000, |numbers| numbers.below(1_000) as u16);
    assert!(kept > 0.22, "{kept}");
    assert!(prepared < 0.10, "{prepared}");
}

#[test]
fn what_comes_often_is_kept() {
    // The first 256 of 2,000 make 75 % here.
    let (kept, prepared) = run(256, 6_000, |numbers| numbers.zipf(2_000));
    assert!(kept > 0.68, "{kept}");
    assert!(prepared < 0.06, "{prepared}");
}

#[test]
fn many_that_come_once_push_nothing_out() {
    let mut cache = StatementCache::new(16);
    let mut prepared = 0;
    for number in (0..16).cycle().take(160) {
        ask(&mut cache, number, &mut prepared);
    }
    for number in 100..10_000 {
        ask(&mut cache, number, &mut prepared);
        ask(&mut cache, number % 16, &mut prepared);
    }
    assert!((0..16).all(|number| ask(&mut cache, number, &mut prepared)));
    assert!(prepared < 100, "{prepared}");
}

#[test]
fn what_was_used_long_ago_gives_way() {
    let mut cache = StatementCache::new(16);
    let mut prepared = 0;
    for number in (0..16).cycle().take(1_600) {
        ask(&mut cache, number, &mut prepared);
    }
    for number in (100..116).cycle().take(1_600) {
        ask(&mut cache, number, &mut prepared);
    }
    assert!((100..116).filter(|number| ask(&mut cache, *number, &mut prepared)).count() > 12);
}

#[test]
fn what_is_being_prepared_is_not_prepared_twice() {
    let mut cache = StatementCache::new(8);
    let pieces = [Piece::Schema { position: 0, logical: None }];
    assert!(!cache.admits(&key(&pieces)) && cache.admits(&key(&pieces)));
    assert!(cache.begin_preparing(&key(&pieces)) && !cache.begin_preparing(&key(&pieces)));
    assert!(!cache.admits(&key(&pieces)));
    cache.end_preparing(&key(&pieces), None);
    assert!(cache.admits(&key(&pieces)), "it did not succeed");
    assert!(cache.begin_preparing(&key(&pieces)));
    cache.end_preparing(&key(&pieces), Some(Rc::new(())));
    assert!(cache.get(&key(&pieces)).is_some() && !cache.begin_preparing(&key(&pieces)));
}

#[test]
fn what_has_to_be_prepared_is_kept_where_it_harms_nobody() {
    let mut cache = StatementCache::new(1);
    let (often, once) = ([Piece::Parameter(1)], [Piece::Parameter(2)]);
    cache.insert_if_worth(&key(&often), Rc::new(()));
    for _ in 0..10 {
        assert!(cache.get(&key(&often)).is_some());
    }
    cache.admits(&key(&once));
    cache.insert_if_worth(&key(&once), Rc::new(()));
    assert!(cache.get(&key(&often)).is_some() && cache.get(&key(&once)).is_none());
}

#[test]
fn what_falls_out_is_dropped_and_nothing_else() {
    let capacity = 8;
    let mut cache = StatementCache::new(capacity);
    let mut numbers = Numbers(1);
    let mut made: HashMap<u16, Prepared> = HashMap::new();
    for _ in 0..5_000 {
        let number = numbers.below(40) as u16;
        let pieces = [Piece::Parameter(number)];
        let key = key(&pieces);
        match (cache.get(&key), numbers.below(5)) {
            (Some(statement), 0) => {
                assert!(Rc::ptr_eq(&statement, &made[&number]));
                cache.remove_if(&key, |_| false);
                assert!(cache.get(&key).is_some());
                cache.remove_if(&key, |kept| Rc::ptr_eq(kept, &statement));
                assert!(cache.get(&key).is_none());
                cache.remove_if(&key, |_| true);
            }
            (Some(statement), _) => assert!(Rc::ptr_eq(&statement, &made[&number]), "another statement"),
            (None, _) => {
                let statement = Rc::new(());
                cache.insert(&key, Rc::clone(&statement));
                made.insert(number, statement);
            }
        }
        let kept = made.values().filter(|statement| Rc::strong_count(statement) > 1).count();
        assert_eq!(kept, cache.entries.len());
        assert!(kept <= capacity);
        assert_eq!(cache.table.len(), kept);
    }
}

#[test]
fn statements_that_differ_anywhere_are_others() {
    let text = [Piece::Text("SELECT 1"), Piece::Schema { position: 0, logical: None }];
    let (acme, globex) = (SchemaName::new("acme").unwrap(), SchemaName::new("globex").unwrap());
    let keys = [
        StatementKey::built(&text, &[], Returning::Rows),
        StatementKey::built(&text, &[], Returning::Count),
        StatementKey::built(&text, std::slice::from_ref(&acme), Returning::Rows),
        StatementKey::built(&text, std::slice::from_ref(&globex), Returning::Rows),
        StatementKey::built(&text[..1], &[], Returning::Rows),
    ];
    for (position, key) in keys.iter().enumerate() {
        for (other_position, other) in keys.iter().enumerate() {
            assert_eq!(key.owned().is(other), position == other_position);
            assert_eq!(key.hash() == other.hash(), position == other_position);
        }
    }
    let same = SchemaName::new("acme").unwrap();
    assert!(StatementKey::built(&text, std::slice::from_ref(&same), Returning::Rows).owned().is(&keys[2]));
}
