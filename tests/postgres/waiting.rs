//! Who waits for a connection: behind slow statements, a server that refuses, and runtimes that end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tenantry_tests::{Customer, CustomerChanges};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use crate::interrupt::poll_at_most;
use crate::locked::{are_blocked, unlock, with_locked_rows};
use crate::session::Session;
use crate::stage::Stage;

const PROMPTLY: Duration = Duration::from_secs(15);

#[tokio::test]
async fn a_transaction_does_not_wait_for_a_slow_statement() {
    let (stage, holder) = with_locked_rows().await;
    let db = stage.pool_of(2).await;
    let acme = Customer::repository().for_tenant(&stage.acme);
    let globex = Customer::repository().for_tenant(&stage.globex);
    let ended = AtomicBool::new(false);

    // These keep every connection busy, and one is held up by the lock.
    let blocked = acme.find(1).fetch_one(&db);
    let busy = join_all((0..16).map(|_| async {
        while !ended.load(Ordering::Relaxed) {
            assert_eq!(globex.find(1).fetch_one(&db).await.unwrap().name, "globex 1");
        }
    }));
    let begins = async {
        stage.wait_until(&are_blocked(1)).await;
        for _ in 0..10 {
            drop(timeout(PROMPTLY, db.begin()).await.expect("it waits for the blocked statement").unwrap());
        }
        ended.store(true, Ordering::Relaxed);
        unlock(&holder).await;
    };
    let (found, _, ()) = tokio::join!(blocked, busy, begins);
    assert_eq!(found.unwrap().name, "acme 1");
}

#[tokio::test]
async fn a_server_that_refuses_more_connections_is_served_by_those_there_are() {
    let stage = Stage::with_rows().await;
    let role = format!("few_{}", stage.database_name());
    stage.execute(&format!("create role {role} login connection limit 2; grant usage on schema acme to {role}")).await;
    stage.execute(&format!("grant select on acme.customer to {role}")).await;
    let url = stage.url().replace("postgres@", &format!("{role}@"));
    let db = tenantry::Database::options().pool_size(10).connect(&url).await.unwrap();
    let customers = Customer::repository().for_tenant(&stage.acme);

    let transactions = (0..200).map(|_| async {
        let transaction = db.begin().await?;
        let found = customers.find(1).fetch_one(&transaction).await?;
        transaction.commit().await?;
        Ok::<_, tenantry::Error>(found.name)
    });
    for name in join_all(transactions).await {
        assert_eq!(name.unwrap_or_else(|error| panic!("{error}")), "acme 1");
    }
    db.close();
    stage.wait_until(&format!("select not exists (select from pg_stat_activity where usename = '{role}')")).await;
    stage.execute(&format!("drop owned by {role}; drop role {role}")).await;
}

#[test]
fn what_a_runtime_left_under_way_is_not_lost_to_the_next() {
    let first = Runtime::new().unwrap();
    let (stage, db) = first.block_on(async {
        let stage = Stage::with_rows().await;
        let db = stage.pool_of(2).await;
        (stage, db)
    });
    let customers = Customer::repository().for_tenant(&stage.acme);
    first.block_on(async {
        // Given up in the middle, shared and alone, and not yet settled when the runtime ends.
        drop(poll_at_most(1, customers.find(1).fetch_one(&db)).await);
        drop(poll_at_most(1, customers.all().fetch_all(&db)).await);
        let transaction = db.begin().await.unwrap();
        drop(poll_at_most(1, customers.delete(1).execute(&transaction)).await);
    });
    drop(first);

    let next = Runtime::new().unwrap();
    next.block_on(async {
        for _ in 0..3 {
            let served = timeout(PROMPTLY, customers.all().count().fetch_one(&db));
            assert_eq!(served.await.expect("places are lost").unwrap(), 5);
            let alone = async { (db.begin().await.unwrap(), db.connection().await.unwrap()) };
            drop(timeout(PROMPTLY, alone).await.expect("places are lost"));
        }
    });
}

#[test]
fn a_runtime_may_end_with_any_number_of_tasks_that_wait() {
    let runtime = Runtime::new().unwrap();
    let (stage, db) = runtime.block_on(async {
        let stage = Stage::with_rows().await;
        let db = stage.pool_of(2).await;
        (stage, db)
    });
    for _ in 0..10_000 {
        let db = db.clone();
        runtime.spawn(async move { db.connection().await.map(std::mem::forget) });
    }
    runtime.block_on(tokio::task::yield_now());
    drop(runtime);
    drop(stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_dropped_outside_of_the_runtime_is_the_next_ones() {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let transaction = db.begin().await.unwrap();
    customers.update(1, CustomerChanges::default().credit(1)).execute(&transaction).await.unwrap();
    let dropped = async { std::thread::spawn(move || drop(transaction)).join().unwrap() };
    let (found, ()) = tokio::join!(customers.find(1).fetch_one(&db), dropped);
    assert_eq!(found.unwrap().credit, 10, "it was rolled back");
}
