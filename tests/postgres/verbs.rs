//! The verbs answer alike on everything that statements run on.

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt};
use tenantry::{Connection, Executor, TenantId};
use tenantry_tests::{Customer, CustomerChanges, Event, NewCustomer, NewOrderLine, OrderLine};

use crate::stage::Stage;

/// A tool of an application's, which takes whatever runs statements.
async fn count(tenant: &TenantId, executor: &impl Executor) -> i64 {
    Customer::repository().for_tenant(tenant).all().count().fetch_one(executor).await.unwrap()
}

/// Every verb, on acme's five customers; leaves them as they were.
async fn every_verb(acme: &TenantId, executor: &impl Executor) {
    let customers = Customer::repository().for_tenant(acme);
    let lines = OrderLine::repository().for_tenant(acme);

    assert_eq!(customers.find(2).fetch_one(executor).await.unwrap().name, "acme 2");
    assert_eq!(customers.find(2).fetch_optional(executor).await.unwrap().unwrap().name, "acme 2");
    assert_eq!(customers.find(2).fetch_all(executor).await.unwrap().len(), 1);
    assert_eq!(customers.find(2).execute(executor).await.unwrap(), 1);
    assert_eq!(customers.all().execute(executor).await.unwrap(), 5);

    assert!(customers.find(99).fetch_one(executor).await.unwrap_err().is_not_found());
    assert_eq!(customers.find(99).fetch_optional(executor).await.unwrap(), None);
    assert_eq!(customers.find(99).fetch_all(executor).await.unwrap(), []);
    assert_eq!(customers.find(99).execute(executor).await.unwrap(), 0);
    assert!(customers.all().fetch_one(executor).await.unwrap_err().is_too_many_rows());
    assert!(customers.all().fetch_optional(executor).await.unwrap_err().is_too_many_rows());

    let mut rows = customers.all().order_by(|c| c.id.asc()).fetch(executor);
    let mut ids = Vec::new();
    while let Some(customer) = rows.try_next().await.unwrap() {
        ids.push(customer.id);
    }
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    assert!(rows.try_next().await.unwrap().is_none(), "and so it stays");
    drop(rows);
    let stream = customers.all().order_by(|c| c.id.desc()).fetch(executor);
    let names: Vec<String> = stream.map_ok(|customer| customer.name).take(2).try_collect().await.unwrap();
    assert_eq!(names, ["acme 5", "acme 4"]);

    let new = NewCustomer { email: "new".to_owned(), name: "acme".to_owned(), phone: None, credit: None };
    let id = customers.insert(new).fetch_one(executor).await.unwrap().id;
    let changes = || CustomerChanges::default().credit(7);
    assert_eq!(customers.update(id, changes()).execute(executor).await.unwrap(), 1);
    assert_eq!(customers.update(id, changes()).fetch_one(executor).await.unwrap().credit, 7);
    assert_eq!(customers.update(99, changes()).execute(executor).await.unwrap(), 0);
    assert!(customers.update(99, changes()).fetch_one(executor).await.unwrap_err().is_not_found());
    let three = || customers.update_many(CustomerChanges::default().name("acme 3")).filter(|c| c.id.eq(3));
    assert_eq!(three().execute(executor).await.unwrap(), 1);
    assert_eq!(three().fetch_all(executor).await.unwrap().len(), 1);
    assert_eq!(customers.delete(id).fetch_optional(executor).await.unwrap().unwrap().credit, 7);
    assert_eq!(customers.delete(id).fetch_optional(executor).await.unwrap(), None);
    assert_eq!(customers.delete(id).execute(executor).await.unwrap(), 0);

    let many = (1..=3).map(|line| NewOrderLine {
        order_id: 7,
        line,
        product: line.to_string(),
        customer_id: 7,
        note: "acme".to_owned(),
    });
    let lines_of_order = lines.filter(|l| l.order_id.eq(7));
    assert_eq!(lines.insert_many(many).fetch(executor).count().await, 3);
    assert_eq!(lines_of_order.fetch_all(executor).await.unwrap().len(), 3);
    assert_eq!(lines.delete_many().filter(|l| l.order_id.eq(7)).fetch_all(executor).await.unwrap().len(), 3);
    assert_eq!(Event::repository().for_tenant(acme).all().fetch_one(executor).await.unwrap().what, "acme event");
    assert_eq!(count(acme, executor).await, 5);
}

#[tokio::test]
async fn on_a_database() {
    let stage = Stage::with_rows().await;
    every_verb(&stage.acme, &stage.db).await;
    every_verb(&stage.acme, &&stage.db).await;
    every_verb(&stage.acme, &&&stage.db.clone()).await;
    every_verb(&stage.acme, &Arc::new(stage.db.clone())).await;
    every_verb(&stage.acme, &stage.pool_of(1).await).await;
}

