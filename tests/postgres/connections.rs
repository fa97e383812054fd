//! Connections that are lost, refused, or not to be had in time.

use std::io::ErrorKind;
use std::time::Duration;

use tenantry::Database;
use tenantry_tests::{Customer, CustomerChanges};
use throwaway_postgres::by_hand;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::time::{Instant, timeout};

use crate::session::Session;
use crate::stage::Stage;

/// Waits until the server has ended a connection.
async fn wait_for_end(stage: &Stage, pid: i32) {
    stage.wait_until(&format!("select not exists (select from pg_stat_activity where pid = {pid})")).await;
}

#[tokio::test]
async fn a_killed_connection_fails_its_statement_and_the_pool_heals() {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let pid = Session::of(&db).await.pid;
    let holder = stage.another_client().await;
    holder.batch_execute(&by_hand("begin; lock table acme.customer")).await.unwrap();

    let blocked = customers.update(1, CustomerChanges::default().credit(1)).execute(&db);
    let kill = async {
        stage.wait_until(&format!("select wait_event_type = 'Lock' from pg_stat_activity where pid = {pid}")).await;
        stage.execute(&format!("select pg_terminate_backend({pid})")).await;
    };
    let (answer, ()) = tokio::join!(blocked, kill);
    let error = answer.unwrap_err();
    assert!(error.is_connection(), "{error}");

    holder.batch_execute("rollback").await.unwrap();
    let healed = Session::of(&db).await;
    assert_ne!(healed.pid, pid);
    assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().credit, 10);
}

#[tokio::test]
async fn connections_killed_while_idle_are_replaced() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(2).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let mut rounds_without_failure = 0;
    for _ in 0..10 {
        let (first, second) = (db.connection().await.unwrap(), db.connection().await.unwrap());
        drop((first, second));
        let others = "datname = current_database() and pid <> pg_backend_pid()";
        stage.execute(&format!("select pg_terminate_backend(pid) from pg_stat_activity where {others}")).await;
        stage.wait_until(&format!("select count(*) = 0 from pg_stat_activity where {others}")).await;

        // One whose end has not been seen yet fails, once.
        let mut failures = 0;
        while let Err(error) = customers.find(1).fetch_one(&db).await {
            assert!(error.is_connection(), "{error}");
            failures += 1;
            assert!(failures <= 2);
        }
        rounds_without_failure += u32::from(failures == 0);
    }
    assert!(rounds_without_failure > 0, "lost connections are lent out");
}

#[tokio::test]
async fn a_transaction_on_a_killed_connection_fails_and_writes_nothing() {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);

    let transaction = db.begin().await.unwrap();
    let pid = Session::of(&transaction).await.pid;
    customers.delete_many().all_rows().execute(&transaction).await.unwrap();
    stage.execute(&format!("select pg_terminate_backend({pid})")).await;
    wait_for_end(&stage, pid).await;
    let error = transaction.commit().await.unwrap_err();
    assert!(error.is_connection(), "{error}");
    assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 5);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_to_be() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = Database::connect(&format!("postgres://nobody:secret@127.0.0.1:{port}/app")).await.unwrap_err();
    assert!(error.is_connection(), "{error}");
    assert!(error.to_string().starts_with("cannot connect to the database"), "{error}");
    let cause = std::iter::successors(std::error::Error::source(&error), |error| error.source()).last().unwrap();
    let cause = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    assert_eq!(cause, Some(ErrorKind::ConnectionRefused), "the reason is kept");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let options = Database::options().connect_timeout(Duration::from_millis(20));
    let error = options.connect(&format!("postgres://nobody:secret@127.0.0.1:{port}/app")).await.unwrap_err();
    assert!(error.is_connection(), "{error}");
    assert_eq!(error.to_string(), "cannot connect to the database: it did not answer in time");
}

