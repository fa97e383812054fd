//! Statements are kept prepared, as many as were asked for and no more.

use std::collections::BTreeSet;
use std::fmt::Write;

use tenantry::{Connection, Database, Filter, TenantId};
use tenantry_tests::{Customer, CustomerChanges, NewOrderLine, NewRowCustomer, OrderLine, RowCustomer, schema_tables};
use throwaway_postgres::by_hand;

use crate::interrupt::poll_at_most;
use crate::stage::Stage;

/// The names of the statements that the session of this connection has prepared: each has one that no other had before.
pub(crate) async fn names(connection: &Connection) -> BTreeSet<String> {
    let client = connection.unscoped_client();
    let rows = client.simple_query(&by_hand("select name from pg_prepared_statements")).await.unwrap();
    let names = rows.iter().filter_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    names.collect()
}

/// How many they are.
async fn count(connection: &Connection) -> usize {
    names(connection).await.len()
}

async fn connection_with(stage: &Stage, places: usize) -> Connection {
    let db = Database::options().pool_size(1).statement_capacity(places).connect(stage.url()).await.unwrap();
    db.connection().await.unwrap()
}

#[tokio::test]
async fn a_statement_is_prepared_once() {
    let stage = Stage::with_rows().await;
    let connection = connection_with(&stage, 100).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let rows = RowCustomer::repository();
    for id in 1..=5 {
        customers.find(id).fetch_one(&connection).await.unwrap();
        customers.filter(|c| c.id.eq(id)).fetch_one(&connection).await.unwrap();
        customers.find_many((0..id).collect::<Vec<_>>()).fetch_all(&connection).await.unwrap();
        customers.filter(|c| c.id.in_((0..id).collect::<Vec<_>>())).fetch_all(&connection).await.unwrap();
        // One text serves all tenants of a table with a tenant column.
        for tenant in [&stage.row_acme, &stage.row_globex] {
            rows.for_tenant(tenant).find(id).fetch_one(&connection).await.unwrap();
        }
    }
    assert_eq!(count(&connection).await, 5);
}

#[tokio::test]
async fn a_text_that_grows_with_its_values_is_not_kept() {
    let stage = Stage::with_rows().await;
    let connection = connection_with(&stage, 100).await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let customers = RowCustomer::repository().for_tenant(&stage.row_acme);
    for number in 1..20_i64 {
        let new = |line| NewOrderLine {
            order_id: 1000 + number,
            line,
            product: line.to_string(),
            customer_id: number,
            note: String::new(),
        };
        // As arrays it is one text; a default beside a value is none of an array.
        lines.insert_many((0..number as i32).map(new)).execute(&connection).await.unwrap();
        let new = |n: i64| NewRowCustomer {
            email: format!("{number} {n}"),
            name: String::new(),
            phone: None,
            credit: (n % 2 == 0).then_some(1),
        };
        customers.insert_many((0..=number).map(new)).execute(&connection).await.unwrap();
        lines.find_many((0..number).map(|line| (1000, line as i32))).fetch_all(&connection).await.unwrap();
    }
    assert_eq!(count(&connection).await, 1);
}

#[tokio::test]
async fn a_connection_keeps_no_more_statements_than_it_may() {
    let stage = Stage::empty().await;
    let tenants: Vec<TenantId> = (0..40).map(|number| format!("tenant-{number}").parse().unwrap()).collect();
    let mut sql = String::new();
    for tenant in &tenants {
        let schema = tenant.schema();
        let row = format!("insert into \"{schema}\".customer values (1, 'c', '{schema}');");
        write!(sql, "{}{row}", schema_tables(schema)).unwrap();
    }
    stage.execute(&sql).await;

    for places in [0, 1, 16] {
        let connection = connection_with(&stage, places).await;
        for _ in 0..3 {
            for tenant in &tenants {
                let customers = Customer::repository().for_tenant(tenant);
                assert_eq!(customers.find(1).fetch_one(&connection).await.unwrap().name, tenant.schema());
                let changes = CustomerChanges::default().credit(1);
                let changed = customers.update(1, changes).fetch_one(&connection).await.unwrap();
                assert_eq!(changed.name, tenant.schema());
            }
        }
        let kept = count(&connection).await;
        assert!(kept <= places, "{kept} statements in {places} places");
        assert!(places == 0 || kept > 0);
    }
}

#[tokio::test]
async fn dropped_preparations_do_not_pile_up() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    for number in 0..300_i32 {
        // A text that was never prepared before.
        let wanted = customers.filter(|c| Filter::any((0..=number).map(|credit| c.credit.eq(credit))));
        drop(poll_at_most(1, wanted.fetch_all(&db)).await);
        assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
    }
    assert!(count(&db.connection().await.unwrap()).await < 200);
}
