//! What a COPY runs on, and what it keeps off there.

use std::pin::pin;

use deadpool_postgres::Manager;
use futures_util::future::poll_fn;
use futures_util::stream;
use tenantry::{Connection, Executor};
use tenantry_tests::{Customer, NewCustomer};
use tokio_postgres::NoTls;

use super::{customer, customers};
use crate::interrupt::poll_once;
use crate::stage::Stage;

/// Rows that do not end until somebody says so.
fn endless() -> impl Iterator<Item = NewCustomer> + Clone {
    (0..).map(customer)
}

#[tokio::test]
async fn a_transaction_decides_over_its_copies() {
    let stage = Stage::with_rows().await;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);

    let mut transaction = stage.db.begin().await.unwrap();
    customers_of_acme.copy_in([customer(1)]).execute(&transaction).await.unwrap();
    let savepoint = transaction.savepoint().await.unwrap();
    customers_of_acme.copy_in([customer(2), customer(3)]).execute(&savepoint).await.unwrap();
    assert_eq!(customers_of_acme.copy_out().fetch_all(&savepoint).await.unwrap().len(), 8);
    drop(savepoint);
    let savepoint = transaction.savepoint().await.unwrap();
    let error = customers_of_acme.copy_in([customer(4), customer(1)]).execute(&savepoint).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    savepoint.rollback().await.unwrap();
    assert_eq!(customers_of_acme.copy_out().fetch_all(&transaction).await.unwrap().len(), 6);
    assert_eq!(customers(&stage).await, 5, "nothing is committed yet");
    transaction.commit().await.unwrap();
    assert_eq!(customers(&stage).await, 6);

    let transaction = stage.db.begin().await.unwrap();
    customers_of_acme.copy_in([customer(9)]).execute(&transaction).await.unwrap();
    drop(transaction);
    assert_eq!(customers(&stage).await, 6);

    let transaction = stage.db.begin().await.unwrap();
    customers_of_acme.copy_in([customer(9)]).execute(&transaction).await.unwrap();
    let ends_in_error = (10..20_000).map(customer).map(Ok).chain([Err("no more")]);
    assert!(
        customers_of_acme.copy_in(ends_in_error).execute(&transaction).await.unwrap_err().as_input_error().is_some()
    );
    assert!(transaction.commit().await.unwrap_err().is_transaction_aborted());
    assert_eq!(customers(&stage).await, 6);
}

#[tokio::test]
async fn a_connection_serves_on_after_its_copies() {
    let stage = Stage::with_rows().await;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    let connection = stage.db.connection().await.unwrap();
    for round in 0..3 {
        let error = customers_of_acme.copy_in([customer(0), customer(0)]).execute(&connection).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error}");
        let ends_in_error = (100..20_000).map(customer).map(Ok).chain([Err("no more")]);
        customers_of_acme.copy_in(ends_in_error).execute(&connection).await.unwrap_err();
        assert_eq!(customers_of_acme.copy_in([customer(round)]).execute(&connection).await.unwrap(), 1);
        assert_eq!(customers_of_acme.copy_out().fetch_all(&connection).await.unwrap().len() as i64, 6 + round);
        assert_eq!(customers_of_acme.find(2).fetch_one(&connection).await.unwrap().name, "acme 2");
    }
    assert_eq!(customers(&stage).await, 8);
}

