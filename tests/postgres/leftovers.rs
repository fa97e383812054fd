//! What one borrower of a connection leaves on it, the next one does not find.

use std::mem;

use tenantry::{Connection, Database, IsolationLevel, TransactionOptions};
use tenantry_tests::{Customer, CustomerChanges, NewCustomer};
use throwaway_postgres::by_hand;
use tokio::runtime::Runtime;
use tokio_postgres::Client;

use crate::interrupt::poll_at_most;
use crate::session::Session;
use crate::stage::Stage;

/// What a statement on the only connection finds is what it would find on a new one.
async fn assert_as_new(db: &Database, new: &Session) {
    Session::of(db).await.assert_untouched(new);
    let connection = db.connection().await.unwrap();
    Session::of(&connection).await.assert_untouched(new);
    let error = connection.unscoped_client().batch_execute("savepoint inside").await.unwrap_err();
    assert_eq!(error.code().map(|code| code.code()), Some("25P01"), "{error}");
}

fn repeatable_read() -> TransactionOptions {
    TransactionOptions::new().isolation_level(IsolationLevel::RepeatableRead)
}

fn customer(email: &str) -> NewCustomer {
    NewCustomer { email: email.to_owned(), name: "acme".to_owned(), phone: None, credit: None }
}

#[tokio::test]
async fn a_dropped_begin_leaves_no_transaction() {
    let stage = Stage::with_rows().await;
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    for polls in 1..6 {
        drop(poll_at_most(polls, db.begin_with(repeatable_read())).await);
        assert_as_new(&db, &new).await;

        let mut connection = db.connection().await.unwrap();
        drop(poll_at_most(polls, connection.begin_with(repeatable_read())).await);
        Session::of(&connection).await.assert_untouched(&new);
        drop(connection);
        assert_as_new(&db, &new).await;
    }
}

#[tokio::test]
async fn a_dropped_savepoint_leaves_the_transaction_as_it_was() {
    let stage = Stage::with_rows().await;
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    for polls in 1..4 {
        let mut transaction = db.begin().await.unwrap();
        customers.insert(customer("before")).execute(&transaction).await.unwrap();
        drop(poll_at_most(polls, transaction.savepoint()).await);
        customers.insert(customer("after")).execute(&transaction).await.unwrap();
        assert_eq!(customers.all().count().fetch_one(&transaction).await.unwrap(), 7);
        transaction.rollback().await.unwrap();
        assert_as_new(&db, &new).await;
    }
}

#[tokio::test]
async fn a_dropped_commit_commits_or_rolls_back_and_leaves_no_transaction() {
    let stage = Stage::with_rows().await;
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    for polls in 1..4 {
        let transaction = db.begin_with(repeatable_read()).await.unwrap();
        customers.delete(1).execute(&transaction).await.unwrap();
        customers.delete(2).execute(&transaction).await.unwrap();
        drop(poll_at_most(polls, transaction.commit()).await);
        assert_as_new(&db, &new).await;
        let left = customers.all().count().fetch_one(&db).await.unwrap();
        assert!(left == 5 || left == 3, "half a transaction");
        stage.execute("insert into acme.customer values (1, '1', ''), (2, '2', '') on conflict do nothing").await;
    }
}

#[tokio::test]
async fn a_dropped_roll_back_rolls_back() {
    let stage = Stage::with_rows().await;
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    for polls in 1..4 {
        let transaction = db.begin_with(repeatable_read()).await.unwrap();
        customers.delete_many().all_rows().execute(&transaction).await.unwrap();
        drop(poll_at_most(polls, transaction.rollback()).await);
        assert_as_new(&db, &new).await;
        assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 5);
    }
}

