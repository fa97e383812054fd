//! Futures dropped at any moment: nobody gets another's answer, and nothing is left for the next borrower.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tenantry::{Database, Error, IsolationLevel, TenantId, TransactionOptions};
use tenantry_tests::{
    Customer, CustomerChanges, NewCustomer, NewRowCustomer, RowCustomer, RowCustomerChanges, schema_tables,
};
use tokio::task::JoinSet;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use crate::interrupt::Interrupt;
use crate::random::Random;
use crate::session::Session;
use crate::stage::Stage;

const TENANTS: u64 = 16;
/// These have a schema as well.
const TENANTS_BY_SCHEMA: u64 = 8;
const CUSTOMERS: i64 = 8;

fn name(tenant: u64) -> String {
    format!("tenant {tenant}")
}

fn by_schema(tenant: u64) -> TenantId {
    format!("tenant-{tenant}").parse().unwrap()
}

fn by_row(tenant: u64) -> TenantId<Uuid> {
    TenantId::new(Uuid::from_u128(1 + u128::from(tenant))).unwrap()
}

/// The tables of all tenants: the same keys, and the tenant's name in each row.
pub(crate) fn tables() -> String {
    let rows = |place: &str, owner: &str, tenant: u64| {
        format!(
            "insert into {place}.customer select {owner} n, 'c' || n || '@x', '{}', null, n
             from generate_series(1, {CUSTOMERS}) n;",
            name(tenant)
        )
    };
    let by_schema = (0..TENANTS_BY_SCHEMA).map(|tenant| {
        let schema = by_schema(tenant);
        schema_tables(schema.schema())
            + &rows(&format!("{:?}", schema.schema()), "", tenant)
            + &format!("alter table {:?}.customer alter id restart with 1000;", schema.schema())
    });
    let by_row = (0..TENANTS).map(|tenant| rows("app", &format!("'{}'::uuid,", by_row(tenant)), tenant));
    by_schema.chain(by_row).collect::<String>() + "alter table app.customer alter id restart with 1000;"
}

/// One random operation of a tenant, which checks its own answer. Transactions are `REPEATABLE READ`, so
/// that a statement that finds itself inside another's can tell.
macro_rules! operation {
    ($name:ident, $key:ty, $table:ident, $new:ident, $changes:ident) => {
        async fn $name(tenant: u64, key: &TenantId<$key>, nonce: u64, db: &Database) -> Result<(), Error> {
            let customers = $table::repository().for_tenant(key);
            let mut random = Random::seeded(nonce);
            let id = 1 + random.below(CUSTOMERS as u64) as i64;
            let check = |customer: &$table| assert_eq!(customer.name, name(tenant));
            match random.below(9) {
                0 => {
                    let found = customers.find(id).fetch_one(db).await?;
                    check(&found);
                    assert_eq!(found.id, id);
                }
                1 => {
                    let found = customers.find_by_email(format!("c{id}@x")).fetch_one(db).await?;
                    check(&found);
                    assert_eq!(found.id, id);
                }
                2 => {
                    let changes = $changes::default().phone(nonce.to_string());
                    let changed = customers.update(id, changes).fetch_one(db).await?;
                    check(&changed);
                    assert_eq!((changed.id, changed.phone), (id, Some(nonce.to_string())));
                }
                3 => {
                    let mut rows = customers.all().order_by(|c| c.id.asc()).fetch(db);
                    for expected in 1..=random.below(1 + CUSTOMERS as u64) as i64 {
                        let row = rows.try_next().await?.unwrap();
                        check(&row);
                        assert_eq!(row.id, expected);
                    }
                }
                4 => {
                    let count = customers.filter(|c| c.email.ne(nonce.to_string())).count().fetch_one(db).await?;
                    assert_eq!(count, CUSTOMERS, "an insert that was never committed is seen");
                }
                5 => {
                    // Rows that are never written: their source ends in an error.
                    let new = |number| $new {
                        email: format!("nonce {nonce} {number}"),
                        name: name(tenant),
                        phone: None,
                        credit: None,
                    };
                    let rows = (0..random.below(3_000)).map(new).map(Ok).chain([Err("no more")]);
                    let error = customers.copy_in(rows).execute(db).await.unwrap_err();
                    if error.as_input_error().is_none() {
                        return Err(error);
                    }
                }
                6 => {
                    let rows = customers.copy_out().fetch_all(db).await?;
                    rows.iter().for_each(check);
                    let mut ids: Vec<_> = rows.iter().map(|row| row.id).collect();
                    ids.sort_unstable();
                    assert!(ids.into_iter().eq(1..=CUSTOMERS), "rows that were never committed are seen");
                }
                7 => {
                    let session = Session::repository().all().fetch_one(db).await?;
                    assert_eq!((&*session.isolation, session.has_written), ("read committed", false));
                }
                _ => {
                    let options = TransactionOptions::new().isolation_level(IsolationLevel::RepeatableRead);
                    let mut transaction = db.begin_with(options).await?;
                    let email = format!("nonce {nonce}");
                    let new = $new { email: email.clone(), name: name(tenant), phone: None, credit: None };
                    let inserted = customers.insert(new).fetch_one(&transaction).await?;
                    assert_eq!(inserted.email, email);
                    let savepoint = transaction.savepoint().await?;
                    let changes = $changes::default().phone("lost");
                    customers.update_many(changes).filter(|c| c.id.eq(inserted.id)).execute(&savepoint).await?;
                    savepoint.rollback().await?;
                    let deleted = customers.delete(inserted.id).fetch_one(&transaction).await?;
                    assert_eq!((&*deleted.email, deleted.phone), (&*email, None));
                    transaction.commit().await?;
                }
            }
            Ok(())
        }
    };
}

