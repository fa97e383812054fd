//! Behind PgBouncer in transaction mode, which gives each transaction another connection of the server.
//!
//! Where it is not installed these tests run on the server itself, also without a name on any statement.
#![expect(clippy::duplicate_mod, reason = "one list of tests, with a pooler and without")]

use std::collections::BTreeSet;
use std::ops::Deref;

use futures_util::future::join_all;
use postgres_types::{FromSql, ToSql};
use tenantry::{Database, TenantTable};
use tenantry_tests::{Customer, NewCustomer, NewOrderLine, OrderLine};
use throwaway_postgres::Bouncer;
use tokio::sync::OnceCell;
use tokio_postgres::SimpleQueryMessage;

use crate::cancellation::{assert_no_half_transactions, assert_nothing_runs, drop_at_random, tables};
use crate::interrupt::poll_at_most;
use crate::session::Session;
use crate::sharing::find_one_of_four;
use crate::stage::Stage as DirectStage;

#[path = "isolation/by_row.rs"]
mod by_row;
#[path = "isolation/by_schema.rs"]
mod by_schema;
#[path = "isolation/shared.rs"]
mod shared;
#[path = "isolation/tenant_keys.rs"]
mod tenant_keys;
#[path = "isolation/together.rs"]
mod together;

/// Connections of the server for each database.
const SERVER_CONNECTIONS: u32 = 2;

/// One for all tests.
async fn bouncer() -> Option<&'static Bouncer> {
    static SHARED: OnceCell<Option<Bouncer>> = OnceCell::const_new();
    SHARED.get_or_init(|| throwaway_postgres::bouncer(SERVER_CONNECTIONS)).await.as_ref()
}

/// A stage whose pools are behind the bouncer; its client is not, and sees everything.
struct Stage {
    stage: DirectStage,
    url: String,
}

impl Stage {
    async fn empty() -> Self {
        Self::behind_the_bouncer(DirectStage::empty().await).await
    }

    async fn with_rows() -> Self {
        Self::behind_the_bouncer(DirectStage::with_rows().await).await
    }

    async fn behind_the_bouncer(stage: DirectStage) -> Self {
        let url = match bouncer().await {
            Some(bouncer) => stage.url_behind(bouncer),
            None => stage.url().to_owned(),
        };
        let mut stage = Self { stage, url };
        stage.stage.db = stage.pool_of(10).await;
        stage
    }

    async fn pool_of(&self, connections: usize) -> Database {
        Database::options().pool_size(connections).transaction_pooler().connect(&self.url).await.unwrap()
    }
}

impl Deref for Stage {
    type Target = DirectStage;

    fn deref(&self) -> &DirectStage {
        &self.stage
    }
}

#[tokio::test]
async fn many_connections_are_served_by_few_of_the_server() {
    if bouncer().await.is_none() {
        return;
    }
    let stage = Stage::empty().await;
    Session::prepare(&stage).await;
    let mut connections = Vec::new();
    for _ in 0..5 {
        connections.push(stage.db.connection().await.unwrap());
    }
    let mut backends = BTreeSet::new();
    for _ in 0..3 {
        for connection in &connections {
            backends.insert(Session::of(connection).await.pid);
        }
    }
    assert!(backends.len() <= SERVER_CONNECTIONS as usize, "{backends:?}");
}

