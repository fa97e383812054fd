//! A dropped statement that waits on the server is ended there, and nobody waits for it.

use std::time::Duration;

use futures_util::StreamExt;
use tenantry::{Database, TenantTable};
use tenantry_tests::{Customer, CustomerChanges};
use throwaway_postgres::by_hand;
use tokio::time::timeout;
use tokio_postgres::Client;

use crate::interrupt::poll_at_most;
use crate::session::Session;
use crate::stage::Stage;

/// Whoever would have to wait for a blocked statement waits for longer than this.
const PROMPTLY: Duration = Duration::from_secs(15);

/// A backend of this database waits for a lock.
const IS_BLOCKED: &str =
    "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";
/// None does.
const IS_NOT_BLOCKED: &str =
    "select not exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";

/// A stage on which another client has locked acme's customers, and does not let go.
async fn with_locked_rows() -> (Stage, Client) {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    let holder = stage.another_client().await;
    holder.batch_execute(&by_hand("begin; lock table acme.customer")).await.unwrap();
    (stage, holder)
}

/// Drops the future when its statement waits on the server.
async fn drop_when_blocked(stage: &Stage, statement: impl Future) {
    tokio::select! {
        _ = statement => panic!("the statement went through a lock"),
        () = stage.wait_until(IS_BLOCKED) => {}
    }
}

/// The next borrower of the only connection is served at once, and outside of any transaction.
async fn assert_served_promptly(db: &Database) {
    let session = timeout(PROMPTLY, Session::of(db)).await.expect("the next borrower waits");
    assert_eq!((&*session.isolation, session.has_written), ("read committed", false));
}

#[tokio::test]
async fn a_dropped_query_does_not_keep_the_next_borrower_waiting() {
    let (stage, _holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);

    drop_when_blocked(&stage, customers.find(1).fetch_one(&db)).await;
    assert_served_promptly(&db).await;
    stage.wait_until(IS_NOT_BLOCKED).await;
}

#[tokio::test]
async fn a_dropped_write_does_not_happen_later() {
    let (stage, holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);

    drop_when_blocked(&stage, customers.delete_many().all_rows().execute(&db)).await;
    assert_served_promptly(&db).await;
    stage.wait_until(IS_NOT_BLOCKED).await;
    holder.batch_execute("rollback").await.unwrap();
    assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 5);
}

#[tokio::test]
async fn a_dropped_stream_does_not_keep_the_next_borrower_waiting() {
    let (stage, _holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);

    let mut rows = customers.all().fetch(&db);
    drop_when_blocked(&stage, rows.next()).await;
    drop(rows);
    assert_served_promptly(&db).await;
    stage.wait_until(IS_NOT_BLOCKED).await;
}

#[tokio::test]
async fn a_dropped_transaction_gives_up_its_statement_and_its_work() {
    let (stage, _holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let acme = Customer::repository().for_tenant(&stage.acme);
    let globex = Customer::repository().for_tenant(&stage.globex);

    let work = async {
        let transaction = db.begin().await.unwrap();
        globex.delete_many().all_rows().execute(&transaction).await.unwrap();
        acme.update(1, CustomerChanges::default().credit(1)).execute(&transaction).await.unwrap();
    };
    drop_when_blocked(&stage, work).await;
    assert_served_promptly(&db).await;
    assert_eq!(globex.all().count().fetch_one(&db).await.unwrap(), 8);
    stage.wait_until(IS_NOT_BLOCKED).await;
    let backends = "select count(*) = 0 from pg_stat_activity
                    where datname = current_database() and state = 'idle in transaction (aborted)'";
    stage.wait_until(backends).await;
}

#[tokio::test]
async fn a_dropped_savepoint_and_commit_give_up_too() {
    let (stage, _holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let acme = Customer::repository().for_tenant(&stage.acme);

    let work = async {
        let mut transaction = db.begin().await.unwrap();
        let savepoint = transaction.savepoint().await.unwrap();
        acme.find(1).fetch_one(&savepoint).await.unwrap();
        savepoint.commit().await.unwrap();
        transaction.commit().await.unwrap();
    };
    drop_when_blocked(&stage, work).await;
    assert_served_promptly(&db).await;
    stage.wait_until(IS_NOT_BLOCKED).await;
}

#[tokio::test]
async fn a_held_connection_is_given_up_with_its_statement() {
    let (stage, _holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let connection = db.connection().await.unwrap();
    let acme = Customer::repository().for_tenant(&stage.acme);

    drop_when_blocked(&stage, acme.find(1).fetch_one(&connection)).await;
    drop(connection);
    assert_served_promptly(&db).await;
    stage.wait_until(IS_NOT_BLOCKED).await;
}

/// Two tables with a type of their own each, which the driver has to look up.
#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "tinted")]
struct Tinted {
    #[tenant_table(primary_key)]
    id: i32,
    tint: Tint,
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "shirt")]
struct Shirt {
    #[tenant_table(primary_key)]
    id: i32,
    size: Size,
}

#[derive(Debug, Clone, PartialEq, postgres_types::ToSql, postgres_types::FromSql)]
#[postgres(name = "tint", rename_all = "lowercase")]
enum Tint {
    Red,
}

#[derive(Debug, Clone, PartialEq, postgres_types::ToSql, postgres_types::FromSql)]
#[postgres(name = "size", rename_all = "lowercase")]
enum Size {
    Small,
}

#[tokio::test]
async fn a_dropped_preparation_does_not_spoil_the_connection_for_new_types() {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    stage
        .execute(
            "create type acme.tint as enum ('red'); create type acme.size as enum ('small');
             create table acme.tinted (id int primary key, tint acme.tint not null);
             create table acme.shirt (id int primary key, size acme.size not null);
             insert into acme.tinted values (1, 'red'); insert into acme.shirt values (1, 'small')",
        )
        .await;
    let tinted = Tinted::repository().for_tenant(&stage.acme);
    let shirts = Shirt::repository().for_tenant(&stage.acme);
    let customers = Customer::repository().for_tenant(&stage.acme);

    // A connection on which too much was pending is replaced; try until one was kept.
    for _ in 0..50 {
        let db = stage.pool_of(1).await;
        let pid = Session::of(&db).await.pid;
        assert_eq!(tinted.find(1).fetch_one(&db).await.unwrap().tint, Tint::Red);
        let connection = db.connection().await.unwrap();
        assert!(poll_at_most(1, customers.find(1).fetch_one(&connection)).await.is_none());
        drop(connection);
        if Session::of(&db).await.pid == pid {
            assert_eq!(shirts.find(1).fetch_one(&db).await.unwrap(), Shirt { id: 1, size: Size::Small });
            assert_eq!(tinted.find(1).fetch_one(&db).await.unwrap(), Tinted { id: 1, tint: Tint::Red });
            return;
        }
    }
    panic!("no connection survives a dropped preparation");
}
