//! On everything that runs statements, for many tenants.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::TryStreamExt;
use tenantry::{Across, AcrossTenants, Database, Executor, IsolationLevel, TenantId, TenantKey, TransactionOptions};
use tenantry_tests::{Customer, RowCustomer};
use tokio::time::timeout;
use uuid::Uuid;

use super::Stage;
use crate::interrupt::Interrupt;
use crate::random::Random;

/// So many tenants that they cannot all be under way at once.
const MANY: usize = 200;

/// Customers of many tenants, by schema and by row, which tell their owner in `name`: each tenant has the keys 1, 2, 3.
async fn with_many() -> (Stage, Vec<TenantId>, Vec<TenantId<Uuid>>) {
    let stage = Stage::empty().await;
    let mut sql = String::new();
    for tenant in 0..MANY {
        let (place, id) = (format!("t{tenant}"), Uuid::from_u128(tenant as u128 + 1));
        let fill = |place: &str, owner: &str| {
            format!(
                "insert into {place}.customer select {owner} n, n || '@x', 't{tenant} ' || n from generate_series(1, 3) n;"
            )
        };
        sql += &format!("create schema {place}; create table {place}.customer (like acme.customer including all);");
        sql += &fill(&place, "");
        sql += &fill("app", &format!("'{id}'::uuid,"));
    }
    stage.execute(&sql).await;
    let slugs = (0..MANY).map(|tenant| format!("t{tenant}").parse().unwrap()).collect();
    let ids = (0..MANY).map(|tenant| TenantId::new(Uuid::from_u128(tenant as u128 + 1)).unwrap()).collect();
    (stage, slugs, ids)
}

fn last_two_by_schema(access: &AcrossTenants, tenants: &[TenantId]) -> Across<tenantry::Slug, Customer> {
    let across = Customer::repository().across(access, tenants);
    across.in_each_tenant(|all| all.filter(|c| c.id.gt(1)).order_by(|c| c.id.desc()))
}

fn last_two_by_row(access: &AcrossTenants, tenants: &[TenantId<Uuid>]) -> Across<Uuid, RowCustomer> {
    let across = RowCustomer::repository().across(access, tenants);
    across.in_each_tenant(|all| all.filter(|c| c.id.gt(1)).order_by(|c| c.id.desc()))
}

fn position<K: TenantKey>(tenants: &[TenantId<K>], tenant: &TenantId<K>) -> usize {
    tenants.iter().position(|known| known == tenant).unwrap()
}

/// Every verb finds every tenant's rows, each with its tenant.
async fn assert_complete(slugs: &[TenantId], ids: &[TenantId<Uuid>], executor: &dyn Executor) {
    let access = AcrossTenants::because("a test");
    let names: Vec<_> = (0..MANY).flat_map(|tenant| [3, 2].map(|id| (tenant, format!("t{tenant} {id}")))).collect();
    macro_rules! assert_names {
        ($tenants:expr, $across:expr) => {{
            let tenants = $tenants;
            let all = $across.fetch_all(executor).await.unwrap();
            let found: Vec<_> = all.iter().map(|(tenant, row)| (position(tenants, tenant), row.name.clone())).collect();
            assert_eq!(found, names);

            let each = $across.fetch_each(executor).await.unwrap();
            assert!(each.iter().map(|(tenant, _)| tenant).eq(tenants));
            let each = each.into_iter().map(|(tenant, rows)| (tenant, rows.unwrap()));
            let found: Vec<_> = each
                .flat_map(|(tenant, rows)| rows.into_iter().map(move |row| (position(tenants, &tenant), row.name)))
                .collect();
            assert_eq!(found, names);

            let mut found: Vec<_> = $across.fetch(executor).try_collect().await.unwrap();
            found.sort_by_key(|(tenant, _)| position(tenants, tenant));
            let found: Vec<_> =
                found.iter().map(|(tenant, row)| (position(tenants, tenant), row.name.clone())).collect();
            assert_eq!(found, names);
        }};
    }
    assert_names!(slugs, last_two_by_schema(&access, slugs));
    assert_names!(ids, last_two_by_row(&access, ids));
}

#[tokio::test]
async fn on_a_pool() {
    let (stage, slugs, ids) = with_many().await;
    assert_complete(&slugs, &ids, &stage.db).await;
    assert_complete(&slugs, &ids, &stage.pool_of(1).await).await;
    let alone = Database::options().share_connections(false).pool_size(5).connect(stage.url()).await.unwrap();
    assert_complete(&slugs, &ids, &alone).await;
    let pooler = Database::options().transaction_pooler().pool_size(3).connect(stage.url()).await.unwrap();
    assert_complete(&slugs, &ids, &pooler).await;
}