#[tokio::test]
async fn other_statements_on_the_connection_are_refused_while_a_copy_is_under_way() {
    let stage = Stage::with_rows().await;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    let connection = stage.db.connection().await.unwrap();
    let transaction = stage.db.begin().await.unwrap();
    let executors: [&dyn Executor; 2] = [&connection, &transaction];
    for executor in executors {
        // It has begun when it asks for a second row.
        let (asked, is_asked) = tokio::sync::oneshot::channel();
        let mut asked = Some(asked);
        let mut first = Some(customer(0));
        let rows = stream::poll_fn(move |_| match first.take() {
            Some(first) => std::task::Poll::Ready(Some(first)),
            None => {
                asked.take().map(|asked| asked.send(()));
                std::task::Poll::Pending
            }
        });
        let mut copy = Box::pin(customers_of_acme.copy_in(rows).execute(executor));
        tokio::select! {
            _ = &mut copy => panic!("it has no second row"),
            is_asked = is_asked => is_asked.unwrap(),
        }
        for error in [
            customers_of_acme.find(1).fetch_one(executor).await.map(drop).unwrap_err(),
            customers_of_acme.all().fetch(executor).try_next().await.map(drop).unwrap_err(),
            customers_of_acme.copy_in([customer(1)]).execute(executor).await.map(drop).unwrap_err(),
            customers_of_acme.copy_out().fetch_all(executor).await.map(drop).unwrap_err(),
        ] {
            assert!(error.is_stream_open() && !error.may_have_run(), "{error}");
        }
        assert!(poll_once(&mut copy).await.is_none());
        drop(copy);
    }
    // The COPY was given up, which has ended the transaction, and leaves the connection as it was.
    assert_eq!(customers_of_acme.find(1).fetch_one(&connection).await.unwrap().name, "acme 1");
    assert!(transaction.commit().await.unwrap_err().is_transaction_aborted());
    assert_eq!(customers(&stage).await, 5);
}

#[tokio::test]
async fn a_copy_beside_an_open_stream_is_refused() {
    let stage = Stage::with_rows().await;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    let transaction = stage.db.begin().await.unwrap();

    let mut rows = customers_of_acme.all().fetch(&transaction);
    rows.try_next().await.unwrap().unwrap();
    let error = customers_of_acme.copy_in(endless()).execute(&transaction).await.unwrap_err();
    assert!(error.is_stream_open(), "{error}");
    drop(rows);

    let mut copied = customers_of_acme.copy_out().fetch(&transaction);
    copied.try_next().await.unwrap().unwrap();
    let error = customers_of_acme.copy_in(endless()).execute(&transaction).await.unwrap_err();
    assert!(error.is_stream_open(), "{error}");
    let error = customers_of_acme.find(1).fetch_one(&transaction).await.unwrap_err();
    assert!(error.is_stream_open(), "{error}");
    drop(copied);
    assert_eq!(customers_of_acme.find(1).fetch_one(&transaction).await.unwrap().name, "acme 1");
    assert_eq!(customers_of_acme.copy_in([customer(1)]).execute(&transaction).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    assert_eq!(customers(&stage).await, 6);
}

#[tokio::test]
async fn clients_of_the_applications_own_bring_rows_and_take_none() {
    let stage = Stage::with_rows().await;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    let mut client = stage.another_client().await;
    let manager = Manager::new(stage.url().parse().unwrap(), NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(2).build().unwrap();
    let mut object = pool.get().await.unwrap();

    let assert_reads = async |executor: &dyn Executor| {
        let expected = customers_of_acme.all().fetch_all(&stage.db).await.unwrap();
        for _ in 0..2 {
            assert_eq!(customers_of_acme.copy_out().fetch_all(executor).await.unwrap(), expected);
            drop(customers_of_acme.copy_out().fetch(executor).try_next().await.unwrap());
            let error = customers_of_acme.copy_in([customer(1)]).execute(executor).await.unwrap_err();
            assert!(error.to_string().starts_with("rows are copied in on a `Database`"), "{error}");
            assert!(!error.may_have_run());
            assert_eq!(customers_of_acme.find(3).fetch_one(executor).await.unwrap().name, "acme 3");
        }
    };
    assert_reads(&client).await;
    assert_reads(&client.transaction().await.unwrap()).await;
    assert_reads(&pool).await;
    assert_reads(&object).await;
    assert_reads(&object.transaction().await.unwrap()).await;
    assert_reads(&Connection::from_client(client)).await;
    assert_eq!(customers(&stage).await, 5);
}

#[tokio::test]
async fn a_copy_waits_for_its_first_row_without_a_connection() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(1).await;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    let never = stream::pending::<NewCustomer>();
    let mut copy = pin!(customers_of_acme.copy_in(never).execute(&db));
    poll_fn(|context| {
        assert!(copy.as_mut().poll(context).is_pending());
        std::task::Poll::Ready(())
    })
    .await;
    assert_eq!(customers_of_acme.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
}
