//! A statement on the pool, in one flight with the transaction that carries its tenant.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::BytesMut;
use tenantry::{Database, Error, TenantId, TenantTable, batch};
use tenantry_tests::secured::{Customer, CustomerChanges, NewCustomer, NewOrderLine, OrderLine};
use tenantry_tests::{Customer as OpenCustomer, NewCustomer as NewOpenCustomer};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, Type};
use uuid::Uuid;

use super::Stage;
use crate::interrupt::{Interrupt, poll_once};
use crate::proxy::Proxy;
use crate::random::Random;

fn new(email: impl Into<String>, owner: &str) -> NewCustomer {
    NewCustomer { email: email.into(), name: owner.to_owned(), phone: None, credit: None }
}

/// A pool of one connection, whose messages are seen.
async fn seen(stage: &Stage) -> (Proxy, Database) {
    let proxy = Proxy::that_rewrites(stage.config(), str::to_owned).await;
    let db = proxy.pool(Database::options().pool_size(1)).await;
    (proxy, db)
}

fn kinds(proxy: &Proxy) -> String {
    proxy.take_sent().iter().map(|message| message.kind).collect()
}

#[tokio::test]
async fn the_setting_the_statement_and_the_end_leave_before_the_first_answer() {
    let stage = Stage::with_rows().await;
    let (proxy, db) = seen(&stage).await;
    let customers = Customer::repository().for_tenant(&stage.row_acme);
    for _ in 0..3 {
        customers.find(1).fetch_one(&db).await.unwrap();
    }
    drop(db.connection().await.unwrap());
    proxy.take_sent();

    let mut finding = pin!(customers.find(1).fetch_one(&db));
    assert!(poll_once(&mut finding).await.is_none());
    let deadline = Instant::now() + Duration::from_secs(20);
    while proxy.count('Q') < 2 {
        assert!(Instant::now() < deadline, "the end is not sent with the beginning");
        sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(kinds(&proxy), "QBESQ");
    assert_eq!(finding.await.unwrap().name, "acme 1");
    assert_eq!(kinds(&proxy), "");

    // Several statements, each with its own tenant, in one flight as well.
    let others = Customer::repository().for_tenant(&stage.row_globex);
    let answers = batch((customers.find(2).to_fetch_one(), others.find(2).to_fetch_one())).run(&db).await.unwrap();
    assert_eq!((&*answers.0.name, &*answers.1.name), ("acme 2", "globex 2"));
    assert_eq!(kinds(&proxy), "QBESQQBESQ");
}

#[tokio::test]
async fn a_table_without_row_level_security_pays_nothing() {
    let stage = Stage::with_rows().await;
    let (proxy, db) = seen(&stage).await;
    let plans = tenantry_tests::Plan::repository();
    for _ in 0..3 {
        plans.find("free").fetch_one(&db).await.unwrap();
    }
    drop(db.connection().await.unwrap());
    proxy.take_sent();
    plans.find("free").fetch_one(&db).await.unwrap();
    assert_eq!(kinds(&proxy), "BES");
}

#[tokio::test]
async fn what_fails_at_the_end_of_its_transaction_has_failed() {
    let stage = Stage::with_rows().await;
    stage
        .execute(
            "alter table app.order_line add foreign key (tenant_id, customer_id)
             references app.customer (tenant_id, id) deferrable initially deferred not valid",
        )
        .await;
    let lines = OrderLine::repository().for_tenant(&stage.row_acme);
    let of =
        |customer_id| NewOrderLine { order_id: 7, line: 1, product: "p".to_owned(), customer_id, note: String::new() };
    for _ in 0..4 {
        let error = lines.insert(of(77)).execute(&stage.db).await.unwrap_err();
        assert!(error.is_foreign_key_violation(), "{error}");
        let error = lines.insert(of(77)).fetch_one(&stage.db).await.unwrap_err();
        assert!(error.is_foreign_key_violation(), "{error}");
    }
    assert_eq!(lines.all().count().fetch_one(&stage.db).await.unwrap(), 6);
    lines.insert(of(1)).execute(&stage.db).await.unwrap();
}

/// The tenant's rows are hidden where the statement says another tenant than the setting, never shown.
#[tokio::test]
async fn a_policy_that_knows_another_setting_hides_everything() {
    #[derive(Debug, TenantTable)]
    #[tenant_table(name = "customer", tenant_column(tenant_id: Uuid), schema = "app", rls = "app.somebody")]
    struct Elsewhere {
        #[tenant_table(primary_key)]
        id: i64,
    }
    let stage = Stage::with_rows().await;
    let elsewhere = Elsewhere::repository().for_tenant(&stage.row_acme);
    assert_eq!(elsewhere.all().fetch_all(&stage.db).await.unwrap().len(), 0);
    stage
        .execute(
            "create policy elsewhere on app.customer as restrictive
             using (tenant_id = nullif(current_setting('app.somebody', true), '')::uuid);
             drop policy customer_tenant on app.customer",
        )
        .await;
    assert_eq!(elsewhere.all().fetch_all(&stage.db).await.unwrap().iter().filter(|row| row.id > 0).count(), 5);
}

/// On a shared connection nobody's statement gets into another's transaction, which may fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_statement_that_fails_takes_nobody_elses_with_it() {
    const TASKS: u64 = 32;
    const EACH: u64 = 150;
    let stage = Stage::with_rows().await;
    stage.execute(&format!("grant usage on schema acme to {0}; grant all on acme.customer to {0}", stage.role)).await;
    let db = stage.pool(Database::options().pool_size(1)).await;
    let (acme, row_acme) = (stage.acme.clone(), stage.row_acme.clone());
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let (db, acme, row_acme) = (db.clone(), acme.clone(), row_acme.clone());
        tasks.spawn(async move {
            for number in 0..EACH {
                if task % 2 == 0 {
                    let email = format!("{task} {number}");
                    let new = NewOpenCustomer { email, name: "new".to_owned(), phone: None, credit: None };
                    OpenCustomer::repository().for_tenant(&acme).insert(new).execute(&db).await.unwrap();
                } else {
                    let customers = Customer::repository().for_tenant(&row_acme);
                    let error = customers.insert(new("c1@x", "acme")).execute(&db).await.unwrap_err();
                    assert!(error.is_unique_violation(), "{error}");
                }
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    let written = stage.texts("select count(*)::text from acme.customer where name = 'new'").await;
    assert_eq!(written, [(TASKS / 2 * EACH).to_string()], "a statement that went well was rolled back");
}

/// Text that panics where it is written.
#[derive(Debug)]
struct Careless;

impl tokio_postgres::types::ToSql for Careless {
    fn to_sql(&self, _: &Type, _: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        panic!("careless")
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

impl<'a> tokio_postgres::types::FromSql<'a> for Careless {
    fn from_sql(_: &Type, _: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[derive(Debug, TenantTable)]
#[tenant_table(name = "customer", tenant_column(tenant_id: Uuid), schema = "app", rls)]
struct CarelessCustomer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    email: String,
    name: Careless,
}

/// The driver keeps what such a value has written in part, and the connection ends by it: with an error for those who share it,
/// and without the loss of anything that was answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_value_that_panics_leaves_no_transaction_to_others() {
    let stage = Stage::with_rows().await;
    stage.execute(&format!("grant usage on schema acme to {0}; grant all on acme.customer to {0}", stage.role)).await;
    let db = stage.pool(Database::options().pool_size(1)).await;
    let mut others = JoinSet::new();
    for task in 0..8 {
        let (db, acme) = (db.clone(), stage.acme.clone());
        others.spawn(async move {
            let mut answered = 0;
            for number in 0..50 {
                let email = format!("{task} {number}");
                let new = NewOpenCustomer { email, name: "new".to_owned(), phone: None, credit: None };
                match OpenCustomer::repository().for_tenant(&acme).insert(new).execute(&db).await {
                    Ok(_) => answered += 1,
                    Err(error) => assert!(error.is_connection(), "{error}"),
                }
            }
            answered
        });
    }
    for _ in 0..20 {
        let (db, tenant) = (db.clone(), stage.row_acme.clone());
        let panics = tokio::spawn(async move {
            let new = NewCarelessCustomer { email: "careless".to_owned(), name: Careless };
            CarelessCustomer::repository().for_tenant(&tenant).insert(new).execute(&db).await
        });
        assert!(panics.await.unwrap_err().is_panic());
    }
    let mut answered = 0;
    while let Some(ended) = others.join_next().await {
        answered += ended.unwrap();
    }
    let written = stage.texts("select count(*)::text from acme.customer where name = 'new'").await;
    let written: u64 = written[0].parse().unwrap();
    assert!((1..=written).contains(&answered), "{answered} were answered, and {written} are seen");
    // Read once, so that the fields are.
    let read = CarelessCustomer::repository().for_tenant(&stage.row_acme).find(1).fetch_one(&db).await.unwrap();
    assert!(matches!(read, CarelessCustomer { id: 1, name: Careless, .. }) && read.email == "c1@x");
}

/// What a borrower finds on its connection.
#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "carried", shared, schema = "catalog", keyless)]
struct Carried {
    tenant: String,
    has_written: bool,
}

const CARRIED: &str = "
    create view catalog.carried as select
        coalesce(current_setting('tenantry.tenant', true), '') as tenant,
        pg_current_xact_id_if_assigned() is not null as has_written;
    grant select on catalog.carried to public;
";

fn nothing_carried() -> Carried {
    Carried { tenant: String::new(), has_written: false }
}

/// A random operation of a tenant, which checks its own answer.
async fn operation(tenant: &TenantId<Uuid>, name: &str, nonce: u64, db: &Database) -> Result<(), Error> {
    let customers = Customer::repository().for_tenant(tenant);
    let mut random = Random::seeded(nonce);
    let id = 1 + random.below(5) as i64;
    match random.below(7) {
        0 => assert_eq!(customers.find(id).fetch_one(db).await?.name, format!("{name} {id}")),
        1 => {
            let mut rows = customers.all().order_by(|c| c.id.asc()).fetch(db);
            for expected in 1..=random.below(6) as i64 {
                assert_eq!(rows.try_next().await?.unwrap().name, format!("{name} {expected}"));
            }
        }
        2 => {
            let error = customers.insert(new("c1@x", name)).execute(db).await.unwrap_err();
            if !error.is_unique_violation() {
                return Err(error);
            }
        }
        3 => {
            let changed = customers.update(id, CustomerChanges::default().phone("called")).fetch_one(db).await?;
            assert_eq!(changed.name, format!("{name} {id}"));
        }
        4 => assert_eq!(Carried::repository().all().fetch_one(db).await?, nothing_carried()),
        5 => {
            let rows = customers.copy_out().fetch_all(db).await?;
            assert!(rows.iter().all(|row| row.name.starts_with(name)), "{rows:?}");
        }
        _ => {
            let mut transaction = db.begin().await?;
            let inserted = customers.insert(new(format!("nonce {nonce}"), name)).fetch_one(&transaction).await?;
            let savepoint = transaction.savepoint().await?;
            customers.delete(id).execute(&savepoint).await?;
            savepoint.rollback().await?;
            customers.find(id).fetch_one(&transaction).await?;
            customers.delete(inserted.id).execute(&transaction).await?;
            transaction.commit().await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thousands_of_dropped_futures_leave_no_setting_and_no_transaction() {
    const POOL: usize = 4;
    let stage = Stage::with_rows().await;
    stage.execute(CARRIED).await;
    let db = stage.pool(Database::options().pool_size(POOL)).await;
    let dropped = Arc::new(AtomicU64::new(0));
    let mut tasks = JoinSet::new();
    for task in 0..32 {
        let (db, dropped) = (db.clone(), Arc::clone(&dropped));
        let tenants = [(stage.row_acme.clone(), "acme"), (stage.row_globex.clone(), "globex")];
        tasks.spawn(async move {
            let mut random = Random::seeded(task);
            for _ in 0..100 {
                let (tenant, name) = &tenants[random.below(2) as usize];
                let (nonce, interrupt) = (random.next(), Interrupt::random(&mut random));
                match interrupt.run(operation(tenant, name, nonce, &db)).await {
                    Some(answer) => answer.unwrap_or_else(|error| panic!("{error}")),
                    None => _ = dropped.fetch_add(1, Ordering::Relaxed),
                }
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    let dropped = dropped.load(Ordering::Relaxed);
    assert!((320..2_880).contains(&dropped), "{dropped} of 3,200 were dropped");

    let mut connections = Vec::new();
    for _ in 0..POOL {
        connections.push(db.connection().await.unwrap());
    }
    for connection in connections {
        assert_eq!(Carried::repository().all().fetch_one(&connection).await.unwrap(), nothing_carried());
        let error = connection.unscoped_client().batch_execute("savepoint inside").await.unwrap_err();
        assert_eq!(error.code(), Some(&SqlState::NO_ACTIVE_SQL_TRANSACTION));
    }
    let left = stage.texts("select email from app.customer where email like 'nonce%'").await;
    assert_eq!(left, [""; 0], "a transaction was committed by half");
}
