//! Answers that never come: connections that are lost, servers that fall silent, and what may have run.

use std::future::Future;
use std::time::Duration;

use futures_util::future::join_all;
use tenantry::{Database, DatabaseOptions, Error};
use tenantry_tests::{Customer, CustomerChanges, NewCustomer};
use tokio::time::{Instant, sleep, timeout};

use crate::locked::{are_blocked, blocked_backends, unlock, with_locked_rows};
use crate::proxy::Proxy;
use crate::session::Session;
use crate::stage::Stage;

/// Whoever would wait for an answer that never comes waits for longer than this.
const PROMPTLY: Duration = Duration::from_secs(15);

fn customer(number: i64) -> NewCustomer {
    NewCustomer { email: format!("c{number}@x"), name: format!("acme {number}"), phone: None, credit: None }
}

#[tokio::test]
async fn a_lost_connection_fails_all_that_is_under_way_on_it_and_nothing_else() {
    let (stage, holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);

    let statements = join_all((1..=5).map(|id| customers.find(id).fetch_one(&db)));
    let loss = async {
        stage.wait_until(&are_blocked(1)).await;
        let backend = blocked_backends(&stage).await[0];
        stage.execute(&format!("select pg_terminate_backend({backend})")).await;
        stage.wait_until(&format!("select not exists (select from pg_stat_activity where pid = {backend})")).await;
        unlock(&holder).await;
        backend
    };
    let (answers, backend) = tokio::join!(statements, loss);
    let mut lost = 0;
    for (id, answer) in (1..).zip(answers) {
        match answer {
            Err(error) => {
                assert!(error.is_connection() && error.may_have_run(), "{error}");
                lost += 1;
            }
            // On a busy machine some may not have been sent yet, because the first one seemed to be slow.
            Ok(customer) => assert_eq!(customer.id, id),
        }
    }
    assert!(lost >= 2, "only {lost} statements were under way");

    assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
    assert_ne!(Session::of(&db).await.pid, backend);
}

#[tokio::test]
async fn what_was_refused_or_not_sent_has_not_run() {
    let stage = Stage::with_rows().await;
    let options = Database::options().pool_size(1).acquire_timeout(Duration::from_millis(250));
    let db = options.connect(stage.url()).await.unwrap();
    let customers = Customer::repository().for_tenant(&stage.acme);

    let refused = customers.insert(customer(1)).execute(&db).await.unwrap_err();
    assert!(refused.is_unique_violation() && !refused.may_have_run(), "{refused}");

    let connection = db.connection().await.unwrap();
    let late = customers.delete(1).execute(&db).await.unwrap_err();
    assert!(late.is_acquire_timeout() && !late.may_have_run(), "{late}");
    drop(connection);

    db.close();
    let closed = customers.delete(1).execute(&db).await.unwrap_err();
    assert_eq!((closed.to_string(), closed.may_have_run()), ("the database handle is closed".to_owned(), false));
    assert_eq!(customers.all().count().fetch_one(&stage.db).await.unwrap(), 5);
}

/// A server that can fall silent, and a pool that does not wait for it for long.
async fn before_a_silent_server(connections: usize) -> (Stage, Proxy, Database) {
    let stage = Stage::with_rows().await;
    let proxy = Proxy::before(stage.url()).await;
    let db = proxy.pool(impatient(connections)).await;
    (stage, proxy, db)
}

fn impatient(connections: usize) -> DatabaseOptions {
    Database::options().pool_size(connections).statement_timeout(Duration::from_millis(200))
}

/// The answer is given up, and the error says so.
async fn assert_given_up<R>(answer: impl Future<Output = Result<R, Error>>) {
    let answer = timeout(PROMPTLY, answer).await.expect("an answer that never comes is waited for");
    let error = answer.map(drop).unwrap_err();
    assert!(error.is_statement_timeout() && error.may_have_run() && !error.is_connection(), "{error}");
}

/// When the server speaks again, the pool goes on.
async fn assert_healed(stage: &Stage, proxy: &Proxy, db: &Database) {
    proxy.go_on();
    let find = Customer::repository().for_tenant(&stage.acme).find(1);
    let found = timeout(PROMPTLY, find.fetch_one(db)).await.expect("the pool waits for a connection that is dead");
    assert_eq!(found.unwrap().name, "acme 1");
}

