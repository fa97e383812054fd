//! An insert that meets a row with the same key meets the tenant's own, and never another tenant's.

use tokio_postgres::error::SqlState;

use super::{Customer, CustomerKey, NewCustomer, NewOrderLine, OrderLine, OrderLineKey, Stage, acme};

/// Acme has the first five by their addresses, and globex has all.
fn customer(number: i64) -> NewCustomer {
    let (email, name) = (format!("c{number}@x"), format!("acme, again {number}"));
    NewCustomer { email, name, phone: Some("1".to_owned()), credit: None }
}

fn line(order_id: i64, line: i32) -> NewOrderLine {
    NewOrderLine { order_id, line, product: format!("p{line}"), customer_id: order_id, note: "acme, again".to_owned() }
}

/// Acme's customers as the library reads them.
async fn customers_of_acme(stage: &Stage) -> Vec<(String, String, Option<String>, i32)> {
    let customers = Customer::repository().for_tenant(acme(stage));
    let customers = customers.all().order_by(|c| c.id.asc()).fetch_all(&stage.db).await.unwrap();
    assert!(customers.iter().all(|customer| customer.name.starts_with("acme")), "{customers:?}");
    customers.into_iter().map(|c| (c.email, c.name, c.phone, c.credit)).collect()
}

fn expected(number: i64, name: &str, phone: Option<&str>, credit: i32) -> (String, String, Option<String>, i32) {
    (format!("c{number}@x"), format!("{name} {number}"), phone.map(ToOwned::to_owned), credit)
}

