//! No way to write touches a row of another tenant, and no write of a tenant is in the way of another's.

use super::{Customer, CustomerChanges, NewCustomer, NewOrderLine, OrderLine, OrderLineChanges, Stage, acme};

fn customer(number: i64) -> NewCustomer {
    NewCustomer { email: format!("c{number}@x"), name: format!("acme {number}"), phone: None, credit: None }
}

fn line(order_id: i64, line: i32) -> NewOrderLine {
    NewOrderLine { order_id, line, product: format!("p{line}"), customer_id: order_id, note: "acme".to_owned() }
}

/// Acme's customers as the library reads them.
async fn customers_of_acme(stage: &Stage) -> Vec<(i64, i32)> {
    let customers = Customer::repository().for_tenant(acme(stage));
    let customers = customers.all().order_by(|c| c.id.asc()).fetch_all(&stage.db).await.unwrap();
    assert!(customers.iter().all(|customer| customer.name.starts_with("acme")), "{customers:?}");
    customers.iter().map(|customer| (customer.id, customer.credit)).collect()
}

/// The keys of acme's order lines.
async fn lines_of_acme(stage: &Stage) -> Vec<(i64, i32)> {
    let lines = OrderLine::repository().for_tenant(acme(stage));
    let lines = lines.all().order_by(|l| [l.order_id.asc(), l.line.asc()]).fetch_all(&stage.db).await.unwrap();
    assert!(lines.iter().all(|line| line.note.starts_with("acme")), "{lines:?}");
    lines.iter().map(|line| (line.order_id, line.line)).collect()
}