#[tokio::test]
async fn a_database_that_does_not_exist_is_named() {
    let stage = Stage::empty().await;
    let url = stage.url().replace(stage.database_name(), "no_such_database");
    let error = Database::connect(&url).await.unwrap_err();
    assert!(error.is_connection(), "{error}");
    assert!(error.to_string().contains("no_such_database"), "{error}");
    assert_eq!(error.code().map(tokio_postgres::error::SqlState::code), Some("3D000"));
}

#[tokio::test]
async fn a_pool_in_use_is_waited_for_in_vain_or_not() {
    let stage = Stage::with_rows().await;
    let options = Database::options().pool_size(1).acquire_timeout(Duration::from_millis(250));
    let db = options.connect(stage.url()).await.unwrap();
    let customers = Customer::repository().for_tenant(&stage.acme);

    let connection = db.connection().await.unwrap();
    for error in [
        customers.find(1).fetch_one(&db).await.map(drop).unwrap_err(),
        customers.all().fetch(&db).try_next().await.map(drop).unwrap_err(),
        db.begin().await.map(drop).unwrap_err(),
        db.connection().await.map(drop).unwrap_err(),
    ] {
        assert!(error.is_acquire_timeout() && !error.is_connection(), "{error}");
        assert_eq!(error.to_string(), "no connection came free within 250ms: all of the pool are in use");
    }
    assert_eq!(customers.find(1).fetch_one(&connection).await.unwrap().name, "acme 1");
    drop(connection);
    assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
}

#[tokio::test]
async fn whoever_waits_for_a_connection_gets_the_next_one() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let transaction = db.begin().await.unwrap();
    let waits = customers.find(1).fetch_one(&db);
    let ends = async { drop(transaction) };
    let begun = Instant::now();
    let (customer, ()) = tokio::join!(waits, ends);
    assert_eq!(customer.unwrap().name, "acme 1");
    assert!(begun.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn a_closed_handle_refuses_new_work_and_lets_the_old_end() {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    let db = stage.pool_of(2).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let transaction = db.begin().await.unwrap();
    let pid = Session::of(&transaction).await.pid;
    customers.delete(1).execute(&transaction).await.unwrap();

    db.clone().close();
    let error = customers.find(1).fetch_one(&db).await.unwrap_err();
    assert_eq!(error.to_string(), "the database handle is closed");
    assert!(db.begin().await.is_err());
    assert_eq!(customers.all().count().fetch_one(&transaction).await.unwrap(), 4);
    transaction.commit().await.unwrap();
    assert_eq!(stage.texts("select name from acme.customer where id = 1").await, [""; 0]);
    wait_for_end(&stage, pid).await;
}

#[tokio::test]
async fn a_pool_of_none_is_refused() {
    let error = Database::options().pool_size(0).connect("postgres://localhost/app").await.unwrap_err();
    assert_eq!(error.to_string(), "invalid connection options: a pool of no connections runs nothing");
    let waited = timeout(Duration::from_secs(15), Database::connect("postgres://localhost:1/app?bad=1")).await;
    let error = waited.expect("nothing is connected to").unwrap_err();
    assert_eq!(error.to_string(), "invalid connection options: the connection URL is malformed");
}

#[test]
fn a_handle_outlives_the_runtime_that_made_its_connections() {
    let runtime = || Runtime::new().unwrap();
    let first = runtime();
    let (stage, db) = first.block_on(async {
        let stage = Stage::with_rows().await;
        let db = stage.pool_of(2).await;
        (stage, db)
    });
    let customers = Customer::repository().for_tenant(&stage.acme);
    first.block_on(async {
        let transaction = db.begin().await.unwrap();
        customers.delete_many().all_rows().execute(&transaction).await.unwrap();
    });
    drop(first);
    for _ in 0..2 {
        let next = runtime();
        assert_eq!(next.block_on(customers.all().count().fetch_one(&db)).unwrap(), 5);
        drop(next.block_on(db.begin()).unwrap());
    }
}
