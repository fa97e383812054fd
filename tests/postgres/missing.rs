//! A tenant without a table is an error: never no rows, and never another's.

use tenantry::{Database, Error, TenantId};
use tenantry_tests::{Customer, CustomerChanges, NewCustomer, RowCustomer, schema_tables};
use throwaway_postgres::by_hand;

use crate::stage::Stage;

/// What every kind of statement answers for this tenant's customers.
async fn errors_of_all_statements(tenant: &TenantId, executor: &impl tenantry::Executor) -> Vec<Error> {
    let customers = Customer::repository().for_tenant(tenant);
    let new = || NewCustomer { email: "new@x".to_owned(), name: "new".to_owned(), phone: None, credit: None };
    let given = || NewCustomer { credit: Some(1), ..new() };
    let changes = || CustomerChanges::default().credit(0);
    vec![
        customers.all().fetch_all(executor).await.unwrap_err(),
        customers.all().fetch(executor).try_next().await.unwrap_err(),
        customers.filter(|c| c.id.eq(1)).fetch_optional(executor).await.unwrap_err(),
        customers.all().count().fetch_one(executor).await.unwrap_err(),
        customers.all().limit(1).count().fetch_one(executor).await.unwrap_err(),
        customers.all().exists().fetch_one(executor).await.unwrap_err(),
        customers.find(1).fetch_optional(executor).await.unwrap_err(),
        customers.find_many([1, 2]).fetch_all(executor).await.unwrap_err(),
        customers.find_by_email("c1@x").fetch_optional(executor).await.unwrap_err(),
        customers.insert(new()).fetch_one(executor).await.unwrap_err(),
        customers.insert(given()).execute(executor).await.unwrap_err(),
        customers.insert_many([new(), given()]).execute(executor).await.unwrap_err(),
        customers.update(1, changes()).execute(executor).await.unwrap_err(),
        customers.update_many(changes()).all_rows().execute(executor).await.unwrap_err(),
        customers.delete(1).execute(executor).await.unwrap_err(),
        customers.delete_many().all_rows().execute(executor).await.unwrap_err(),
    ]
}

/// Each statement says that the table is missing, and names it with its schema.
async fn assert_missing(tenant: &TenantId, executor: &impl tenantry::Executor) {
    for error in errors_of_all_statements(tenant, executor).await {
        assert!(error.is_missing_table(), "{error}");
        assert!(!error.is_not_found());
        assert!(error.to_string().contains(&format!("{}.customer", tenant.schema())), "{error}");
    }
}

/// Tables of this name in every place where PostgreSQL looks for a bare name, and who finds them.
async fn lay_traps(stage: &Stage) {
    stage
        .execute(
            "create table public.customer (like acme.customer including all);
             insert into public.customer (id, email, name) values (1, 'c1@x', 'public 1');
             create schema bare;",
        )
        .await;
}

fn tenant(name: &str) -> TenantId {
    name.parse().unwrap()
}

#[tokio::test]
async fn a_missing_schema_is_an_error() {
    let stage = Stage::with_rows().await;
    assert_missing(&tenant("nobody"), &stage.db).await;
}

#[tokio::test]
async fn a_schema_without_the_table_is_an_error() {
    let stage = Stage::with_rows().await;
    stage.execute("create schema bare").await;
    assert_missing(&tenant("bare"), &stage.db).await;
}

#[tokio::test]
async fn a_table_in_public_stands_in_for_none() {
    let stage = Stage::with_rows().await;
    lay_traps(&stage).await;
    assert_missing(&tenant("nobody"), &stage.db).await;
    assert_missing(&tenant("bare"), &stage.db).await;
    assert_eq!(stage.texts("select name from public.customer where credit = 100").await, ["public 1"]);
}

#[tokio::test]
async fn the_search_path_makes_no_difference() {
    let stage = Stage::with_rows().await;
    lay_traps(&stage).await;
    let others = stage.rows_of_others().await;
    // What each new connection finds by a bare name.
    stage
        .execute(&format!(
            "alter role current_user in database {} set search_path = globex, public",
            stage.database_name()
        ))
        .await;
    let db = Database::connect(stage.url()).await.unwrap();
    let connection = db.connection().await.unwrap();
    let path =
        connection.unscoped_client().query_one(&by_hand("select name from customer where id = 1"), &[]).await.unwrap();
    assert_eq!(path.get::<_, &str>(0), "globex 1");

    assert_missing(&tenant("nobody"), &db).await;
    assert_missing(&tenant("bare"), &db).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
    assert_eq!(customers.delete_many().all_rows().execute(&db).await.unwrap(), 5);
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn a_temporary_table_of_the_same_name_makes_no_difference() {
    let stage = Stage::with_rows().await;
    lay_traps(&stage).await;
    let connection = stage.db.connection().await.unwrap();
    let raw = connection.unscoped_client();
    raw.batch_execute(&by_hand("create temp table customer as select * from globex.customer")).await.unwrap();
    let found = raw.query_one(&by_hand("select name from customer where id = 1"), &[]).await.unwrap();
    assert_eq!(found.get::<_, &str>(0), "globex 1");

    assert_missing(&tenant("nobody"), &connection).await;
    assert_missing(&tenant("bare"), &connection).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    assert_eq!(customers.find(1).fetch_one(&connection).await.unwrap().name, "acme 1");
    assert_eq!(
        customers.update_many(CustomerChanges::default().credit(1)).all_rows().execute(&connection).await.unwrap(),
        5
    );
    let untouched = raw.query_one(&by_hand("select count(*) from customer where credit <> 1"), &[]).await.unwrap();
    assert_eq!(untouched.get::<_, i64>(0), 8);
}

#[tokio::test]
async fn a_tenant_that_is_dropped_is_missing_and_one_that_comes_back_is_new() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    for _ in 0..2 {
        assert_eq!(customers.find(1).fetch_one(&stage.db).await.unwrap().name, "acme 1");
    }
    stage.execute("drop schema acme cascade").await;
    assert_missing(&stage.acme, &stage.db).await;

    stage.execute(&schema_tables("acme")).await;
    assert_eq!(customers.find(1).fetch_optional(&stage.db).await.unwrap(), None);
    assert_eq!(customers.all().count().fetch_one(&stage.db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_missing_table_of_rows_is_an_error_and_a_tenant_without_rows_is_none() {
    let stage = Stage::with_rows().await;
    let unknown = RowCustomer::repository().for_tenant(&TenantId::new(uuid::Uuid::max()).unwrap());
    assert_eq!(unknown.all().fetch_all(&stage.db).await.unwrap(), []);
    assert_eq!(unknown.delete_many().all_rows().execute(&stage.db).await.unwrap(), 0);

    stage.execute("alter table app.customer set schema public").await;
    let customers = RowCustomer::repository().for_tenant(&stage.row_acme);
    assert!(customers.all().fetch_all(&stage.db).await.unwrap_err().is_missing_table());
    assert!(customers.find(1).fetch_optional(&stage.db).await.unwrap_err().is_missing_table());
    assert!(customers.delete_many().all_rows().execute(&stage.db).await.unwrap_err().is_missing_table());
}
