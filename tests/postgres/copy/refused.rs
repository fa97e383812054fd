//! A COPY that the server refuses as such: the driver would mix up the answers to all that follows.

use tenantry::{Connection, Database, Error, TransactionOptions};
use tenantry_tests::{Customer, Event, NewEvent};
use tokio_postgres::error::SqlState;

use super::{customer, customers};
use crate::interrupt::poll_at_most;
use crate::session::Session;
use crate::stage::Stage;

/// A role that reads acme's tables, and inserts events but no customers.
struct Reader {
    stage: Stage,
    role: String,
    db: Database,
}

impl Reader {
    async fn new() -> Self {
        let stage = Stage::with_rows().await;
        Session::prepare(&stage).await;
        let role = format!("reader_{}", stage.database_name());
        stage
            .execute(&format!(
                "create role {role} login; grant usage on schema acme, catalog to {role};
                 grant select on all tables in schema acme, catalog to {role}; grant insert on acme.event to {role}"
            ))
            .await;
        let url = stage.url().replace("postgres@", &format!("{role}@"));
        let db = Database::options().pool_size(1).connect(&url).await.unwrap();
        Self { stage, role, db }
    }

    async fn end(self) {
        self.db.close();
        let is_gone = format!("select not exists (select from pg_stat_activity where usename = '{}')", self.role);
        self.stage.wait_until(&is_gone).await;
        self.stage.execute(&format!("drop owned by {0}; drop role {0}", self.role)).await;
    }

    async fn copy(&self, executor: &dyn tenantry::Executor) -> Error {
        let customers = Customer::repository().for_tenant(&self.stage.acme);
        customers.copy_in([customer(1)]).execute(executor).await.unwrap_err()
    }

    /// What is asked for is what comes, or nothing does.
    async fn assert_own_answers(&self, connection: &Connection) {
        let customers = Customer::repository().for_tenant(&self.stage.acme);
        for id in [1, 2, 3, 4, 5, 1, 2, 3] {
            match customers.find(id).fetch_one(connection).await {
                Ok(customer) => assert_eq!((customer.id, customer.name), (id, format!("acme {id}"))),
                Err(error) => assert!(error.is_connection(), "{error}"),
            }
        }
    }
}

#[tokio::test]
async fn a_pool_goes_on_with_another_connection() {
    let reader = Reader::new().await;
    let customers_of_acme = Customer::repository().for_tenant(&reader.stage.acme);
    for _ in 0..5 {
        let pid = Session::of(&reader.db).await.pid;
        let error = reader.copy(&reader.db).await;
        assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{error}");
        assert!(!error.may_have_run());
        for id in [1, 2, 3, 4, 5] {
            assert_eq!(customers_of_acme.find(id).fetch_one(&reader.db).await.unwrap().id, id);
        }
        assert_ne!(Session::of(&reader.db).await.pid, pid);
    }
    assert_eq!(customers(&reader.stage).await, 5);
    reader.end().await;
}

#[tokio::test]
async fn a_connection_is_closed_before_anything_else_is_sent() {
    let reader = Reader::new().await;
    let connection = reader.db.connection().await.unwrap();
    let error = reader.copy(&connection).await;
    assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{error}");
    reader.assert_own_answers(&connection).await;
    assert!(Customer::repository().for_tenant(&reader.stage.acme).find(1).fetch_one(&connection).await.is_err());
    drop(connection);
    reader.assert_own_answers(&reader.db.connection().await.unwrap()).await;
    reader.end().await;
}

#[tokio::test]
async fn a_transaction_is_not_committed_by_another_answer() {
    let reader = Reader::new().await;
    let events = Event::repository().for_tenant(&reader.stage.acme);
    let transaction = reader.db.begin().await.unwrap();
    events.insert(NewEvent { what: "lost".to_owned() }).execute(&transaction).await.unwrap();
    reader.copy(&transaction).await;
    assert!(transaction.commit().await.unwrap_err().is_connection());

    let options = TransactionOptions::new().read_only();
    let transaction = reader.db.begin_with(options).await.unwrap();
    let error = events.copy_in([NewEvent { what: "lost".to_owned() }]).execute(&transaction).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::READ_ONLY_SQL_TRANSACTION), "{error}");
    assert!(transaction.commit().await.unwrap_err().is_connection());
    assert_eq!(reader.stage.texts("select what from acme.event").await, ["acme event"]);
    reader.end().await;
}

#[tokio::test]
async fn a_failed_transaction_takes_no_copy() {
    let stage = Stage::with_rows().await;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    let mut transaction = stage.db.begin().await.unwrap();
    let savepoint = transaction.savepoint().await.unwrap();
    customers_of_acme.copy_in([customer(1), customer(1)]).execute(&savepoint).await.unwrap_err();
    let error = customers_of_acme.copy_in([customer(1)]).execute(&savepoint).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::IN_FAILED_SQL_TRANSACTION), "{error}");
    savepoint.rollback().await.unwrap();
    assert_eq!(customers_of_acme.copy_in([customer(1)]).execute(&transaction).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    assert_eq!(customers(&stage).await, 6);
}

#[tokio::test]
async fn row_level_security_refuses_a_copy_in_and_filters_a_copy_out() {
    let reader = Reader::new().await;
    reader
        .stage
        .execute(
            "alter table acme.event enable row level security;
             create policy visible on acme.event using (what like 'acme%') with check (true);
             insert into acme.event values ('hidden')",
        )
        .await;
    let events = Event::repository().for_tenant(&reader.stage.acme);
    let error = events.copy_in([NewEvent { what: "acme".to_owned() }]).execute(&reader.db).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::FEATURE_NOT_SUPPORTED), "{error}");
    let read = events.copy_out().fetch_all(&reader.db).await.unwrap();
    assert_eq!(read, [Event { what: "acme event".to_owned() }]);
    reader.end().await;
}

#[tokio::test]
async fn one_that_is_given_up_before_its_refusal_mixes_nothing_up() {
    let reader = Reader::new().await;
    let events = Event::repository().for_tenant(&reader.stage.acme);
    let mut committed = 0;
    for polls in 1..20 {
        let connection = reader.db.connection().await.unwrap();
        drop(poll_at_most(polls, reader.copy(&connection)).await);
        reader.assert_own_answers(&connection).await;
        drop(connection);

        let transaction = reader.db.begin().await.unwrap();
        events.insert(NewEvent { what: "new".to_owned() }).execute(&transaction).await.unwrap();
        drop(poll_at_most(polls, reader.copy(&transaction)).await);
        if transaction.commit().await.is_ok() {
            committed += 1;
        }
        let events = reader.stage.texts("select count(*)::text from acme.event where what = 'new'").await;
        assert_eq!(events, [committed.to_string()], "after {polls} polls");

        drop(poll_at_most(polls, reader.copy(&reader.db)).await);
        reader.assert_own_answers(&reader.db.connection().await.unwrap()).await;
    }
    assert!(committed > 0, "nothing was dropped before the COPY was sent");
    reader.end().await;
}
