//! In a transaction of the application's the setting stays, until another tenant's statement comes.

use futures_util::future::join_all;
use tenantry::{AcrossTenants, Database, Error, TenantTable, Transaction};
use tenantry_tests::secured::{Customer, CustomerRepository, NewCustomer};
use tokio_postgres::NoTls;

use super::Stage;
use crate::proxy::Proxy;

async fn name(customers: &CustomerRepository<tenantry::TenantId<uuid::Uuid>>, on: &dyn tenantry::Executor) -> String {
    customers.find(1).fetch_one(on).await.unwrap().name
}

#[tokio::test]
async fn it_is_set_once_for_each_tenant_in_turn() {
    let stage = Stage::with_rows().await;
    let proxy = Proxy::that_rewrites(stage.config(), str::to_owned).await;
    let db = proxy.pool(Database::options().pool_size(1)).await;
    let acme = Customer::repository().for_tenant(&stage.row_acme);
    let globex = Customer::repository().for_tenant(&stage.row_globex);

    let transaction = db.begin().await.unwrap();
    // Prepared from now on.
    for _ in 0..3 {
        assert_eq!(name(&acme, &transaction).await, "acme 1");
    }
    proxy.take_sent();
    let mut sets = Vec::new();
    for (customers, expected) in [(&acme, "acme 1"), (&acme, "acme 1"), (&globex, "globex 1"), (&acme, "acme 1")] {
        assert_eq!(name(customers, &transaction).await, expected);
        sets.push(proxy.take_sent().iter().map(|message| message.kind).collect::<String>());
    }
    assert_eq!(sets, ["BES", "BES", "QBES", "QBES"]);
    transaction.commit().await.unwrap();
    assert_eq!(name(&globex, &db).await, "globex 1");
}

#[tokio::test]
async fn a_savepoint_takes_the_setting_back_with_its_work() {
    let stage = Stage::with_rows().await;
    let acme = Customer::repository().for_tenant(&stage.row_acme);
    let globex = Customer::repository().for_tenant(&stage.row_globex);
    let mut transaction = stage.db.begin().await.unwrap();
    assert_eq!(name(&acme, &transaction).await, "acme 1");

    let savepoint = transaction.savepoint().await.unwrap();
    assert_eq!(name(&globex, &savepoint).await, "globex 1");
    savepoint.rollback().await.unwrap();
    assert_eq!(name(&globex, &transaction).await, "globex 1");
    assert_eq!(name(&acme, &transaction).await, "acme 1");

    let savepoint = transaction.savepoint().await.unwrap();
    assert_eq!(name(&globex, &savepoint).await, "globex 1");
    drop(savepoint);
    assert_eq!(name(&globex, &transaction).await, "globex 1");

    let savepoint = transaction.savepoint().await.unwrap();
    assert_eq!(name(&acme, &savepoint).await, "acme 1");
    savepoint.commit().await.unwrap();
    assert_eq!(name(&acme, &transaction).await, "acme 1");

    // Also where the savepoint ended in an error.
    let savepoint = transaction.savepoint().await.unwrap();
    let new = NewCustomer { email: "c1@x".to_owned(), name: String::new(), phone: None, credit: None };
    globex.insert(new).execute(&savepoint).await.unwrap_err();
    savepoint.rollback().await.unwrap();
    assert_eq!(name(&globex, &transaction).await, "globex 1");
    assert_eq!(name(&acme, &transaction).await, "acme 1");
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn statements_of_two_tenants_at_once_each_have_their_own() {
    let stage = Stage::with_rows().await;
    let acme = Customer::repository().for_tenant(&stage.row_acme);
    let globex = Customer::repository().for_tenant(&stage.row_globex);
    let transaction = stage.db.begin().await.unwrap();
    for _ in 0..4 {
        let names = join_all((0..20).map(|number| {
            let customers = if number % 3 == 0 { &globex } else { &acme };
            name(customers, &transaction)
        }))
        .await;
        for (number, name) in names.iter().enumerate() {
            assert_eq!(name, if number % 3 == 0 { "globex 1" } else { "acme 1" }, "{number}");
        }
    }
}

/// A COPY takes more round trips than one: it is sent with its own setting all the same.
#[tokio::test]
async fn a_copy_beside_another_tenants_statements_has_its_own() {
    let stage = Stage::with_rows().await;
    let acme = Customer::repository().for_tenant(&stage.row_acme);
    let globex = Customer::repository().for_tenant(&stage.row_globex);
    let (mut client, connection) = stage.config().connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    let transaction = client.transaction().await.unwrap();
    for _ in 0..3 {
        let all = || globex.all().fetch_all(&transaction);
        let (before, copied, after) = tokio::join!(all(), acme.copy_out().fetch_all(&transaction), all());
        assert_eq!((before.unwrap().len(), copied.unwrap().len(), after.unwrap().len()), (8, 5, 8));
    }

    // On a transaction of this crate's one waits for the other or says so, and what follows is right.
    let transaction = stage.db.begin().await.unwrap();
    for _ in 0..3 {
        let (read, copied) =
            tokio::join!(globex.all().fetch_all(&transaction), acme.copy_out().fetch_all(&transaction));
        assert!(read.is_err() || read.unwrap().len() == 8);
        assert!(copied.is_err() || copied.unwrap().len() == 5);
        assert_eq!(name(&acme, &transaction).await, "acme 1");
        assert_eq!(name(&globex, &transaction).await, "globex 1");
    }
}

#[tokio::test]
async fn what_was_set_by_hand_is_set_anew() {
    let stage = Stage::with_rows().await;
    let acme = Customer::repository().for_tenant(&stage.row_acme);
    let transaction = stage.db.begin().await.unwrap();
    assert_eq!(name(&acme, &transaction).await, "acme 1");
    let by_hand = format!("set local tenantry.tenant = '{}'", stage.row_globex);
    transaction.unscoped_client().batch_execute(&throwaway_postgres::by_hand(&by_hand)).await.unwrap();
    assert_eq!(name(&acme, &transaction).await, "acme 1");
}

#[tokio::test]
async fn after_a_read_across_tenants_policies_hide_rows_again() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of_everything().await;
    let mut transaction = db.begin().await.unwrap();
    let access = AcrossTenants::because("a test");
    let shown = async |transaction: &Transaction<'_>| {
        Shown::repository().all().fetch_one(transaction).await.unwrap().row_security
    };
    stage
        .execute(
            "create view catalog.shown as select current_setting('row_security') as row_security;
             grant usage on schema catalog to public; grant select on catalog.shown to public",
        )
        .await;
    Customer::repository().across_all(&access).fetch_all(&transaction).await.unwrap();
    assert_eq!(shown(&transaction).await, "off");
    let savepoint = transaction.savepoint().await.unwrap();
    name(&Customer::repository().for_tenant(&stage.row_acme), &savepoint).await;
    assert_eq!(shown(&savepoint).await, "on");
    savepoint.commit().await.unwrap();
    assert_eq!(shown(&transaction).await, "on");
}