#[tokio::test]
async fn a_dropped_statement_in_a_transaction_leaves_the_transaction_usable() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let transaction = stage.db.begin().await.unwrap();
    for polls in 1..4 {
        drop(poll_at_most(polls, customers.all().fetch_all(&transaction)).await);
        let mut rows = customers.all().fetch(&transaction);
        rows.try_next().await.unwrap().unwrap();
        drop(rows);
        let found = customers.find(3).fetch_one(&transaction).await.unwrap();
        assert_eq!((found.id, &*found.name), (3, "acme 3"));
    }
    transaction.commit().await.unwrap();
}

/// What comes before a transaction is forgotten.
#[derive(Debug, Clone, Copy)]
enum Before {
    Statement,
    SavepointCommitted,
    SavepointForgotten,
}

/// Begins a transaction, deletes all, and forgets that it did.
async fn forget_a_transaction(stage: &Stage, connection: &mut Connection, before: Before) {
    let customers = Customer::repository().for_tenant(&stage.acme);
    let mut transaction = connection.begin_with(repeatable_read()).await.unwrap();
    customers.delete_many().all_rows().execute(&transaction).await.unwrap();
    match before {
        Before::Statement => {}
        Before::SavepointCommitted => transaction.savepoint().await.unwrap().commit().await.unwrap(),
        Before::SavepointForgotten => mem::forget(transaction.savepoint().await.unwrap()),
    }
    mem::forget(transaction);
}

#[tokio::test]
async fn a_forgotten_transaction_does_not_reach_the_next_borrower() {
    let stage = Stage::with_rows().await;
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    for before in [Before::Statement, Before::SavepointCommitted, Before::SavepointForgotten] {
        let mut connection = db.connection().await.unwrap();
        forget_a_transaction(&stage, &mut connection, before).await;
        drop(connection);
        Session::of(&db).await.assert_untouched(&new);
        assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 5, "{before:?}");
    }
}

#[tokio::test]
async fn a_forgotten_transaction_is_no_part_of_the_next_one() {
    let stage = Stage::with_rows().await;
    let mut connection = stage.db.connection().await.unwrap();
    let customers = Customer::repository().for_tenant(&stage.acme);
    for before in [Before::Statement, Before::SavepointCommitted, Before::SavepointForgotten] {
        forget_a_transaction(&stage, &mut connection, before).await;
        let transaction = connection.begin().await.unwrap();
        customers.update(1, CustomerChanges::default().credit(0)).execute(&transaction).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(customers.all().count().fetch_one(&stage.db).await.unwrap(), 5, "{before:?}");
    }
}

#[tokio::test]
async fn a_forgotten_stream_does_not_reach_the_next_borrower() {
    let stage = Stage::with_rows().await;
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let connection = db.connection().await.unwrap();
    let mut rows = customers.all().fetch(&connection);
    rows.try_next().await.unwrap().unwrap();
    mem::forget(rows);
    drop(connection);
    assert_as_new(&db, &new).await;
    assert_eq!(customers.find(5).fetch_one(&db).await.unwrap().name, "acme 5");
}

/// Everything that a session can keep, as far as it could mislead the next borrower.
const HABITS: &str = "
    set search_path = globex, public;
    set default_transaction_isolation = 'serializable';
    set app.tenant = 'globex';
    create temp table customer as select * from globex.customer;
    select pg_advisory_lock(7);
    prepare s0 as select 'globex';
";

