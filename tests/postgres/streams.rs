//! Rows one by one, and streams that are given up early.

use std::pin::pin;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use tenantry::TenantId;
use tenantry_tests::{Customer, NewOrderLine, OrderLine};
use tokio::time::timeout;

use crate::session::Session;
use crate::stage::Stage;

const MANY: i64 = 20_000;

/// More rows than a connection reads ahead.
async fn with_many_rows() -> Stage {
    let stage = Stage::with_rows().await;
    let rows =
        format!("select n, 1, '', n, 'acme ' || repeat('x', 500) from generate_series(1000, {}) n", 1000 + MANY - 1);
    stage.execute(&format!("insert into acme.order_line {rows}")).await;
    stage
}

#[tokio::test]
async fn a_long_stream_brings_every_row_once() {
    let stage = with_many_rows().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let query = lines.filter(|l| l.order_id.ge(1000)).order_by(|l| l.order_id.asc());
    let ids: Vec<i64> = query.fetch(&stage.db).map_ok(|line| line.order_id).try_collect().await.unwrap();
    assert!(ids.into_iter().eq(1000..1000 + MANY));
}

#[tokio::test]
async fn a_stream_does_nothing_until_it_is_polled() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    drop(customers.delete_many().all_rows().fetch(&stage.db));
    assert_eq!(customers.all().count().fetch_one(&stage.db).await.unwrap(), 5);
    let mut deleted = customers.delete_many().all_rows().fetch(&stage.db);
    assert!(deleted.try_next().await.unwrap().is_some());
    drop(deleted);
    // The statement ran, and writes as a whole, however many of its rows were read.
    assert_eq!(customers.all().count().fetch_one(&stage.db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_stream_given_up_leaves_the_connection_to_the_next() {
    let stage = with_many_rows().await;
    Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let customers = Customer::repository().for_tenant(&stage.globex);
    for rows_read in [0, 1, 2, 100, 5000] {
        let mut rows = pin!(lines.all().fetch(&db).take(rows_read));
        while rows.try_next().await.unwrap().is_some() {}
        rows.set(lines.all().fetch(&db).take(0));
        assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "globex 1");
        assert_eq!(Session::of(&db).await.isolation, "read committed");
    }
}

#[tokio::test]
async fn a_stream_read_to_its_end_frees_its_connection_before_it_is_dropped() {
    let stage = Stage::with_rows().await;
    let options = tenantry::Database::options().pool_size(1).acquire_timeout(Duration::from_secs(15));
    let db = options.connect(stage.url()).await.unwrap();
    let customers = Customer::repository().for_tenant(&stage.acme);
    let mut rows = customers.all().fetch(&db);
    while rows.try_next().await.unwrap().is_some() {}
    assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
    assert!(rows.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn an_error_is_the_last_item() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&"nobody".parse::<TenantId>().unwrap());
    let items: Vec<_> = customers.all().fetch(&stage.db).collect().await;
    assert_eq!(items.len(), 1);
    assert!(items[0].as_ref().unwrap_err().is_missing_table());

    stage
        .execute(
            "alter table acme.customer alter name drop not null; update acme.customer set name = null where id = 3",
        )
        .await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let items: Vec<_> = customers.all().order_by(|c| c.id.asc()).fetch(&stage.db).collect().await;
    assert_eq!(items.len(), 3);
    assert!(items[1].is_ok());
    let error = items[2].as_ref().unwrap_err().to_string();
    assert_eq!(error, "column `name` of `customer` does not fit its field: it is NULL, and the field is no `Option`");
    assert_eq!(customers.find(1).fetch_one(&stage.db).await.unwrap().name, "acme 1");
}

#[tokio::test]
async fn streams_of_several_tenants_run_side_by_side() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(2).await;
    let [acme, globex] = [&stage.acme, &stage.globex].map(|tenant| {
        let customers = Customer::repository().for_tenant(tenant);
        customers.filter(|c| c.id.le(5)).order_by(|c| c.id.asc()).fetch(&db)
    });
    let pairs: Vec<_> =
        acme.zip(globex).map(|(acme, globex)| (acme.unwrap().name, globex.unwrap().name)).collect().await;
    assert_eq!(pairs[4], ("acme 5".to_owned(), "globex 5".to_owned()));
    assert_eq!(pairs.len(), 5);
}

#[tokio::test]
async fn a_statement_beside_a_stream_on_one_connection_is_refused_instead_of_waiting_for_ever() {
    let stage = with_many_rows().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let customers = Customer::repository().for_tenant(&stage.acme);
    let transaction = stage.db.begin().await.unwrap();
    let mut rows = lines.all().fetch(&transaction);
    assert!(rows.try_next().await.unwrap().is_some());

    let beside = timeout(Duration::from_secs(15), customers.find(1).fetch_one(&transaction)).await;
    let error = beside.expect("the statement waits for rows that only its own task can read").unwrap_err();
    assert!(error.is_stream_open(), "{error}");
    assert!(timeout(Duration::from_secs(15), lines.all().fetch(&transaction).try_next()).await.unwrap().is_err());
    assert_eq!(customers.find(1).fetch_one(&stage.db).await.unwrap().name, "acme 1", "other connections are free");

    assert!(rows.try_next().await.unwrap().is_some(), "the stream goes on");
    drop(rows);
    assert_eq!(customers.find(1).fetch_one(&transaction).await.unwrap().name, "acme 1");
    let mut rows = customers.all().fetch(&transaction);
    while rows.try_next().await.unwrap().is_some() {}
    assert_eq!(customers.find(1).fetch_one(&transaction).await.unwrap().name, "acme 1", "it was read to its end");
    drop(rows);
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn the_rows_of_a_write_are_streamed_too() {
    let stage = Stage::with_rows().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let new =
        |line| NewOrderLine { order_id: 9, line, product: line.to_string(), customer_id: 9, note: "acme".to_owned() };
    let inserted: Vec<i32> =
        lines.insert_many((1..=50).map(new)).fetch(&stage.db).map_ok(|line| line.line).try_collect().await.unwrap();
    assert!(inserted.into_iter().eq(1..=50));
}