#[derive(Debug, TenantTable)]
#[tenant_table(name = "shown", shared, schema = "catalog", keyless)]
struct Shown {
    row_security: String,
}

#[tokio::test]
async fn rows_in_several_statements_are_the_tenants() {
    let stage = Stage::with_rows().await;
    let acme = Customer::repository().for_tenant(&stage.row_acme);
    let new = |number: i32| NewCustomer {
        email: format!("new {number}"),
        name: "acme new".to_owned(),
        phone: None,
        credit: Some(number),
    };
    let others = stage.rows_of_others().await;
    assert_eq!(acme.insert_many((0..25_000).map(new)).execute(&stage.db).await.unwrap(), 25_000);
    // One by one in lists, because some have a default.
    let some = |number: i32| NewCustomer { credit: (number % 2 == 0).then_some(1), ..new(number + 100_000) };
    assert_eq!(acme.insert_many((0..10).map(some)).fetch_all(&stage.db).await.unwrap().len(), 10);
    assert_eq!(acme.all().count().fetch_one(&stage.db).await.unwrap(), 25_015);
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn a_failed_transaction_stays_failed() -> Result<(), Error> {
    let stage = Stage::with_rows().await;
    let acme = Customer::repository().for_tenant(&stage.row_acme);
    let globex = Customer::repository().for_tenant(&stage.row_globex);
    let transaction = stage.db.begin().await?;
    let new = NewCustomer { email: "c1@x".to_owned(), name: String::new(), phone: None, credit: None };
    assert!(acme.insert(new).execute(&transaction).await.unwrap_err().is_unique_violation());
    let error = globex.find(1).fetch_one(&transaction).await.unwrap_err();
    assert!(error.is_transaction_aborted() || error.code().is_some_and(|code| code.code() == "25P02"), "{error}");
    assert!(transaction.commit().await.unwrap_err().is_transaction_aborted());
    Ok(())
}
