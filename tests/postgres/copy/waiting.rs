//! How long a COPY waits: for a server that does not answer, and for a source that takes its time.

use std::future::Future;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tenantry::{Database, Error};
use tenantry_tests::{Customer, Event, NewEvent};
use tokio::time::{Instant, sleep, timeout};

use super::{customer, customers};
use crate::locked::{are_blocked, unlock, with_locked_rows};
use crate::proxy::Proxy;
use crate::stage::Stage;

/// Whoever would wait for an answer that never comes waits for longer than this.
const PROMPTLY: Duration = Duration::from_secs(15);

const LIMIT: Duration = Duration::from_millis(200);

async fn assert_given_up<R>(answer: impl Future<Output = Result<R, Error>>) {
    let answer = timeout(PROMPTLY, answer).await.expect("an answer that never comes is waited for");
    let error = answer.map(drop).unwrap_err();
    assert!(error.is_statement_timeout() && error.may_have_run(), "{error}");
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let stage = Stage::with_rows().await;
    let proxy = Proxy::before(stage.url()).await;
    let db = proxy.pool(Database::options().pool_size(1).statement_timeout(LIMIT)).await;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    let heal = async || {
        proxy.go_on();
        assert_eq!(customers_of_acme.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
    };

    // Before it begins, while it is sent, and at its end.
    proxy.stop();
    assert_given_up(customers_of_acme.copy_in([customer(1)]).execute(&db)).await;
    heal().await;
    let rows = (0..).map(customer).inspect(|row| {
        if row.email == "new 30000" {
            proxy.stop();
        }
    });
    assert_given_up(customers_of_acme.copy_in(rows).execute(&db)).await;
    heal().await;
    let rows = (0..20).map(customer).inspect(|row| {
        if row.email == "new 19" {
            proxy.stop();
        }
    });
    assert_given_up(customers_of_acme.copy_in(rows).execute(&db)).await;
    heal().await;
    assert_eq!(customers(&stage).await, 5);

    proxy.stop();
    assert_given_up(customers_of_acme.copy_out().fetch_all(&db)).await;
    heal().await;
    stage.execute("insert into acme.event select repeat('x', 10000) from generate_series(1, 10000)").await;
    let mut rows = Event::repository().for_tenant(&stage.acme).copy_out().fetch(&db);
    rows.try_next().await.unwrap().unwrap();
    proxy.stop();
    assert_given_up(async {
        while rows.try_next().await?.is_some() {}
        Ok(())
    })
    .await;
    drop(rows);
    proxy.go_on();
    assert_eq!(timeout(PROMPTLY, customers_of_acme.copy_in([customer(1)]).execute(&db)).await.unwrap().unwrap(), 1);
}

#[tokio::test]
async fn a_blocked_copy_is_given_up_unless_it_may_be_slow() {
    let (stage, holder) = with_locked_rows().await;
    let db = Database::options().pool_size(2).statement_timeout(LIMIT).connect(stage.url()).await.unwrap();
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    assert_given_up(customers_of_acme.copy_in([customer(1)]).execute(&db)).await;
    assert_given_up(customers_of_acme.copy_out().fetch(&db).try_next()).await;
    stage.wait_until(&are_blocked(0)).await;

    let begun = Instant::now();
    let slow_in = customers_of_acme.copy_in([customer(1)]).slow().execute(&db);
    let slow_out = customers_of_acme.copy_out().slow().fetch_all(&db);
    let unlocks = async {
        stage.wait_until(&are_blocked(2)).await;
        sleep(3 * LIMIT).await;
        unlock(&holder).await;
    };
    let (copied, read, ()) = tokio::join!(slow_in, slow_out, unlocks);
    assert_eq!(copied.unwrap(), 1);
    assert!([5, 6].contains(&read.unwrap().len()));
    assert!(begun.elapsed() >= 3 * LIMIT);
}

#[tokio::test]
async fn a_source_and_a_reader_may_take_their_time() {
    let stage = Stage::with_rows().await;
    let db = Database::options().pool_size(1).statement_timeout(LIMIT).connect(stage.url()).await.unwrap();
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    let rows = stream::iter(0..3).then(async |number| {
        sleep(2 * LIMIT).await;
        customer(number)
    });
    assert_eq!(customers_of_acme.copy_in(rows).execute(&db).await.unwrap(), 3);
    let mut rows = customers_of_acme.copy_out().fetch(&db);
    for _ in 0..8 {
        sleep(LIMIT / 2).await;
        rows.try_next().await.unwrap().unwrap();
    }
    sleep(2 * LIMIT).await;
    assert_eq!(rows.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn a_long_copy_that_goes_on_is_not_given_up() {
    const LIMIT: Duration = Duration::from_secs(1);
    let stage = Stage::with_rows().await;
    stage
        .execute(
            "create function acme.wait() returns trigger language plpgsql as
                 $$ begin perform pg_sleep(0.01); return new; end $$;
             create trigger wait before insert on acme.event for each row execute function acme.wait()",
        )
        .await;
    let db = Database::options().pool_size(1).statement_timeout(LIMIT).connect(stage.url()).await.unwrap();
    let events = Event::repository().for_tenant(&stage.acme);
    let begun = Instant::now();
    // Large, so that few of them are on their way at a time.
    let rows = (0..200).map(|_| NewEvent { what: "x".repeat(16 * 1024) });
    assert_eq!(events.copy_in(rows).execute(&db).await.unwrap(), 200);
    assert!(begun.elapsed() > LIMIT * 3 / 2);
}
