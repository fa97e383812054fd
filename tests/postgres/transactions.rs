//! Transactions are committed or leave nothing; savepoints undo a part.

use tenantry::{IsolationLevel, Transaction, TransactionOptions};
use tenantry_tests::{Customer, CustomerChanges, NewCustomer};
use throwaway_postgres::by_hand;

use crate::stage::Stage;

fn customer(email: &str) -> NewCustomer {
    NewCustomer { email: email.to_owned(), name: "acme".to_owned(), phone: None, credit: None }
}

async fn insert(stage: &Stage, email: &str, transaction: &Transaction<'_>) {
    let customers = Customer::repository().for_tenant(&stage.acme);
    customers.insert(customer(email)).execute(transaction).await.unwrap();
}

/// A statement that fails, and takes its transaction along.
async fn fail(stage: &Stage, transaction: &Transaction<'_>) {
    let customers = Customer::repository().for_tenant(&stage.acme);
    let error = customers.insert(customer("c1@x")).execute(transaction).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
}

/// The committed emails, beside those that were there from the beginning.
async fn committed(stage: &Stage) -> Vec<String> {
    stage.texts("select email from acme.customer where id >= 100 order by id").await
}

#[tokio::test]
async fn a_commit_keeps_the_work_of_a_transaction() {
    let stage = Stage::with_rows().await;
    let transaction = stage.db.begin().await.unwrap();
    insert(&stage, "a", &transaction).await;
    insert(&stage, "b", &transaction).await;
    assert_eq!(committed(&stage).await, [""; 0], "nobody else sees it before");
    transaction.commit().await.unwrap();
    assert_eq!(committed(&stage).await, ["a", "b"]);
}

#[tokio::test]
async fn a_roll_back_keeps_nothing() {
    let stage = Stage::with_rows().await;
    let transaction = stage.db.begin().await.unwrap();
    insert(&stage, "a", &transaction).await;
    transaction.rollback().await.unwrap();
    assert_eq!(committed(&stage).await, [""; 0]);
}

#[tokio::test]
async fn a_dropped_transaction_keeps_nothing() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);

    let transaction = db.begin().await.unwrap();
    insert(&stage, "a", &transaction).await;
    drop(transaction);
    assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 5, "on the same connection");

    let mut connection = db.connection().await.unwrap();
    let transaction = connection.begin().await.unwrap();
    insert(&stage, "b", &transaction).await;
    drop(transaction);
    assert_eq!(customers.all().count().fetch_one(&connection).await.unwrap(), 5, "on the connection it borrowed");
    assert_eq!(committed(&stage).await, [""; 0]);
}

#[tokio::test]
async fn a_panic_keeps_nothing() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let task = tokio::spawn({
        let (db, customers) = (db.clone(), customers.clone());
        async move {
            let transaction = db.begin().await.unwrap();
            customers.delete_many().all_rows().execute(&transaction).await.unwrap();
            std::panic::resume_unwind(Box::new("an error of the application's"));
        }
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 5);
}

#[tokio::test]
async fn one_connection_begins_one_transaction_after_another() {
    let stage = Stage::with_rows().await;
    let mut connection = stage.db.connection().await.unwrap();
    for email in ["a", "b", "c"] {
        let transaction = connection.begin().await.unwrap();
        insert(&stage, email, &transaction).await;
        match email {
            "b" => transaction.rollback().await.unwrap(),
            _ => transaction.commit().await.unwrap(),
        }
    }
    assert_eq!(committed(&stage).await, ["a", "c"]);
}

#[tokio::test]
async fn savepoints_undo_their_own_work() {
    let stage = Stage::with_rows().await;
    let mut transaction = stage.db.begin().await.unwrap();
    insert(&stage, "kept 1", &transaction).await;
    {
        let mut outer = transaction.savepoint().await.unwrap();
        insert(&stage, "kept 2", &outer).await;
        {
            let inner = outer.savepoint().await.unwrap();
            insert(&stage, "dropped", &inner).await;
        }
        let mut inner = outer.savepoint().await.unwrap();
        insert(&stage, "rolled back", &inner).await;
        let innermost = inner.savepoint().await.unwrap();
        insert(&stage, "committed in vain", &innermost).await;
        innermost.commit().await.unwrap();
        inner.rollback().await.unwrap();
        insert(&stage, "kept 3", &outer).await;
        outer.commit().await.unwrap();
    }
    insert(&stage, "kept 4", &transaction).await;
    transaction.commit().await.unwrap();
    assert_eq!(committed(&stage).await, ["kept 1", "kept 2", "kept 3", "kept 4"]);
}