#[tokio::test]
async fn on_a_connection() {
    let stage = Stage::with_rows().await;
    let connection = stage.db.connection().await.unwrap();
    every_verb(&stage.acme, &connection).await;
    let connection = Connection::from_client(stage.another_client().await);
    every_verb(&stage.acme, &connection).await;
    every_verb(&stage.acme, &connection.into_client().unwrap()).await;
}

#[tokio::test]
async fn on_a_transaction() {
    let stage = Stage::with_rows().await;
    let mut transaction = stage.db.begin().await.unwrap();
    every_verb(&stage.acme, &transaction).await;
    every_verb(&stage.acme, &&transaction).await;
    let mut savepoint = transaction.savepoint().await.unwrap();
    every_verb(&stage.acme, &savepoint).await;
    every_verb(&stage.acme, &savepoint.savepoint().await.unwrap()).await;
    savepoint.commit().await.unwrap();
    transaction.commit().await.unwrap();

    let mut connection = stage.db.connection().await.unwrap();
    every_verb(&stage.acme, &connection.begin().await.unwrap()).await;
}

#[tokio::test]
async fn on_the_drivers_own() {
    let stage = Stage::with_rows().await;
    let mut client = stage.another_client().await;
    every_verb(&stage.acme, &client).await;
    let mut transaction = client.transaction().await.unwrap();
    every_verb(&stage.acme, &transaction).await;
    let savepoint = transaction.savepoint("by_hand").await.unwrap();
    every_verb(&stage.acme, &savepoint).await;
    savepoint.commit().await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(count(&stage.acme, &client).await, 5);
}

#[tokio::test]
async fn on_a_pool_that_the_application_has() {
    let stage = Stage::with_rows().await;
    let manager = deadpool_postgres::Manager::new(stage.url().parse().unwrap(), tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(2).build().unwrap();
    every_verb(&stage.acme, &pool).await;
    every_verb(&stage.acme, &pool).await;
    let mut client = pool.get().await.unwrap();
    every_verb(&stage.acme, &client).await;
    let mut transaction = client.transaction().await.unwrap();
    every_verb(&stage.acme, &transaction).await;
    every_verb(&stage.acme, &transaction.savepoint("by_hand").await.unwrap()).await;
    transaction.commit().await.unwrap();
    assert_eq!(count(&stage.acme, &pool).await, 5);
}

#[tokio::test]
async fn on_connections_that_keep_no_statements() {
    let stage = Stage::with_rows().await;
    for places in [0, 1, 3] {
        let options = tenantry::Database::options().pool_size(1).statement_capacity(places);
        let db = options.connect(stage.url()).await.unwrap();
        every_verb(&stage.acme, &db).await;
        every_verb(&stage.acme, &db).await;
    }
}

#[tokio::test]
async fn on_the_pool_for_many_tasks_at_once() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(3).await;
    let tasks = (0..32).map(|task| {
        let customers = Customer::repository().for_tenant(if task % 2 == 0 { &stage.acme } else { &stage.globex });
        let (db, owner) = (db.clone(), if task % 2 == 0 { "acme" } else { "globex" });
        tokio::spawn(async move {
            for id in 1..=5 {
                assert_eq!(customers.find(id).fetch_one(&db).await.unwrap().name, format!("{owner} {id}"));
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn a_write_of_several_rows_has_happened_when_one_was_asked_for() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let db = stage.pool_of(1).await;
    assert!(customers.delete_many().all_rows().fetch_one(&db).await.unwrap_err().is_too_many_rows());
    assert_eq!(count(&stage.acme, &db).await, 0);
}

#[tokio::test]
async fn a_statement_is_run_again_by_its_clone() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let transaction = stage.db.begin().await.unwrap();
    let found = customers.find_by_email("c1@x");
    let update = customers.update(1, CustomerChanges::default().credit(9));
    let page = customers.filter(|c| c.credit.in_([9, 20])).order_by(|c| c.id.asc()).limit(1);
    let delete = customers.delete_many().filter(|c| c.name.eq("acme 1"));
    assert_eq!(found.clone().fetch_one(&stage.db).await.unwrap().credit, 10);
    assert_eq!(page.clone().fetch_one(&stage.db).await.unwrap().id, 2);
    assert_eq!(update.clone().execute(&transaction).await.unwrap(), 1);
    assert_eq!(update.fetch_one(&transaction).await.unwrap().credit, 9);
    assert_eq!(found.fetch_one(&transaction).await.unwrap().credit, 9);
    assert_eq!(page.fetch_one(&transaction).await.unwrap().id, 1);
    assert_eq!(delete.clone().execute(&transaction).await.unwrap(), 1);
    assert_eq!(delete.execute(&transaction).await.unwrap(), 0);
}
