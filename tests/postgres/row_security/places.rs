//! Everything that runs statements carries the tenant, or says that it cannot.

use futures_util::TryStreamExt;
use tenantry::{AcrossTenants, Database, Executor};
use tenantry_tests::secured::{Customer, CustomerChanges, NewCustomer};
use throwaway_postgres::by_hand;
use tokio_postgres::NoTls;
use tokio_postgres::error::SqlState;

use super::Stage;

/// Reads and writes in each way.
async fn works(stage: &Stage, place: &str, executor: &dyn Executor) {
    let customers = Customer::repository().for_tenant(&stage.row_acme);
    for _ in 0..3 {
        assert_eq!(customers.find(2).fetch_one(executor).await.unwrap().name, "acme 2", "{place}");
        let rows: Vec<_> = customers.all().fetch(executor).try_collect().await.unwrap();
        assert_eq!(rows.len(), 5, "{place}");
        let changes = CustomerChanges::default().phone(place);
        assert_eq!(customers.update(3, changes).fetch_one(executor).await.unwrap().phone.as_deref(), Some(place));
        let new = |number: i32| NewCustomer {
            email: format!("{place} {number}"),
            name: "acme new".to_owned(),
            phone: None,
            credit: Some(number),
        };
        assert_eq!(customers.insert_many((0..3).map(new)).execute(executor).await.unwrap(), 3, "{place}");
        let page = customers.all().page(3).fetch_page(executor).await.unwrap();
        assert_eq!(page.rows.len(), 3, "{place}");
        assert_eq!(customers.delete_many().filter(|c| c.name.eq("acme new")).execute(executor).await.unwrap(), 3);
    }
}

async fn copies_out(stage: &Stage, place: &str, executor: &dyn Executor) {
    let customers = Customer::repository().for_tenant(&stage.row_acme);
    assert_eq!(customers.copy_out().fetch_all(executor).await.unwrap().len(), 5, "{place}");
}

#[tokio::test]
async fn on_all_that_knows_its_transactions() {
    let stage = Stage::with_rows().await;
    works(&stage, "a pool", &stage.db).await;
    copies_out(&stage, "a pool", &stage.db).await;

    let connection = stage.db.connection().await.unwrap();
    works(&stage, "a connection", &connection).await;
    copies_out(&stage, "a connection", &connection).await;
    drop(connection);

    let transaction = stage.db.begin().await.unwrap();
    works(&stage, "a transaction", &transaction).await;
    copies_out(&stage, "a transaction", &transaction).await;
    transaction.commit().await.unwrap();

    let (mut client, connection) = stage.config().connect(NoTls).await.unwrap();
    let running = tokio::spawn(connection);
    let transaction = client.transaction().await.unwrap();
    works(&stage, "the driver's transaction", &transaction).await;
    copies_out(&stage, "the driver's transaction", &transaction).await;
    transaction.rollback().await.unwrap();
    drop(client);
    running.await.unwrap().unwrap();

    let manager = deadpool_postgres::Manager::new(stage.config(), NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    works(&stage, "deadpool", &pool).await;
    let mut object = pool.get().await.unwrap();
    let transaction = object.transaction().await.unwrap();
    works(&stage, "deadpool's transaction", &transaction).await;
    copies_out(&stage, "deadpool's transaction", &transaction).await;
}

/// What carries nothing would be hidden everything, without a word.
#[tokio::test]
async fn where_transactions_are_the_applications_own_one_is_asked_for() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.row_acme);
    let asked = "a statement on `customer`, which has row-level security, runs in a transaction: begin one on this client, \
                 whose transactions are the application's own; nothing was sent";
    let refuses = async |executor: &dyn Executor| {
        let error = customers.find(1).fetch_one(executor).await.unwrap_err();
        assert_eq!((error.to_string(), error.may_have_run()), (asked.to_owned(), false));
        let error = customers.delete(1).execute(executor).await.unwrap_err();
        assert_eq!(error.to_string(), asked);
        let error = customers.all().fetch(executor).try_next().await.unwrap_err();
        assert_eq!(error.to_string(), asked);
        let error = customers.copy_out().fetch_all(executor).await.unwrap_err();
        assert_eq!(error.to_string(), asked);
    };

    let (client, connection) = stage.config().connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    refuses(&client).await;

    let manager = deadpool_postgres::Manager::new(stage.config(), NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    refuses(&pool.get().await.unwrap()).await;
    assert_eq!(customers.copy_out().fetch_all(&pool).await.unwrap_err().to_string(), asked);

    // A connection on which the application may have begun one by hand.
    let connection = stage.db.connection().await.unwrap();
    works(&stage, "a connection", &connection).await;
    connection.unscoped_client().batch_execute("begin").await.unwrap();
    refuses(&connection).await;

    // One on which it has begun one and forgotten it, of which the end would be the statement's.
    let mut connection = stage.db.connection().await.unwrap();
    std::mem::forget(connection.begin().await.unwrap());
    refuses(&connection).await;
    connection.begin().await.unwrap().rollback().await.unwrap();
    works(&stage, "a connection", &connection).await;
}

#[tokio::test]
async fn rows_do_not_go_in_by_copy() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.row_acme);
    let new = NewCustomer { email: "new".to_owned(), name: "acme".to_owned(), phone: None, credit: None };
    let error = customers.copy_in([new]).execute(&stage.db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`customer` has row-level security, and PostgreSQL takes no COPY into it: use `insert_many`; nothing was sent"
    );
    assert!(!error.may_have_run());
}

#[tokio::test]
async fn a_read_across_tenants_needs_a_role_that_is_not_bound_and_never_reads_in_part() {
    let stage = Stage::with_rows().await;
    let access = AcrossTenants::because("a test");
    let tenants = [stage.row_acme.clone(), stage.row_globex.clone()];
    let customers = Customer::repository();
    let bound = customers.across(&access, &tenants).fetch_all(&stage.db).await.unwrap_err();
    assert_eq!(bound.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{bound}");
    let bound = customers.across_all(&access).fetch_all(&stage.db).await.unwrap_err();
    assert_eq!(bound.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{bound}");

    let db = stage.pool_of_everything().await;
    let read = customers.across(&access, &tenants).fetch_all(&db).await.unwrap();
    assert_eq!(read.iter().filter(|(tenant, _)| *tenant == stage.row_acme).count(), 5);
    assert_eq!(read.iter().filter(|(tenant, _)| *tenant == stage.row_globex).count(), 8);
    assert_eq!(customers.across_all(&access).fetch_all(&db).await.unwrap().len(), 13);
}

/// Of the transaction nothing is left, whoever comes next.
#[tokio::test]
async fn nothing_stays_on_the_connection() {
    let stage = Stage::with_rows().await;
    let db = stage.pool(Database::options().pool_size(1)).await;
    let customers = Customer::repository().for_tenant(&stage.row_acme);
    assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 5);
    let connection = db.connection().await.unwrap();
    let raw = connection.unscoped_client();
    let seen = raw.query_one(&by_hand("select count(*) from app.customer"), &[]).await.unwrap();
    assert_eq!(seen.get::<_, i64>(0), 0);
}