#[tokio::test]
async fn shared_statements_give_up_a_silent_server() {
    let (stage, proxy, db) = before_a_silent_server(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    // Also where the statement is prepared, and where it is in one message.
    for uses in [0, 3] {
        for _ in 0..uses {
            customers.find(1).fetch_one(&db).await.unwrap();
        }
        proxy.stop();
        let find = assert_given_up(customers.find(1).fetch_one(&db));
        tokio::join!(find, assert_given_up(customers.update(1, CustomerChanges::default().credit(1)).execute(&db)));
        assert_healed(&stage, &proxy, &db).await;
    }
    proxy.stop();
    assert_given_up(customers.all().fetch_all(&db)).await;
    assert_healed(&stage, &proxy, &db).await;
}

#[tokio::test]
async fn a_stream_that_does_not_begin_is_given_up() {
    let (stage, proxy, db) = before_a_silent_server(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    proxy.stop();
    assert_given_up(customers.all().fetch(&db).try_next()).await;
    assert_healed(&stage, &proxy, &db).await;
}

#[tokio::test]
async fn what_goes_on_beside_the_statements_gives_up_a_silent_server() {
    let (stage, proxy, db) = before_a_silent_server(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    // With another tenant's before it, the second use has its answer, and is just being prepared for the third.
    Customer::repository().for_tenant(&stage.globex).find(1).fetch_one(&db).await.unwrap();
    for _ in 0..2 {
        customers.find(1).fetch_one(&db).await.unwrap();
    }
    proxy.stop();
    let before = proxy.connections();
    let given_up = async {
        let deadline = Instant::now() + PROMPTLY;
        while proxy.connections() == before {
            assert!(Instant::now() < deadline, "a connection of which no answer comes is kept");
            sleep(Duration::from_millis(2)).await;
        }
        proxy.go_on();
    };
    let (connection, ()) = tokio::join!(db.connection(), given_up);
    assert_eq!(customers.find(1).fetch_one(&connection.unwrap()).await.unwrap().name, "acme 1");
}

#[tokio::test]
async fn a_transaction_gives_up_a_silent_server() {
    let (stage, proxy, db) = before_a_silent_server(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);

    let transaction = db.begin().await.unwrap();
    customers.delete(2).execute(&transaction).await.unwrap();
    proxy.stop();
    assert_given_up(customers.delete(1).execute(&transaction)).await;
    drop(transaction);
    assert_healed(&stage, &proxy, &db).await;

    proxy.stop();
    assert_given_up(db.begin()).await;
    assert_healed(&stage, &proxy, &db).await;

    let mut transaction = db.begin().await.unwrap();
    proxy.stop();
    assert_given_up(transaction.savepoint()).await;
    drop(transaction);
    assert_healed(&stage, &proxy, &db).await;
    assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 5);
}

#[tokio::test]
async fn an_end_of_a_transaction_gives_up_a_silent_server() {
    let (stage, proxy, db) = before_a_silent_server(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);

    let transaction = db.begin().await.unwrap();
    customers.delete(2).execute(&transaction).await.unwrap();
    proxy.stop();
    assert_given_up(transaction.rollback()).await;
    assert_healed(&stage, &proxy, &db).await;
    assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 5);

    let transaction = db.begin().await.unwrap();
    customers.delete(2).execute(&transaction).await.unwrap();
    proxy.stop();
    assert_given_up(transaction.commit()).await;
    assert_healed(&stage, &proxy, &db).await;
    // It may have arrived after all, or not: what is certain is that nothing of it stays open.
    stage.wait_until("select not exists (select from pg_stat_activity where datname = current_database() and state like 'idle in%')").await;
    let rows = customers.all().count().fetch_one(&db).await.unwrap();
    assert!(rows == 4 || rows == 5, "{rows} rows");
}

#[tokio::test]
async fn a_slow_statement_may_take_its_time_where_others_are_cancelled() {
    let (stage, holder) = with_locked_rows().await;
    let db = impatient(2).connect(stage.url()).await.unwrap();
    let customers = Customer::repository().for_tenant(&stage.acme);

    let others = async {
        stage.wait_until(&are_blocked(1)).await;
        let slow = blocked_backends(&stage).await;
        for _ in 0..2 {
            assert_given_up(customers.find(2).fetch_one(&db)).await;
            stage.wait_until(&are_blocked(1)).await;
            assert_eq!(blocked_backends(&stage).await, slow);
        }
        unlock(&holder).await;
    };
    let (slow, ()) = tokio::join!(customers.find(1).slow().fetch_one(&db), others);
    assert_eq!(slow.unwrap().name, "acme 1");
}
