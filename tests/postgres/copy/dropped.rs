//! A COPY whose future is dropped, at any moment, writes nothing and leaves nothing.

use futures_util::{StreamExt, stream};
use tenantry::Database;
use tenantry_tests::{Customer, NewCustomer};

use super::{customer, customers};
use crate::cancellation::assert_nothing_runs;
use crate::interrupt::{Interrupt, poll_at_most};
use crate::random::Random;
use crate::session::Session;
use crate::stage::Stage;

/// Rows that come at once, or each after a while.
async fn copy(stage: &Stage, db: &Database, rows: i64, is_ready: bool) -> u64 {
    let customers = Customer::repository().for_tenant(&stage.acme);
    let rows = (0..rows).map(customer);
    let copied = match is_ready {
        true => customers.copy_in(rows).execute(db).await,
        false => {
            let rows = stream::iter(rows).then(async |row: NewCustomer| {
                tokio::task::yield_now().await;
                row
            });
            customers.copy_in(rows).execute(db).await
        }
    };
    copied.unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn nothing_is_written_wherever_it_is_dropped() {
    let stage = Stage::with_rows().await;
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let others = stage.rows_of_others().await;
    let mut written = 0;
    for polls in 1..60 {
        for (rows, is_ready) in [(3, true), (3, false), (5_000, true)] {
            let copied = poll_at_most(polls, copy(&stage, &db, rows, is_ready)).await;
            Session::of(&db).await.assert_untouched(&new);
            match copied {
                Some(copied) => written += copied,
                // The end of its transaction may have been on its way.
                None if customers(&stage).await == 5 + rows => {}
                None => assert_eq!(customers(&stage).await, 5, "after {polls} polls of {rows} rows"),
            }
            stage.execute("delete from acme.customer where id >= 100").await;
        }
    }
    assert!(written > 0, "every COPY was dropped");
    assert_eq!(stage.rows_of_others().await, others);
    assert_nothing_runs(&stage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_written_whenever_it_is_dropped() {
    let stage = Stage::with_rows().await;
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(2).await;
    let mut random = Random::seeded(7);
    let (mut dropped, mut ended) = (0, 0);
    for _ in 0..150 {
        let rows = [1, 100, 20_000][random.below(3) as usize];
        let interrupt = Interrupt::random(&mut random);
        let copied = interrupt.run(copy(&stage, &db, rows, random.below(2) == 0)).await;
        let sessions = [db.connection().await.unwrap(), db.connection().await.unwrap()];
        for session in &sessions {
            Session::of(session).await.assert_untouched(&new);
        }
        match copied {
            Some(copied) => {
                ended += 1;
                assert_eq!(customers(&stage).await, 5 + copied as i64);
            }
            None => {
                dropped += 1;
                // The end of its transaction may have been on its way, and until it has come the rows are not seen.
                assert_nothing_runs(&stage).await;
                assert!([5, 5 + rows].contains(&customers(&stage).await));
            }
        }
        stage.execute("delete from acme.customer where id >= 100").await;
    }
    assert!(dropped > 10 && ended > 10, "{dropped} were dropped, and {ended} ended");
}

#[tokio::test]
async fn a_held_connection_goes_on_after_a_copy_was_dropped_on_it() {
    let stage = Stage::with_rows().await;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    let (mut usable, mut closed) = (0, 0);
    for polls in 1..40 {
        let connection = stage.db.connection().await.unwrap();
        let copy = customers_of_acme.copy_in((0..5_000).map(customer)).execute(&connection);
        let copied = poll_at_most(polls, copy).await;
        for id in [1, 2, 3] {
            match customers_of_acme.find(id).fetch_one(&connection).await {
                Ok(found) => {
                    assert_eq!(found.id, id);
                    usable += 1;
                }
                // It was dropped between the COPY and the server's answer.
                Err(error) => {
                    assert!(error.is_connection(), "{error}");
                    closed += 1;
                }
            }
        }
        let left = customers(&stage).await;
        match copied {
            Some(copied) => assert_eq!(left, 5 + copied.unwrap() as i64),
            // The end of the rows may have been on its way.
            None => assert!([5, 5_005].contains(&left), "{left} after {polls} polls"),
        }
        stage.execute("delete from acme.customer where id >= 100").await;
    }
    assert!(usable > 10 * closed, "{usable} statements ran, and {closed} did not");
}