#[tokio::test]
async fn an_insert_is_the_tenants_also_with_another_tenants_keys() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let new = customers.insert(customer(100)).fetch_one(&stage.db).await.unwrap();
    assert_eq!((new.id, &*new.email, &*new.name, new.credit), (100, "c100@x", "acme 100", 100));
    let new = NewCustomer { credit: Some(7), phone: Some("1".to_owned()), ..customer(101) };
    assert_eq!(customers.insert(new).execute(&stage.db).await.unwrap(), 1);
    let new = lines.insert(line(100, 1)).fetch_one(&stage.db).await.unwrap();
    assert_eq!((new.order_id, new.line, &*new.note), (100, 1, "acme"));

    let credits = [(1, 10), (2, 20), (3, 30), (4, 40), (5, 50), (100, 100), (101, 7)];
    assert_eq!(customers_of_acme(&stage).await, credits);
    assert_eq!(lines_of_acme(&stage).await.last(), Some(&(100, 1)));
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn many_inserts_are_the_tenants_also_with_another_tenants_keys() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let given = NewCustomer { credit: Some(7), ..customer(101) };
    let new = customers.insert_many([customer(100), given, customer(102)]).fetch_all(&stage.db).await.unwrap();
    assert_eq!(new.iter().map(|new| (new.id, new.credit)).collect::<Vec<_>>(), [(100, 100), (101, 7), (102, 100)]);
    assert_eq!(lines.insert_many([line(100, 1), line(100, 2)]).execute(&stage.db).await.unwrap(), 2);

    assert_eq!(customers_of_acme(&stage).await.len(), 8);
    assert_eq!(lines_of_acme(&stage).await[6..], [(100, 1), (100, 2)]);
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn the_tenants_own_keys_stay_unique() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let error = customers.insert(customer(1)).fetch_one(&stage.db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    let error = lines.insert(line(1, 1)).execute(&stage.db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    let error = customers.insert_many([customer(100), customer(2)]).execute(&stage.db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(customers_of_acme(&stage).await.len(), 5, "all or none");
}

#[tokio::test]
async fn an_update_by_key_changes_the_tenants_row() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));
    let changes = || CustomerChanges::default().credit(7);

    let changed = customers.update(2, changes()).fetch_one(&stage.db).await.unwrap();
    assert_eq!((changed.id, &*changed.name, changed.credit), (2, "acme 2", 7));
    let changes_of_line = || OrderLineChanges::default().note("acme, changed");
    let changed = lines.update(1, 2, changes_of_line()).fetch_one(&stage.db).await.unwrap();
    assert_eq!((changed.order_id, changed.line, &*changed.note), (1, 2, "acme, changed"));

    assert_eq!(customers.update(100, changes()).execute(&stage.db).await.unwrap(), 0);
    assert_eq!(customers.update(100, changes()).fetch_optional(&stage.db).await.unwrap(), None);
    assert_eq!(lines.update(100, 1, changes_of_line()).execute(&stage.db).await.unwrap(), 0);

    assert_eq!(customers_of_acme(&stage).await, [(1, 10), (2, 7), (3, 30), (4, 40), (5, 50)]);
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn an_update_of_many_rows_changes_the_tenants_rows() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let credit = |credit| CustomerChanges::default().credit(credit);

    let or = customers.update_many(credit(1)).filter(|c| c.id.eq(1).or(c.id.ge(5)));
    let mut changed = or.fetch_all(&stage.db).await.unwrap();
    changed.sort_by_key(|customer| customer.id);
    assert_eq!(changed.iter().map(|customer| &*customer.name).collect::<Vec<_>>(), ["acme 1", "acme 5"]);
    let chosen = customers.update_many(credit(2)).all_rows().filter_if(Some(2), |c, id| c.id.eq(id).or(c.id.ge(100)));
    assert_eq!(chosen.execute(&stage.db).await.unwrap(), 1);
    let of_others = customers.update_many(credit(9)).filter(|c| c.name.contains("globex").or(c.id.eq(100)));
    assert_eq!(of_others.execute(&stage.db).await.unwrap(), 0);
    assert_eq!(customers_of_acme(&stage).await, [(1, 1), (2, 2), (3, 30), (4, 40), (5, 1)]);

    assert_eq!(customers.update_many(credit(3)).all_rows().execute(&stage.db).await.unwrap(), 5);
    assert_eq!(customers_of_acme(&stage).await, [(1, 3), (2, 3), (3, 3), (4, 3), (5, 3)]);
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn a_delete_by_key_deletes_the_tenants_row() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let deleted = customers.delete(3).fetch_one(&stage.db).await.unwrap();
    assert_eq!((deleted.id, &*deleted.name), (3, "acme 3"));
    assert_eq!(lines.delete(2, 1).execute(&stage.db).await.unwrap(), 1);

    assert_eq!(customers.delete(100).execute(&stage.db).await.unwrap(), 0);
    assert_eq!(customers.delete(100).fetch_optional(&stage.db).await.unwrap(), None);
    assert_eq!(lines.delete(100, 1).execute(&stage.db).await.unwrap(), 0);

    assert_eq!(customers_of_acme(&stage).await, [(1, 10), (2, 20), (4, 40), (5, 50)]);
    assert_eq!(lines_of_acme(&stage).await, [(1, 1), (1, 2), (1, 3), (2, 2), (2, 3)]);
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn a_delete_of_many_rows_deletes_the_tenants_rows() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let or = customers.delete_many().filter(|c| c.id.eq(1).or(c.id.ge(5)));
    let mut deleted = or.fetch_all(&stage.db).await.unwrap();
    deleted.sort_by_key(|customer| customer.id);
    assert_eq!(deleted.iter().map(|customer| &*customer.name).collect::<Vec<_>>(), ["acme 1", "acme 5"]);
    let of_others = customers.delete_many().filter(|c| c.name.contains("globex").or(c.id.eq(100)));
    assert_eq!(of_others.execute(&stage.db).await.unwrap(), 0);
    let negated = lines.delete_many().filter(|l| !(l.order_id.eq(1) & l.line.eq(1)));
    assert_eq!(negated.execute(&stage.db).await.unwrap(), 5);
    assert_eq!(customers_of_acme(&stage).await, [(2, 20), (3, 30), (4, 40)]);
    assert_eq!(lines_of_acme(&stage).await, [(1, 1)]);

    assert_eq!(customers.delete_many().all_rows().execute(&stage.db).await.unwrap(), 3);
    assert_eq!(lines.delete_many().all_rows().execute(&stage.db).await.unwrap(), 1);
    assert_eq!(customers_of_acme(&stage).await, []);
    assert_eq!(lines_of_acme(&stage).await, []);
    assert_eq!(stage.rows_of_others().await, others);
}