#[tokio::test]
async fn on_a_connection_and_in_transactions() {
    let (stage, slugs, ids) = with_many().await;
    let mut connection = stage.db.connection().await.unwrap();
    assert_complete(&slugs, &ids, &connection).await;
    let mut transaction = connection.begin().await.unwrap();
    assert_complete(&slugs, &ids, &transaction).await;
    let savepoint = transaction.savepoint().await.unwrap();
    assert_complete(&slugs, &ids, &savepoint).await;
    savepoint.commit().await.unwrap();
    transaction.commit().await.unwrap();

    let pooler = Database::options().transaction_pooler().connect(stage.url()).await.unwrap();
    let transaction = pooler.begin().await.unwrap();
    assert_complete(&slugs, &ids, &transaction).await;
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn on_the_drivers_own() {
    let (stage, slugs, ids) = with_many().await;
    let mut client = stage.another_client().await;
    assert_complete(&slugs, &ids, &client).await;
    let transaction = client.transaction().await.unwrap();
    assert_complete(&slugs, &ids, &transaction).await;
}

#[tokio::test]
async fn on_a_pool_that_the_application_has_no_statement_stays() {
    let (stage, slugs, ids) = with_many().await;
    let manager = deadpool_postgres::Manager::new(stage.url().parse().unwrap(), tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(2).build().unwrap();
    assert_complete(&slugs, &ids, &pool).await;
    let mut client = pool.get().await.unwrap();
    assert_complete(&slugs, &ids, &client).await;
    let transaction = client.transaction().await.unwrap();
    assert_complete(&slugs, &ids, &transaction).await;
    transaction.commit().await.unwrap();
    // That for all rows is one.
    assert!(client.statement_cache.size() <= 1, "{}", client.statement_cache.size());
}

#[tokio::test]
async fn many_at_once_leave_room_for_others() {
    let (stage, slugs, _) = with_many().await;
    let access = AcrossTenants::because("a test");
    // Each has a connection of its own, and a quarter of the pool is one.
    let alone = Database::options().share_connections(false).pool_size(4).connect(stage.url()).await.unwrap();
    last_two_by_schema(&access, &slugs).fetch_all(&alone).await.unwrap();
    let slow = stage.pool_of(4).await;
    let across = Customer::repository().across(&access, &slugs).in_each_tenant(|all| all.slow());
    assert_eq!(across.fetch_all(&slow).await.unwrap().len(), 3 * MANY);
    let backends =
        "select count(*)::text from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    let stage_has = 1;
    assert_eq!(stage.texts(backends).await, [(1 + 1 + stage_has).to_string()]);
}

#[tokio::test]
async fn in_a_repeatable_read_all_tenants_are_read_at_one_moment() {
    let (stage, slugs, ids) = with_many().await;
    let options = TransactionOptions::new().isolation_level(IsolationLevel::RepeatableRead).read_only();
    let report = stage.db.begin_with(options).await.unwrap();
    assert_complete(&slugs, &ids, &report).await;
    stage.execute("insert into t7.customer (id, email, name) values (4, 'new', 'new')").await;
    assert_complete(&slugs, &ids, &report).await;
    report.commit().await.unwrap();
    let access = AcrossTenants::because("a test");
    let now = last_two_by_schema(&access, &slugs).fetch_all(&stage.db).await.unwrap();
    assert_eq!(now.len(), 2 * MANY + 1);
}

#[tokio::test]
async fn a_stream_that_is_open_stands_in_the_way_and_one_that_is_dropped_does_not() {
    let (stage, slugs, ids) = with_many().await;
    let access = AcrossTenants::because("a test");
    let connection = stage.db.connection().await.unwrap();
    let mut by_schema = last_two_by_schema(&access, &slugs).fetch(&connection);
    assert_eq!(by_schema.try_next().await.unwrap().unwrap().1.name, "t0 3");
    let other = Customer::repository().for_tenant(&slugs[0]);
    assert!(other.find(1).fetch_one(&connection).await.unwrap_err().is_stream_open());
    drop(by_schema);
    assert_eq!(other.find(1).fetch_one(&connection).await.unwrap().name, "t0 1");

    let mut by_row = last_two_by_row(&access, &ids).fetch(&connection);
    assert!(by_row.try_next().await.unwrap().is_some());
    assert!(other.find(1).fetch_one(&connection).await.unwrap_err().is_stream_open());
    drop(by_row);
    assert_eq!(other.find(1).fetch_one(&connection).await.unwrap().name, "t0 1");
}

#[tokio::test]
async fn dropped_anywhere_it_disturbs_nobody() {
    let (stage, slugs, ids) = with_many().await;
    let access = AcrossTenants::because("a test");
    let db = stage.pool_of(3).await;
    let mut random = Random::seeded(3);
    for _ in 0..60 {
        let interrupt = Interrupt::random(&mut random);
        match random.below(3) {
            0 => _ = interrupt.run(last_two_by_schema(&access, &slugs).fetch_all(&db)).await,
            1 => _ = interrupt.run(last_two_by_row(&access, &ids).fetch_all(&db)).await,
            _ => _ = interrupt.run(last_two_by_schema(&access, &slugs).fetch(&db).try_collect::<Vec<_>>()).await,
        }
        let tenant = random.below(MANY as u64) as usize;
        let found = Customer::repository().for_tenant(&slugs[tenant]).find(2).fetch_one(&db);
        let found = timeout(Duration::from_secs(20), found).await.expect("it is not held up").unwrap();
        assert_eq!(found.name, format!("t{tenant} 2"));
    }
}

#[tokio::test]
async fn each_statement_runs_where_its_tenants_others_do() {
    let (stage, slugs, _) = with_many().await;
    let access = AcrossTenants::because("a test");
    let db = stage.pool_of(8).await;
    // Often enough that each is prepared where it runs.
    for _ in 0..4 {
        last_two_by_schema(&access, &slugs).fetch_all(&db).await.unwrap();
    }
    let used: BTreeSet<_> = stage
        .texts("select pid::text from pg_stat_activity where datname = current_database() and query like '%customer%'")
        .await
        .into_iter()
        .collect();
    assert!(used.len() > 1, "they are spread");
}