#[tokio::test]
async fn a_savepoint_saves_the_transaction_from_a_failed_statement() {
    let stage = Stage::with_rows().await;
    let mut transaction = stage.db.begin().await.unwrap();
    insert(&stage, "kept 1", &transaction).await;

    let dropped = transaction.savepoint().await.unwrap();
    fail(&stage, &dropped).await;
    drop(dropped);
    insert(&stage, "kept 2", &transaction).await;

    let rolled_back = transaction.savepoint().await.unwrap();
    fail(&stage, &rolled_back).await;
    rolled_back.rollback().await.unwrap();
    insert(&stage, "kept 3", &transaction).await;

    let committed_in_vain = transaction.savepoint().await.unwrap();
    fail(&stage, &committed_in_vain).await;
    let error = committed_in_vain.commit().await.unwrap_err();
    assert!(error.is_transaction_aborted(), "{error}");
    insert(&stage, "kept 4", &transaction).await;

    transaction.commit().await.unwrap();
    assert_eq!(committed(&stage).await, ["kept 1", "kept 2", "kept 3", "kept 4"]);
}

#[tokio::test]
async fn a_commit_after_a_failed_statement_says_that_nothing_was_kept() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let mut transaction = db.begin().await.unwrap();
    insert(&stage, "lost", &transaction).await;
    fail(&stage, &transaction).await;

    let error = customers.find(1).fetch_one(&transaction).await.unwrap_err();
    assert_eq!(error.code().map(|code| code.code()), Some("25P02"));
    let error = transaction.savepoint().await.map(drop).unwrap_err();
    assert_eq!(error.code().map(|code| code.code()), Some("25P02"));
    let error = transaction.commit().await.unwrap_err();
    assert!(error.is_transaction_aborted() && !error.is_retryable(), "{error}");
    assert_eq!(committed(&stage).await, [""; 0]);
    assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "acme 1", "the connection is as new");
}

#[tokio::test]
async fn a_commit_that_the_database_refuses_keeps_nothing() {
    let stage = Stage::with_rows().await;
    stage
        .execute(
            "create function acme.refuse() returns trigger language plpgsql as
                 $$ begin raise exception 'refused at the end' using errcode = 'check_violation'; end $$;
             create constraint trigger late after delete on acme.customer deferrable initially deferred
                 for each row execute function acme.refuse()",
        )
        .await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let transaction = db.begin().await.unwrap();
    customers.delete(1).execute(&transaction).await.unwrap();
    let error = transaction.commit().await.unwrap_err();
    assert!(error.is_check_violation() && !error.is_transaction_aborted(), "{error}");
    assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
    let transaction = db.begin().await.unwrap();
    insert(&stage, "a", &transaction).await;
    transaction.commit().await.unwrap();
    assert_eq!(committed(&stage).await, ["a"]);
}

/// What PostgreSQL says of the transaction: its level, whether it only reads, whether it may wait.
async fn characteristics(transaction: &Transaction<'_>) -> (String, String, String) {
    let sql = "select current_setting('transaction_isolation'), current_setting('transaction_read_only'),
                      current_setting('transaction_deferrable')";
    let row = transaction.unscoped_client().query_one(&by_hand(sql), &[]).await.unwrap();
    (row.get(0), row.get(1), row.get(2))
}

