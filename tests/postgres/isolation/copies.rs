//! A COPY reads and writes the rows of one tenant, in either direction.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{Customer, NewCustomer, NewOrderLine, OrderLine, Stage, acme};

fn customer(number: i64) -> NewCustomer {
    NewCustomer { email: format!("c{number}@x"), name: format!("acme {number}"), phone: None, credit: None }
}

fn line(order_id: i64, line: i32) -> NewOrderLine {
    NewOrderLine { order_id, line, product: format!("p{line}"), customer_id: order_id, note: "acme".to_owned() }
}

#[tokio::test]
async fn rows_that_are_copied_in_are_the_tenants_also_with_another_tenants_keys() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    // The defaults are the database's, or given.
    assert_eq!(customers.copy_in([100, 101].map(customer)).execute(&stage.db).await.unwrap(), 2);
    let given = NewCustomer { credit: Some(7), phone: Some("1".to_owned()), ..customer(102) };
    assert_eq!(customers.copy_in(stream::iter([given])).execute(&stage.db).await.unwrap(), 1);
    assert_eq!(lines.copy_in((1..=3).map(|number| line(100, number))).execute(&stage.db).await.unwrap(), 3);

    let all = customers.all().order_by(|c| c.id.asc()).fetch_all(&stage.db).await.unwrap();
    let new: Vec<_> = all[5..].iter().map(|new| (new.id, &*new.email, &*new.name, new.credit)).collect();
    assert_eq!(
        new,
        [(100, "c100@x", "acme 100", 100), (101, "c101@x", "acme 101", 100), (102, "c102@x", "acme 102", 7)]
    );
    assert_eq!(all[7].phone.as_deref(), Some("1"));
    let all = lines.all().order_by(|l| [l.order_id.asc(), l.line.asc()]).fetch_all(&stage.db).await.unwrap();
    assert!(all.len() == 9 && all.iter().all(|line| line.note.starts_with("acme")), "{all:?}");
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn a_copy_out_brings_the_tenants_rows() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let expected = customers.all().fetch_all(&stage.db).await.unwrap();
    assert_eq!(expected.len(), 5);
    assert_eq!(customers.copy_out().fetch_all(&stage.db).await.unwrap(), expected);
    let streamed: Vec<Customer> = customers.copy_out().fetch(&stage.db).try_collect().await.unwrap();
    assert_eq!(streamed, expected);

    let expected = lines.all().fetch_all(&stage.db).await.unwrap();
    assert_eq!(lines.copy_out().fetch_all(&stage.db).await.unwrap(), expected);
    lines.delete_many().all_rows().execute(&stage.db).await.unwrap();
    assert_eq!(lines.copy_out().fetch_all(&stage.db).await.unwrap(), []);
    assert!(lines.copy_out().fetch(&stage.db).next().await.is_none());
}

#[tokio::test]
async fn the_tenants_own_keys_stay_unique_in_a_copy() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let error = customers.copy_in([customer(100), customer(2)]).execute(&stage.db).await.unwrap_err();
    assert!(error.is_unique_violation() && !error.may_have_run(), "{error}");
    let error = lines.copy_in([line(100, 1), line(1, 1)]).execute(&stage.db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(customers.all().count().fetch_one(&stage.db).await.unwrap(), 5, "all or none");
    assert_eq!(lines.all().count().fetch_one(&stage.db).await.unwrap(), 6, "all or none");
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn rows_go_from_a_copy_into_a_copy_in_one_transaction() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let transaction = stage.db.begin().await.unwrap();
    let read = lines.copy_out().fetch_all(&transaction).await.unwrap();
    let again = read.iter().map(|line| NewOrderLine {
        order_id: line.order_id + 99,
        line: line.line,
        product: line.product.clone(),
        customer_id: line.customer_id + 99,
        note: line.note.clone(),
    });
    assert_eq!(lines.copy_in(again).execute(&transaction).await.unwrap(), 6);
    assert_eq!(lines.copy_out().fetch_all(&transaction).await.unwrap().len(), 12);
    assert_eq!(lines.find(100, 1).fetch_one(&transaction).await.unwrap().note, "acme 1/1");
    transaction.commit().await.unwrap();
    assert_eq!(lines.all().count().fetch_one(&stage.db).await.unwrap(), 12);
    assert_eq!(stage.rows_of_others().await, others);
}