async fn take_on_habits(client: &Client) {
    client.batch_execute(&by_hand(HABITS)).await.unwrap();
    assert_eq!(client.query_one(&by_hand("select name from customer limit 1"), &[]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_the_unscoped_client_leaves_does_not_reach_the_next_borrower() {
    let stage = Stage::with_rows().await;
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;

    let connection = db.connection().await.unwrap();
    take_on_habits(connection.unscoped_client()).await;
    let habits = Session::of(&connection).await;
    assert_ne!((&*habits.search_path, habits.temporary_tables, habits.advisory_locks), (&*new.search_path, 0, 0));
    drop(connection);
    assert_as_new(&db, &new).await;

    let transaction = db.begin().await.unwrap();
    take_on_habits(transaction.unscoped_client()).await;
    transaction.commit().await.unwrap();
    assert_as_new(&db, &new).await;

    let mut transaction = db.begin().await.unwrap();
    let savepoint = transaction.savepoint().await.unwrap();
    take_on_habits(savepoint.unscoped_client()).await;
    drop(savepoint);
    drop(transaction);
    assert_as_new(&db, &new).await;

    let connection = db.connection().await.unwrap();
    connection.unscoped_client().batch_execute(&by_hand("begin; delete from acme.customer")).await.unwrap();
    drop(connection);
    assert_as_new(&db, &new).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 5);
}

#[tokio::test]
async fn a_client_of_ones_own_keeps_its_habits_and_comes_back() {
    let stage = Stage::with_rows().await;
    let client = stage.another_client().await;
    client.batch_execute(&by_hand("set search_path = globex")).await.unwrap();
    let mut connection = Connection::from_client(client);
    let customers = Customer::repository().for_tenant(&stage.acme);
    assert_eq!(customers.find(1).fetch_one(&connection).await.unwrap().name, "acme 1");
    let transaction = connection.begin().await.unwrap();
    let changes = CustomerChanges::default().credit(1);
    assert_eq!(customers.update_many(changes).all_rows().execute(&transaction).await.unwrap(), 5);
    drop(transaction);
    assert_eq!(customers.find(1).fetch_one(&connection).await.unwrap().credit, 10);

    let client = connection.into_client().unwrap();
    let row = client.query_one("select current_setting('search_path')", &[]).await.unwrap();
    assert_eq!(row.get::<_, &str>(0), "globex");
}

#[tokio::test]
async fn a_connection_of_the_pool_is_never_taken_out_of_it() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(1).await;
    let connection = db.connection().await.unwrap();
    let connection = connection.into_client().unwrap_err();
    let customers = Customer::repository().for_tenant(&stage.acme);
    assert_eq!(customers.find(1).fetch_one(&connection).await.unwrap().name, "acme 1");
    drop(connection);
    assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
}

#[tokio::test]
async fn dropped_statements_on_a_client_of_ones_own_do_not_answer_for_the_next() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let client = stage.another_client().await;
    for polls in 1..5 {
        drop(poll_at_most(polls, customers.find(1).fetch_one(&client)).await);
        drop(poll_at_most(polls, customers.all().fetch_all(&client)).await);
        assert_eq!(customers.find(2).fetch_one(&client).await.unwrap().name, "acme 2");
    }
    let connection = Connection::from_client(client);
    for polls in 1..5 {
        drop(poll_at_most(polls, customers.find(1).fetch_one(&connection)).await);
        drop(poll_at_most(polls, customers.filter(|c| c.id.eq(polls as i64)).fetch_all(&connection)).await);
        assert_eq!(customers.find(2).fetch_one(&connection).await.unwrap().name, "acme 2");
    }
}

#[test]
fn a_connection_dropped_outside_of_the_runtime_is_not_used_again_unclean() {
    let runtime = Runtime::new().unwrap();
    let (stage, db) = runtime.block_on(async {
        let stage = Stage::with_rows().await;
        Session::prepare(&stage).await;
        let db = stage.pool_of(1).await;
        (stage, db)
    });
    let customers = Customer::repository().for_tenant(&stage.acme);
    for _ in 0..3 {
        let (transaction, connection) = runtime.block_on(async {
            let transaction = db.begin_with(repeatable_read()).await.unwrap();
            customers.delete_many().all_rows().execute(&transaction).await.unwrap();
            (transaction, stage.pool_of(1).await.connection().await.unwrap())
        });
        drop(transaction);
        runtime.block_on(async {
            drop(poll_at_most(1, customers.find(1).fetch_one(&connection)).await);
            let session = Session::of(&db).await;
            assert_eq!((&*session.isolation, session.has_written), ("read committed", false));
            assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 5);
        });
        drop(connection);
    }
}