#[tokio::test]
async fn statements_of_many_tasks_get_their_own_rows_again_and_again() {
    let stage = Stage::with_rows().await;
    for _ in 0..5 {
        join_all((0..200).map(|number| find_one_of_four(&stage, &stage.db, number))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn hundreds_of_dropped_futures_mix_nothing_up() {
    let stage = Stage::empty().await;
    stage.execute(&tables()).await;
    Session::prepare(&stage).await;
    let db = stage.pool_of(4).await;
    let new = Session::of(&db).await;

    drop_at_random(&db, 32, 30).await;
    for _ in 0..20 {
        Session::of(&db).await.assert_untouched(&new);
    }
    assert_nothing_runs(&stage).await;
    assert_no_half_transactions(&stage).await;
}

#[derive(Debug, Clone, PartialEq, ToSql, FromSql)]
#[postgres(name = "mood", rename_all = "lowercase")]
enum Mood {
    Happy,
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "feeling")]
struct Feeling {
    #[tenant_table(primary_key)]
    id: i32,
    mood: Mood,
}

#[tokio::test]
async fn a_value_of_a_type_of_the_databases_own_is_refused_in_words_that_say_why() {
    let stage = Stage::empty().await;
    stage
        .execute(
            "create type acme.mood as enum ('happy'); create table acme.feeling (id int primary key, mood acme.mood)",
        )
        .await;
    let feelings = Feeling::repository().for_tenant(&stage.acme);
    for error in [
        feelings.insert(NewFeeling { id: 1, mood: Mood::Happy }).execute(&stage.db).await.map(drop).unwrap_err(),
        feelings.insert_many([NewFeeling { id: 1, mood: Mood::Happy }]).execute(&stage.db).await.map(drop).unwrap_err(),
        feelings.filter(|f| f.mood.eq(Mood::Happy)).count().fetch_one(&stage.db).await.map(drop).unwrap_err(),
    ] {
        assert_eq!(error.to_string(), OWN_TYPE);
        assert!(!error.may_have_run());
    }
    assert_eq!(stage.texts("select id::text from acme.feeling").await, [""; 0]);
    // The question leaves nothing that would refuse the next one.
    assert_eq!(feelings.all().count().fetch_one(&stage.db).await.unwrap(), 0);

    // The driver may have found the type out, or not: it is refused in any case.
    stage.execute("insert into acme.feeling values (1, 'happy')").await;
    let by_key = feelings.find(1).fetch_one(&stage.db).await.unwrap_err();
    assert!(by_key.to_string() == OWN_TYPE || by_key.code().is_some(), "{by_key}");
    assert!(feelings.all().fetch_all(&stage.db).await.is_err());
    assert!(feelings.all().fetch(&stage.db).try_next().await.is_err());
}

const OWN_TYPE: &str = "a value of `feeling` is of a type of the database's own, which cannot be used behind a pooler in \
                        transaction mode";

#[tokio::test]
async fn copies_let_go_of_the_server_however_they_end() {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    let db = stage.pool_of(SERVER_CONNECTIONS as usize).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let new = |number: i32| NewCustomer {
        email: number.to_string(),
        name: "acme".to_owned(),
        phone: Some("x".repeat(1_000)),
        credit: None,
    };
    for round in 0..10 {
        assert_eq!(customers.copy_in([new(-1 - round)]).execute(&db).await.unwrap(), 1);
        // The database, the source and the reader each end one in the middle.
        let error = customers.copy_in((0..2_000).map(|number| new(number % 100))).execute(&db).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error}");
        let rows = (0..2_000).map(new).map(Ok).chain([Err("no more")]);
        assert!(customers.copy_in(rows).execute(&db).await.unwrap_err().as_input_error().is_some());
        drop(poll_at_most(3 + round as u64, customers.copy_in((0..2_000).map(new)).execute(&db)).await);
        drop(customers.copy_out().fetch(&db).try_next().await.unwrap());

        let transaction = db.begin().await.unwrap();
        customers.copy_in([new(0)]).execute(&transaction).await.unwrap();
        assert_eq!(customers.copy_out().fetch_all(&transaction).await.unwrap().len() as i32, 7 + round);
        transaction.rollback().await.unwrap();
        let connection = db.connection().await.unwrap();
        customers.copy_in([new(0), new(0)]).execute(&connection).await.unwrap_err();
        assert_eq!(customers.copy_out().fetch_all(&connection).await.unwrap().len() as i32, 6 + round);
        assert_eq!(customers.copy_in([new(0)]).execute(&connection).await.unwrap(), 1);
        let zero = customers.find_by_email("0").fetch_one(&connection).await.unwrap();
        customers.delete(zero.id).execute(&connection).await.unwrap();
        drop(connection);

        // Each of the server's connections serves others.
        let transactions = join_all((0..SERVER_CONNECTIONS).map(|_| db.begin())).await;
        for transaction in transactions {
            Session::of(&transaction.unwrap()).await;
        }
    }
    assert_nothing_runs(&stage).await;
    let named = "select name from pg_prepared_statements";
    for _ in 0..10 {
        let connection = db.connection().await.unwrap();
        let rows = connection.unscoped_client().simple_query(&throwaway_postgres::by_hand(named)).await.unwrap();
        let is_row = |message: &&SimpleQueryMessage| matches!(message, SimpleQueryMessage::Row(_));
        assert_eq!(rows.iter().filter(is_row).count(), 0, "a name is left on the server");
    }
}

#[tokio::test]
async fn values_of_the_databases_own_types_are_not_copied() {
    let stage = Stage::empty().await;
    stage
        .execute(
            "create type acme.mood as enum ('happy'); create table acme.feeling (id int primary key, mood acme.mood);
             insert into acme.feeling values (1, 'happy')",
        )
        .await;
    let feelings = Feeling::repository().for_tenant(&stage.acme);
    let error = feelings.copy_in([NewFeeling { id: 2, mood: Mood::Happy }]).execute(&stage.db).await.unwrap_err();
    assert_eq!(error.to_string(), OWN_TYPE);
    assert!(!error.may_have_run());
    let error = feelings.copy_out().fetch_all(&stage.db).await.unwrap_err();
    assert_eq!(error.to_string(), OWN_TYPE);
    assert_eq!(feelings.all().count().fetch_one(&stage.db).await.unwrap(), 1);
}

#[tokio::test]
async fn statements_on_one_connection_follow_one_another() {
    let stage = Stage::with_rows().await;
    let connection = stage.db.connection().await.unwrap();
    let customers = Customer::repository().for_tenant(&stage.acme);
    let (first, second) =
        tokio::join!(customers.find(1).fetch_one(&connection), customers.find(2).fetch_one(&connection));
    assert_eq!(first.unwrap().name, "acme 1");
    let error = second.unwrap_err();
    assert!(error.is_connection_busy() && !error.may_have_run(), "{error}");
    assert_eq!(customers.find(2).fetch_one(&connection).await.unwrap().name, "acme 2");

    let transaction = stage.db.begin().await.unwrap();
    assert!(poll_at_most(1, customers.delete(1).execute(&transaction)).await.is_none());
    let error = customers.find(2).fetch_one(&transaction).await.unwrap_err();
    assert!(error.is_connection_busy(), "{error}");
    assert!(transaction.commit().await.unwrap_err().is_connection_busy());
    assert_eq!(customers.all().count().fetch_one(&stage.db).await.unwrap(), 5, "it was rolled back");
}

#[tokio::test]
async fn very_many_rows_are_all_or_none() {
    let stage = Stage::with_rows().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let line = |order_id: i64| NewOrderLine {
        order_id,
        line: 1,
        product: String::new(),
        customer_id: order_id,
        note: "acme".to_owned(),
    };
    let connection = stage.db.connection().await.unwrap();
    let written = lines.insert_many((1000..26_000).map(line)).fetch_all(&connection).await.unwrap();
    assert!(written.iter().map(|line| line.order_id).eq(1000..26_000));
    let twice = lines.insert_many((30_000..55_000).chain([30_000]).map(line));
    assert!(twice.execute(&stage.db).await.unwrap_err().is_unique_violation());
    assert_eq!(lines.all().count().fetch_one(&connection).await.unwrap(), 25_006);
}

#[tokio::test]
async fn a_dropped_transaction_ends_before_the_next_statement() {
    let stage = Stage::with_rows().await;
    let mut connection = stage.db.connection().await.unwrap();
    let customers = Customer::repository().for_tenant(&stage.acme);

    let mut transaction = connection.begin().await.unwrap();
    customers.delete(1).execute(&transaction).await.unwrap();
    let mut savepoint = transaction.savepoint().await.unwrap();
    customers.delete(2).execute(&savepoint).await.unwrap();
    let inner = savepoint.savepoint().await.unwrap();
    customers.delete(3).execute(&inner).await.unwrap();
    drop(inner);
    drop(savepoint);
    assert_eq!(customers.all().count().fetch_one(&transaction).await.unwrap(), 4, "the savepoints were undone");
    drop(transaction);
    assert_eq!(customers.all().count().fetch_one(&connection).await.unwrap(), 5);
    customers.delete(5).execute(&connection).await.unwrap();
    assert_eq!(stage.texts("select count(*)::text from acme.customer").await, ["4"], "in no transaction");

    let transaction = connection.begin().await.unwrap();
    customers.delete(1).execute(&transaction).await.unwrap();
    drop(transaction);
    drop(connection);
    assert_eq!(customers.all().count().fetch_one(&stage.db).await.unwrap(), 4);
}
