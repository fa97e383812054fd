//! Rows that are copied out: very many, of views and partitioned tables, and streams that are given up.

use std::time::Duration;

use futures_util::TryStreamExt;
use tenantry::TenantTable;
use tenantry_tests::{Customer, NewCustomer, schema_tables};
use tokio::time::timeout;

use crate::locked::{are_blocked, with_locked_rows};
use crate::names::{hostile_names, with_schema};
use crate::session::Session;
use crate::stage::Stage;

/// Whoever would have to wait for a stream that nobody reads waits for longer than this.
const PROMPTLY: Duration = Duration::from_secs(15);

async fn with_many_rows() -> Stage {
    let stage = Stage::with_rows().await;
    stage
        .execute(
            "insert into acme.customer (id, email, name, phone)
             select n, n, 'acme', case when n % 3 = 0 then repeat('x', n % 5000) end from generate_series(1000, 50999) n",
        )
        .await;
    stage
}

#[tokio::test]
async fn fifty_thousand_rows_are_those_of_a_query() {
    let stage = with_many_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let expected = customers.all().fetch_all(&stage.db).await.unwrap();
    assert_eq!(expected.len(), 50_005);
    assert!(customers.copy_out().fetch_all(&stage.db).await.unwrap() == expected);
    let mut rows = customers.copy_out().fetch(&stage.db);
    for row in expected {
        assert_eq!(rows.try_next().await.unwrap(), Some(row));
    }
    assert_eq!(rows.try_next().await.unwrap(), None);
    assert_eq!(rows.try_next().await.unwrap(), None, "and again");
}

#[tokio::test]
async fn a_stream_that_is_given_up_leaves_the_connection_to_the_next() {
    let stage = with_many_rows().await;
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    for read in [0, 1, 7, 5_000, 50_005] {
        let mut rows = customers.copy_out().fetch(&db);
        for _ in 0..read {
            rows.try_next().await.unwrap().unwrap();
        }
        drop(rows);
        let next = timeout(PROMPTLY, Session::of(&db)).await.expect("the next borrower waits");
        next.assert_untouched(&new);
        assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
    }
}

#[tokio::test]
async fn a_stream_that_waits_on_the_server_is_ended_there() {
    let (stage, _holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let mut rows = customers.copy_out().fetch(&db);
    let is_blocked = are_blocked(1);
    tokio::select! {
        _ = rows.try_next() => panic!("the COPY went through a lock"),
        () = stage.wait_until(&is_blocked) => {}
    }
    drop(rows);
    timeout(PROMPTLY, Session::of(&db)).await.expect("the next borrower waits");
    stage.wait_until(&are_blocked(0)).await;
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "measure", tenant_column(tenant: i32), schema = "app")]
struct Measure {
    #[tenant_table(primary_key)]
    id: i32,
    value: f64,
}

const MEASURES: [&str; 2] = [
    "create table app.measure (tenant int, id int, value float8, primary key (tenant, id)) partition by hash (tenant);
     create table app.measure_0 partition of app.measure for values with (modulus 2, remainder 0);
     create table app.measure_1 partition of app.measure for values with (modulus 2, remainder 1);
     comment on column app.measure.tenant is 'tenant'",
    "create table app.measures (tenant int, id int, value float8);
     comment on column app.measures.tenant is 'tenant';
     create view app.measure as select * from app.measures;
     comment on column app.measure.tenant is 'tenant';
     create function app.keep() returns trigger language plpgsql as
         $$ begin insert into app.measures values (new.*); return new; end $$;
     create trigger keep instead of insert on app.measure for each row execute function app.keep()",
];

#[tokio::test]
async fn partitioned_tables_and_views_are_copied() {
    for tables in MEASURES {
        let stage = Stage::empty().await;
        stage.execute(tables).await;
        let tenants = [-1, 1, 2].map(|tenant| tenantry::TenantId::new(tenant).unwrap());
        for tenant in &tenants {
            let rows = (0..100).map(|id| NewMeasure { id, value: f64::from(*tenant.key()) });
            let copy = Measure::repository().for_tenant(tenant).copy_in(rows);
            assert_eq!(copy.execute(&stage.db).await.unwrap(), 100);
        }
        for tenant in &tenants {
            let measures = Measure::repository().for_tenant(tenant);
            let rows: Vec<Measure> = measures.copy_out().fetch(&stage.db).try_collect().await.unwrap();
            let expected = (0..100).map(|id| Measure { id, value: f64::from(*tenant.key()) });
            assert!(rows.into_iter().eq(expected), "{tenant}");
        }
    }
}

#[tokio::test]
async fn a_schema_of_any_name_is_copied_in_and_out() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let names = hostile_names();
    for name in &names {
        stage.execute(&schema_tables(&name.replace('"', "\"\""))).await;
        let customers = Customer::repository().for_tenant(&with_schema(name));
        let new =
            |number: i32| NewCustomer { email: number.to_string(), name: name.clone(), phone: None, credit: None };
        assert_eq!(customers.copy_in((0..3).map(new)).execute(&stage.db).await.unwrap(), 3);
    }
    for name in &names {
        let rows = Customer::repository().for_tenant(&with_schema(name)).copy_out().fetch_all(&stage.db).await.unwrap();
        assert!(rows.len() == 3 && rows.iter().all(|row| row.name == *name), "{name}: {rows:?}");
    }
    assert_eq!(stage.rows_of_others().await, others);
}
