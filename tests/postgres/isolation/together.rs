//! Two tenants on one connection and in one transaction.

use tenantry::{Database, TenantId};
use tenantry_tests::{Customer, CustomerChanges, Event, NewEvent, RowCustomer, RowCustomerChanges};
use uuid::Uuid;

use super::Stage;

async fn name_by_schema(tenant: &TenantId, id: i64, db: &Database) -> String {
    Customer::repository().for_tenant(tenant).find(id).fetch_one(db).await.unwrap().name
}

async fn name_by_row(tenant: &TenantId<Uuid>, id: i64, db: &Database) -> String {
    RowCustomer::repository().for_tenant(tenant).find(id).fetch_one(db).await.unwrap().name
}

#[tokio::test]
async fn one_connection_serves_tenants_in_turn() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(1).await;
    for id in [1, 2, 3] {
        assert_eq!(name_by_schema(&stage.acme, id, &db).await, format!("acme {id}"));
        assert_eq!(name_by_schema(&stage.globex, id, &db).await, format!("globex {id}"));
        assert_eq!(name_by_row(&stage.row_acme, id, &db).await, format!("acme {id}"));
        assert_eq!(name_by_row(&stage.row_globex, id, &db).await, format!("globex {id}"));
    }
}

#[tokio::test]
async fn statements_kept_prepared_are_each_tenants_own() {
    let stage = Stage::with_rows().await;
    for places in [0, 1, 2, 256] {
        let options = Database::options().pool_size(1).statement_capacity(places);
        let db = options.connect(stage.url()).await.unwrap();
        for _ in 0..3 {
            for (tenant, name) in [(&stage.acme, "acme 1"), (&stage.globex, "globex 1")] {
                let customers = Customer::repository().for_tenant(tenant);
                assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, name);
                assert_eq!(customers.find_many([1]).fetch_one(&db).await.unwrap().name, name);
                assert_eq!(customers.find_by_email("c1@x").fetch_one(&db).await.unwrap().name, name);
                let query = customers.filter(|c| c.id.eq(1));
                assert_eq!(query.fetch_one(&db).await.unwrap().name, name);
                let update = customers.update(1, CustomerChanges::default().credit(1));
                assert_eq!(update.fetch_one(&db).await.unwrap().name, name);
            }
        }
    }
}

#[tokio::test]
async fn one_transaction_serves_both_tenants() {
    let stage = Stage::with_rows().await;
    let [acme, globex] = [&stage.acme, &stage.globex].map(|tenant| Customer::repository().for_tenant(tenant));
    let [row_acme, row_globex] =
        [&stage.row_acme, &stage.row_globex].map(|tenant| RowCustomer::repository().for_tenant(tenant));

    let transaction = stage.db.begin().await.unwrap();
    acme.update(1, CustomerChanges::default().credit(-1)).execute(&transaction).await.unwrap();
    globex.update(1, CustomerChanges::default().credit(-2)).execute(&transaction).await.unwrap();
    row_acme.update(1, RowCustomerChanges::default().credit(-3)).execute(&transaction).await.unwrap();
    row_globex.update(1, RowCustomerChanges::default().credit(-4)).execute(&transaction).await.unwrap();
    acme.delete(2).execute(&transaction).await.unwrap();
    row_globex.delete(2).execute(&transaction).await.unwrap();
    assert_eq!(globex.find(1).fetch_one(&transaction).await.unwrap().name, "globex 1");
    assert_eq!(row_acme.find(1).fetch_one(&transaction).await.unwrap().name, "acme 1");
    transaction.commit().await.unwrap();

    let changed = |table| format!("select format('{table} %s %s', id, credit) from {table} where credit < 0 or id = 2");
    let tables = ["acme.customer", "globex.customer", "app.customer"].map(changed);
    let rows = stage.texts(&format!("{} order by 1", tables.join(" union all "))).await;
    assert_eq!(
        rows,
        [
            "acme.customer 1 -1",
            "app.customer 1 -3",
            "app.customer 1 -4",
            "app.customer 2 20",
            "globex.customer 1 -2",
            "globex.customer 2 20",
        ]
    );
    let left = stage.texts("select name from app.customer where id = 2 and credit = 20").await;
    assert_eq!(left, ["acme 2"]);
}

