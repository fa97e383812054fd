//! No way to read answers a row of another tenant.

use futures_util::TryStreamExt;
use tenantry::Filter;

use super::{Customer, OrderLine, Stage, acme};

/// Acme's customers are these and no others, by their ids.
#[track_caller]
fn assert_acmes(customers: &[Customer], ids: &[i64]) {
    let names: Vec<&str> = customers.iter().map(|customer| &*customer.name).collect();
    let expected: Vec<String> = ids.iter().map(|id| format!("acme {id}")).collect();
    assert_eq!(names, expected);
    assert!(customers.iter().map(|customer| &customer.id).eq(ids));
}

#[tokio::test]
async fn all_rows_are_the_tenants() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let found = customers.all().order_by(|c| c.id.asc()).fetch_all(&stage.db).await.unwrap();
    assert_acmes(&found, &[1, 2, 3, 4, 5]);
    let streamed: Vec<_> = customers.all().order_by(|c| c.id.asc()).fetch(&stage.db).try_collect().await.unwrap();
    assert_acmes(&streamed, &[1, 2, 3, 4, 5]);
    assert_eq!(customers.all().execute(&stage.db).await.unwrap(), 5);
    let lines = lines.all().fetch_all(&stage.db).await.unwrap();
    assert_eq!(lines.len(), 6);
    assert!(lines.iter().all(|line| line.note.starts_with("acme ")), "{lines:?}");
}

#[tokio::test]
async fn a_key_finds_the_tenants_row() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    assert_acmes(&[customers.find(3).fetch_one(&stage.db).await.unwrap()], &[3]);
    assert_eq!(lines.find(2, 3).fetch_one(&stage.db).await.unwrap().note, "acme 2/3");

    assert_eq!(customers.find(100).fetch_optional(&stage.db).await.unwrap(), None);
    assert_eq!(lines.find(100, 1).fetch_optional(&stage.db).await.unwrap(), None);
}

#[tokio::test]
async fn many_keys_find_the_tenants_rows() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    let mut found = customers.find_many([5, 2, 100, 101, 7]).fetch_all(&stage.db).await.unwrap();
    found.sort_by_key(|customer| customer.id);
    assert_acmes(&found, &[2, 5]);
    let mut found = lines.find_many([(1, 1), (2, 2), (100, 1), (9, 9)]).fetch_all(&stage.db).await.unwrap();
    found.sort_by_key(|line| line.order_id);
    assert_eq!(found.iter().map(|line| &*line.note).collect::<Vec<_>>(), ["acme 1/1", "acme 2/2"]);

    assert!(customers.find_many([100, 101]).fetch_all(&stage.db).await.unwrap().is_empty());
    assert!(customers.find_many([0; 0]).fetch_all(&stage.db).await.unwrap().is_empty());
    assert!(lines.find_many([(100, 1)]).fetch_all(&stage.db).await.unwrap().is_empty());
    assert!(lines.find_many([]).fetch_all(&stage.db).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_unique_key_finds_the_tenants_row() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let lines = OrderLine::repository().for_tenant(acme(&stage));

    assert_acmes(&[customers.find_by_email("c4@x").fetch_one(&stage.db).await.unwrap()], &[4]);
    assert_eq!(lines.find_by_product_of_customer("p2", 1).fetch_one(&stage.db).await.unwrap().note, "acme 1/2");

    assert_eq!(customers.find_by_email("c100@x").fetch_optional(&stage.db).await.unwrap(), None);
    assert_eq!(lines.find_by_product_of_customer("p1", 100).fetch_optional(&stage.db).await.unwrap(), None);
}

#[tokio::test]
async fn no_filter_reaches_beyond_the_tenant() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let all = [1, 2, 3, 4, 5];

    let or = customers.filter(|c| c.id.eq(1).or(c.id.ge(0)));
    assert_acmes(&or.order_by(|c| c.id.asc()).fetch_all(&stage.db).await.unwrap(), &all);
    let or_by_operator = customers.all().filter(|c| c.name.eq("nobody") | c.credit.gt(0));
    assert_acmes(&or_by_operator.order_by(|c| c.id.asc()).fetch_all(&stage.db).await.unwrap(), &all);
    let any = customers.filter(|c| Filter::any([c.id.eq(100), c.id.eq(2), c.name.starts_with("globex")]));
    assert_acmes(&any.fetch_all(&stage.db).await.unwrap(), &[2]);
    let not = customers.filter(|c| !c.id.eq(1));
    assert_acmes(&not.order_by(|c| c.id.asc()).fetch_all(&stage.db).await.unwrap(), &[2, 3, 4, 5]);
    let not_or = customers.filter(|c| !(c.id.eq(1) | c.id.lt(4)) | c.id.eq(2));
    assert_acmes(&not_or.order_by(|c| c.id.asc()).fetch_all(&stage.db).await.unwrap(), &[2, 4, 5]);
    let true_for_all = customers.filter(|_| Filter::all([]));
    assert_acmes(&true_for_all.order_by(|c| c.id.asc()).fetch_all(&stage.db).await.unwrap(), &all);
    let two_of_them = customers.filter(|c| c.id.eq(1).or(c.id.eq(100))).filter(|c| c.id.gt(1).or(c.credit.gt(0)));
    assert_acmes(&two_of_them.fetch_all(&stage.db).await.unwrap(), &[1]);
    let by_choice = customers.all().filter_if(Some(100), |c, id| c.id.eq(id).or(c.id.eq(5)));
    assert_acmes(&by_choice.fetch_all(&stage.db).await.unwrap(), &[5]);
    let of_others = customers.filter(|c| c.name.contains("globex").or(c.id.ge(100)));
    assert_acmes(&of_others.fetch_all(&stage.db).await.unwrap(), &[]);
}

#[tokio::test]
async fn counting_and_existence_are_the_tenants() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let count = async |query: tenantry::Select<Customer>| query.count().fetch_one(&stage.db).await.unwrap();
    let exists = async |query: tenantry::Select<Customer>| query.exists().fetch_one(&stage.db).await.unwrap();

    assert_eq!(count(customers.all()).await, 5);
    assert_eq!(count(customers.filter(|c| c.id.eq(1).or(c.id.ge(100)))).await, 1);
    assert_eq!(count(customers.all().limit(4)).await, 4);
    assert_eq!(count(customers.all().limit(100)).await, 5);
    assert_eq!(count(customers.all().offset(2)).await, 3);
    assert_eq!(count(customers.all().order_by(|c| c.name.desc()).limit(2).offset(4)).await, 1);

    assert!(exists(customers.all()).await);
    assert!(exists(customers.filter(|c| c.id.eq(1))).await);
    assert!(!exists(customers.filter(|c| c.id.eq(100).or(c.id.eq(101)))).await);
    assert!(!exists(customers.all().offset(5)).await);
}

#[tokio::test]
async fn a_page_is_cut_from_the_tenants_rows() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));

    let last = customers.all().order_by(|c| c.id.desc()).limit(2).fetch_all(&stage.db).await.unwrap();
    assert_acmes(&last, &[5, 4]);
    let middle = customers.all().order_by(|c| c.credit.asc()).limit(2).offset(2).fetch_all(&stage.db).await.unwrap();
    assert_acmes(&middle, &[3, 4]);
    let beyond = customers.all().order_by(|c| c.id.asc()).offset(5).fetch_all(&stage.db).await.unwrap();
    assert_acmes(&beyond, &[]);
    let one = customers.all().order_by(|c| c.name.desc()).limit(1).fetch_one(&stage.db).await.unwrap();
    assert_acmes(&[one], &[5]);
}