#[tokio::test]
async fn a_transaction_has_the_characteristics_that_were_asked_for() {
    use IsolationLevel::{ReadCommitted, RepeatableRead, Serializable};

    let stage = Stage::with_rows().await;
    let options = TransactionOptions::new;
    for (options, isolation, read_only, deferrable) in [
        (options(), "read committed", "off", "off"),
        (options().isolation_level(ReadCommitted), "read committed", "off", "off"),
        (options().isolation_level(RepeatableRead), "repeatable read", "off", "off"),
        (options().isolation_level(Serializable), "serializable", "off", "off"),
        (options().read_only(), "read committed", "on", "off"),
        (options().isolation_level(RepeatableRead).read_only(), "repeatable read", "on", "off"),
        (options().isolation_level(Serializable).read_only().deferrable(), "serializable", "on", "on"),
    ] {
        let expected = (isolation.to_owned(), read_only.to_owned(), deferrable.to_owned());
        let transaction = stage.db.begin_with(options).await.unwrap();
        assert_eq!(characteristics(&transaction).await, expected);
        drop(transaction);
        let mut connection = stage.db.connection().await.unwrap();
        let mut transaction = connection.begin_with(options).await.unwrap();
        assert_eq!(characteristics(&transaction).await, expected);
        assert_eq!(characteristics(&transaction.savepoint().await.unwrap()).await, expected);
    }
}

#[tokio::test]
async fn a_transaction_that_only_reads_refuses_writes() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let transaction = stage.db.begin_with(TransactionOptions::new().read_only()).await.unwrap();
    assert_eq!(customers.all().count().fetch_one(&transaction).await.unwrap(), 5);
    let error = customers.delete(1).execute(&transaction).await.unwrap_err();
    assert_eq!(error.code().map(|code| code.code()), Some("25006"), "{error}");
}

#[tokio::test]
async fn repeatable_read_sees_one_moment() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let options = TransactionOptions::new().isolation_level(IsolationLevel::RepeatableRead);
    let transaction = stage.db.begin_with(options).await.unwrap();
    assert_eq!(customers.all().count().fetch_one(&transaction).await.unwrap(), 5);
    customers.delete(1).execute(&stage.db).await.unwrap();
    assert_eq!(customers.all().count().fetch_one(&transaction).await.unwrap(), 5);
    assert_eq!(customers.all().count().fetch_one(&stage.db).await.unwrap(), 4);
}

#[tokio::test]
async fn a_serialization_failure_is_to_be_tried_again() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let options = TransactionOptions::new().isolation_level(IsolationLevel::Serializable);
    let credit = |credit| CustomerChanges::default().credit(credit);

    // At a statement: both change one row.
    let (first, second) = (stage.db.begin_with(options).await.unwrap(), stage.db.begin_with(options).await.unwrap());
    customers.find(1).fetch_one(&second).await.unwrap();
    customers.update(1, credit(1)).execute(&first).await.unwrap();
    first.commit().await.unwrap();
    let error = customers.update(1, credit(2)).execute(&second).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    drop(second);

    // At the commit: each has read what the other changes.
    let (first, second) = (stage.db.begin_with(options).await.unwrap(), stage.db.begin_with(options).await.unwrap());
    customers.find(2).fetch_one(&first).await.unwrap();
    customers.find(3).fetch_one(&second).await.unwrap();
    customers.update(3, credit(3)).execute(&first).await.unwrap();
    customers.update(2, credit(3)).execute(&second).await.unwrap();
    first.commit().await.unwrap();
    let error = second.commit().await.unwrap_err();
    assert!(error.is_retryable() && !error.is_transaction_aborted(), "{error}");
    assert_eq!(customers.find(2).fetch_one(&stage.db).await.unwrap().credit, 20);
}

#[tokio::test]
async fn a_deadlock_is_to_be_tried_again() {
    let stage = Stage::with_rows().await;
    let [acme, globex] = [&stage.acme, &stage.globex].map(|tenant| Customer::repository().for_tenant(tenant));
    let credit = || CustomerChanges::default().credit(1);
    let (first, second) = (stage.db.begin().await.unwrap(), stage.db.begin().await.unwrap());
    acme.update(1, credit()).execute(&first).await.unwrap();
    globex.update(1, credit()).execute(&second).await.unwrap();

    let crossed = async { globex.update(1, credit()).execute(&first).await.map(|_| first) };
    let other = async { acme.update(1, credit()).execute(&second).await.map(|_| second) };
    // The first of them to fail is dropped with its transaction, which lets the other go on.
    let (first, second) = tokio::join!(crossed, other);
    let errors: Vec<_> = [first.map(drop).err(), second.map(drop).err()].into_iter().flatten().collect();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].is_retryable(), "{}", errors[0]);
}