#[tokio::test]
async fn an_upsert_changes_the_tenants_row_or_inserts_one() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let changed = customers.insert(customer(3)).on_conflict(CustomerKey::Email).update_all();
    let changed = changed.fetch_one(&stage.db).await.unwrap();
    assert_eq!((changed.id, &*changed.name, changed.credit), (3, "acme, again 3", 30), "it gives no credit");
    let given = NewCustomer { credit: Some(7), ..customer(4) };
    let changed = customers.insert(given).on_conflict(CustomerKey::Email).update_all();
    assert_eq!(changed.fetch_one(&stage.db).await.unwrap().credit, 7);
    let changed = customers.insert(customer(5)).on_conflict(CustomerKey::Email).update(|c| c.phone);
    assert_eq!(changed.fetch_one(&stage.db).await.unwrap().name, "acme 5");
    let new = customers.insert(customer(100)).on_conflict(CustomerKey::Email).update_all();
    let new = new.fetch_one(&stage.db).await.unwrap();
    assert!((100..110).contains(&new.id), "{}", new.id);

    let changed = lines.insert(line(1, 2)).on_conflict(OrderLineKey::PrimaryKey).update_all();
    assert_eq!(changed.fetch_one(&stage.db).await.unwrap().note, "acme, again");
    let by_product = NewOrderLine { order_id: 7, ..line(2, 3) };
    let by_product = NewOrderLine { customer_id: 2, ..by_product };
    let changed = lines.insert(by_product).on_conflict(OrderLineKey::ProductOfCustomer).update_all();
    let changed = changed.fetch_one(&stage.db).await.unwrap();
    assert_eq!((changed.order_id, changed.line, &*changed.note), (2, 3, "acme, again"), "the key stays");
    let new = lines.insert(line(100, 1)).on_conflict(OrderLineKey::PrimaryKey).update_all();
    assert_eq!(new.execute(&stage.db).await.unwrap(), 1);

    assert_eq!(
        customers_of_acme(&stage).await,
        [
            expected(1, "acme", None, 10),
            expected(2, "acme", Some("02"), 20),
            expected(3, "acme, again", Some("1"), 30),
            expected(4, "acme, again", Some("1"), 7),
            expected(5, "acme", Some("1"), 50),
            expected(100, "acme, again", Some("1"), 100),
        ]
    );
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn an_insert_that_does_nothing_on_conflict_brings_no_row() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let before = customers_of_acme(&stage).await;
    let insert = |number| customers.insert(customer(number)).on_conflict(CustomerKey::Email).do_nothing();

    assert_eq!(insert(1).fetch_optional(&stage.db).await.unwrap(), None);
    assert_eq!(insert(2).execute(&stage.db).await.unwrap(), 0);
    assert!(insert(3).fetch_one(&stage.db).await.unwrap_err().is_not_found());
    assert_eq!(customers_of_acme(&stage).await, before);
    assert_eq!(insert(100).fetch_optional(&stage.db).await.unwrap().unwrap().name, "acme, again 100");
    assert_eq!(insert(101).execute(&stage.db).await.unwrap(), 1);
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn upserts_of_many_rows_change_the_tenants_rows_or_insert_them() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let news = [101, 4, 100, 1].map(customer);
    let written = customers.insert_many(news).on_conflict(CustomerKey::Email).update(|c| (c.name, c.phone));
    let written = written.fetch_all(&stage.db).await.unwrap();
    let names: Vec<_> = written.iter().map(|customer| &*customer.name).collect();
    assert_eq!(names, ["acme, again 101", "acme, again 4", "acme, again 100", "acme, again 1"]);
    assert_eq!((written[1].id, written[1].credit, written[3].id), (4, 40, 1));
    // Some give the credit: it is set for all.
    let news = [(2, Some(7)), (3, None)].map(|(number, credit)| NewCustomer { credit, ..customer(number) });
    let written = customers.insert_many(news).on_conflict(CustomerKey::Email).update_all();
    assert_eq!(written.execute(&stage.db).await.unwrap(), 2);

    let news = [line(100, 2), line(1, 1), line(2, 3)];
    let written = lines.insert_many(news).on_conflict(OrderLineKey::PrimaryKey).update_all();
    assert!(written.fetch_all(&stage.db).await.unwrap().iter().all(|line| line.note == "acme, again"));

    assert_eq!(
        customers_of_acme(&stage).await.iter().filter(|(_, name, ..)| name.starts_with("acme, again")).count(),
        6
    );
    let credits: Vec<_> = customers_of_acme(&stage).await.iter().take(5).map(|(.., credit)| *credit).collect();
    assert_eq!(credits, [10, 7, 100, 40, 50]);
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn of_many_rows_those_that_are_not_there_are_inserted_and_brought() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let insert = |numbers: &[i64]| {
        let news: Vec<_> = numbers.iter().map(|number| customer(*number)).collect();
        customers.insert_many(news).on_conflict(CustomerKey::Email).do_nothing()
    };

    let written = insert(&[5, 102, 1, 100]).fetch_all(&stage.db).await.unwrap();
    let names: Vec<_> = written.iter().map(|customer| &*customer.name).collect();
    assert_eq!(names, ["acme, again 102", "acme, again 100"]);
    assert_eq!(insert(&[102, 101, 3, 101]).execute(&stage.db).await.unwrap(), 1, "a key that comes twice counts once");
    assert_eq!(insert(&[1, 2]).fetch_optional(&stage.db).await.unwrap(), None);
    assert_eq!(insert(&[1, 2]).fetch_all(&stage.db).await.unwrap(), []);
    assert_eq!(customers_of_acme(&stage).await[0], expected(1, "acme", None, 10));
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn a_key_that_comes_twice_updates_nothing() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let before = customers_of_acme(&stage).await;
    let twice = customers.insert_many([100, 1, 1].map(customer)).on_conflict(CustomerKey::Email).update_all();
    let error = twice.execute(&stage.db).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::CARDINALITY_VIOLATION), "{error}");
    assert_eq!(customers_of_acme(&stage).await, before, "all or none");
}

#[tokio::test]
async fn a_conflict_on_another_key_is_an_error() {
    let stage = Stage::with_rows().await;
    let lines = OrderLine::repository().for_tenant(acme(&stage));
    let new = NewOrderLine { order_id: 9, ..line(1, 1) };
    let new = NewOrderLine { customer_id: 1, ..new };
    let error = lines.insert(new).on_conflict(OrderLineKey::PrimaryKey).do_nothing().execute(&stage.db).await;
    assert!(error.unwrap_err().is_unique_violation());
}