#[tokio::test]
async fn a_roll_back_undoes_the_work_for_both_tenants() {
    let stage = Stage::with_rows().await;
    let names = "select name from acme.customer union all select name from app.customer order by 1";
    let (names_before, others) = (stage.texts(names).await, stage.rows_of_others().await);

    let transaction = stage.db.begin().await.unwrap();
    for tenant in [&stage.acme, &stage.globex] {
        let customers = Customer::repository().for_tenant(tenant);
        customers
            .update_many(CustomerChanges::default().name("changed"))
            .all_rows()
            .execute(&transaction)
            .await
            .unwrap();
    }
    for tenant in [&stage.row_acme, &stage.row_globex] {
        let customers = RowCustomer::repository().for_tenant(tenant);
        customers.delete_many().all_rows().execute(&transaction).await.unwrap();
    }
    transaction.rollback().await.unwrap();

    assert_eq!(stage.texts(names).await, names_before);
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn a_table_without_a_key_is_the_tenants_too() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let events = Event::repository().for_tenant(&stage.acme);
    let event = |what: &str| NewEvent { what: what.to_owned() };

    events.insert(event("acme again")).execute(&stage.db).await.unwrap();
    events.insert_many([event("acme a"), event("acme b")]).execute(&stage.db).await.unwrap();
    let found = events.filter(|e| e.what.contains("acme").or(e.what.contains("globex"))).fetch_all(&stage.db).await;
    assert!(found.as_ref().unwrap().iter().all(|event| event.what.starts_with("acme")), "{found:?}");
    assert_eq!(found.unwrap().len(), 4);
    assert_eq!(events.delete_many().filter(|e| e.what.ne("acme b")).execute(&stage.db).await.unwrap(), 3);
    assert_eq!(events.all().fetch_one(&stage.db).await.unwrap().what, "acme b");
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn a_batch_of_both_tenants_answers_each_its_own() {
    let stage = Stage::with_rows().await;
    let [acme, globex] = [&stage.acme, &stage.globex].map(|tenant| Customer::repository().for_tenant(tenant));
    let [row_acme, row_globex] =
        [&stage.row_acme, &stage.row_globex].map(|tenant| RowCustomer::repository().for_tenant(tenant));
    for _ in 0..3 {
        let answers = tenantry::batch((
            row_globex.find(1).to_fetch_one(),
            acme.find(1).to_fetch_one(),
            row_acme.find(1).to_fetch_one(),
            globex.find(1).to_fetch_one(),
            acme.update_many(CustomerChanges::default().credit(-1)).all_rows().to_execute(),
            row_globex.update_many(RowCustomerChanges::default().credit(-2)).all_rows().to_fetch_all(),
            row_acme.all().count().to_fetch_one(),
            globex.all().to_fetch_all(),
        ));
        let (first, second, third, fourth, written, changed, count, all) = answers.run(&stage.db).await.unwrap();
        let names = [first.name, second.name, third.name, fourth.name];
        assert_eq!(names, ["globex 1", "acme 1", "acme 1", "globex 1"]);
        assert_eq!((written, changed.len(), count, all.len()), (5, 8, 5, 8));
        assert!(changed.iter().all(|customer| customer.name.starts_with("globex") && customer.credit == -2));
        assert!(all.iter().all(|customer| customer.name.starts_with("globex") && customer.credit >= 0));
    }
    let owners = "select string_agg(distinct split_part(name, ' ', 1), ',') from app.customer where credit = -2";
    assert_eq!(stage.texts(owners).await, ["globex"]);
}

#[tokio::test]
async fn a_lock_is_its_tenants_own() {
    let stage = Stage::empty().await;
    let (holder, other) = (stage.db.begin().await.unwrap(), stage.db.begin().await.unwrap());
    holder.lock(&stage.acme, "numbers").await.unwrap();
    holder.lock_shared(&stage.row_acme, "numbers").await.unwrap();
    assert!(!other.try_lock(&stage.acme, "numbers").await.unwrap());
    assert!(!other.try_lock(&stage.row_acme, "numbers").await.unwrap());
    assert!(other.try_lock_shared(&stage.row_acme, "numbers").await.unwrap());
    assert!(other.try_lock(&stage.globex, "numbers").await.unwrap());
    other.lock(&stage.row_globex, "numbers").await.unwrap();
    holder.commit().await.unwrap();
    assert!(other.try_lock(&stage.acme, "numbers").await.unwrap());
}