operation!(operation_by_schema, tenantry::Slug, Customer, NewCustomer, CustomerChanges);
operation!(operation_by_row, Uuid, RowCustomer, NewRowCustomer, RowCustomerChanges);

/// Runs random operations of all tenants in so many tasks, and drops a good part of them on the way.
pub(crate) async fn drop_at_random(db: &Database, tasks: u64, operations: u64) {
    let (arrived, dropped) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));

    let mut running = JoinSet::new();
    for task in 0..tasks {
        let (db, arrived, dropped) = (db.clone(), Arc::clone(&arrived), Arc::clone(&dropped));
        running.spawn(async move {
            let mut random = Random::seeded(task);
            for _ in 0..operations {
                let (tenant, nonce) = (random.below(TENANTS + TENANTS_BY_SCHEMA), random.next());
                let interrupt = Interrupt::random(&mut random);
                let answer = if tenant < TENANTS {
                    interrupt.run(operation_by_row(tenant, &by_row(tenant), nonce, &db)).await
                } else {
                    let tenant = tenant - TENANTS;
                    interrupt.run(operation_by_schema(tenant, &by_schema(tenant), nonce, &db)).await
                };
                match answer {
                    Some(answer) => answer.unwrap_or_else(|error| panic!("{error}")),
                    None => _ = dropped.fetch_add(1, Ordering::Relaxed),
                }
                arrived.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
    let (all, dropped) = (arrived.load(Ordering::Relaxed), dropped.load(Ordering::Relaxed));
    assert_eq!(all, tasks * operations);
    assert!((all / 10..all * 9 / 10).contains(&dropped), "{dropped} of {all} were dropped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thousands_of_dropped_futures_mix_nothing_up() {
    let stage = Stage::empty().await;
    stage.execute(&tables()).await;
    let new_session = Session::prepare(&stage).await;
    let db = stage.pool_of(4).await;

    drop_at_random(&db, 64, 150).await;
    assert_every_connection_is_clean(&db, 4, &new_session).await;
    assert_nothing_runs(&stage).await;
    assert_no_half_transactions(&stage).await;
}

/// Each connection of the pool serves an innocent borrower as a new one would.
async fn assert_every_connection_is_clean(db: &Database, pool_size: usize, new: &Session) {
    let mut connections = Vec::new();
    for _ in 0..pool_size {
        connections.push(db.connection().await.unwrap());
    }
    for connection in connections {
        Session::of(&connection).await.assert_untouched(new);
        let raw = connection.unscoped_client();
        let error = raw.batch_execute("savepoint inside").await.unwrap_err();
        assert_eq!(error.code(), Some(&SqlState::NO_ACTIVE_SQL_TRANSACTION));
        for nonce in 0..4_i32 {
            assert_eq!(raw.query_one("select $1::int", &[&nonce]).await.unwrap().get::<_, i32>(0), nonce);
        }
    }
}

/// All statements that were cancelled have ended, and no transaction is open.
pub(crate) async fn assert_nothing_runs(stage: &Stage) {
    stage
        .wait_until(
            "select count(*) = 0 from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'",
        )
        .await;
}

/// A transaction that inserts and deletes leaves nothing, wherever it was dropped.
pub(crate) async fn assert_no_half_transactions(stage: &Stage) {
    let mut tables = vec!["app.customer".to_owned()];
    tables.extend((0..TENANTS_BY_SCHEMA).map(|tenant| format!("{:?}.customer", by_schema(tenant).schema())));
    for table in tables {
        let condition = format!("email like 'nonce%' or phone = 'lost' or id > {CUSTOMERS}");
        let left = stage.texts(&format!("select email from {table} where {condition}")).await;
        assert_eq!(left, [""; 0], "{table}");
    }
}
