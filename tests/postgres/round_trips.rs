//! What a statement costs on the wire: how often it asks the server, and what it leaves there.

use std::fmt::Write;
use std::ptr;
use std::time::Duration;

use futures_util::future::join_all;
use postgres_types::{FromSql, ToSql};
use tenantry::{Database, Executor, TenantId, TenantTable, batch};
use tenantry_tests::{
    Customer, CustomerChanges, CustomerKey, CustomerRepository, NewCustomer, NewRowCustomer, RowCustomer,
    RowCustomerChanges, RowCustomerRepository,
};
use throwaway_postgres::by_hand;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use crate::locked::{are_blocked, lock, unlock};
use crate::proxy::{Message, Proxy};
use crate::stage::Stage;

/// A message of parse, bind, describe, execute and one sync: the statement has no name.
const AT_ONCE: &str = "PBDES";

/// A message of a statement that the server knows by its name.
const PREPARED: &str = "BES";

/// A pool of one connection that keeps as many statements.
async fn pool(proxy: &Proxy, statements: usize) -> Database {
    let db = proxy.pool(Database::options().pool_size(1).statement_capacity(statements)).await;
    proxy.take_sent();
    db
}

fn kinds(messages: &[Message]) -> String {
    messages.iter().map(|message| message.kind).collect()
}

/// Waits until what goes on beside the statements has ended: a connection is not had alone before.
async fn settle(db: &Database) {
    drop(db.connection().await.unwrap());
}

/// How many statements were given a name.
fn named(messages: &[Message]) -> usize {
    messages.iter().filter(|message| message.kind == 'P' && !message.statement.is_empty()).count()
}

/// A statement that the server knows by its name from now on: what it takes is asked first.
const ASKED_FIRST: &str = "PDSBES";

/// The first use of each statement by a tenant, in a pool in which another tenant has used it.
macro_rules! first_uses {
    ($proxy:ident, $expected:ident, [$others:ident, $own:ident]: $repository:ty, $new:ident, $changes:ident) => {{
        let new = || $new { email: "new".to_owned(), name: "acme".to_owned(), phone: None, credit: Some(7) };
        first_uses!(
            $proxy, $expected, [$others, $own]: $repository,
            |c| c.find(1) => fetch_one,
            |c| c.find_by_email("c2@x") => fetch_one,
            |c| c.find_many([1, 2]) => fetch_all,
            |c| c.filter(|c| c.name.starts_with("") & c.credit.gt(10)) => fetch_all,
            |c| c.all().order_by(|c| c.id.asc()).limit(2) => fetch_all,
            |c| c.filter(|c| c.email.eq("c3@x")).count() => fetch_one,
            |c| c.insert(new()) => fetch_one,
            |c| c.update(2, $changes::default().name("changed")) => fetch_one,
            |c| c.delete(3) => execute,
            |c| c.delete_many().filter(|c| c.id.in_([4, 5])) => fetch_all,
        );
    }};
    (
        $proxy:ident, $expected:ident, [$others:ident, $own:ident]: $repository:ty,
        $(|$customers:ident| $statement:expr => $verb:ident,)+
    ) => {
        $(
            let db = pool(&$proxy, 256).await;
            let statement_of = |$customers: &$repository| $statement;
            statement_of(&$others).$verb(&db).await.unwrap();
            assert_eq!(kinds(&$proxy.take_sent()), ASKED_FIRST, "{}", stringify!($statement));
            statement_of(&$own).$verb(&db).await.unwrap();
            assert_eq!(kinds(&$proxy.take_sent()), $expected, "{}", stringify!($statement));
        )+
    };
    (many: $proxy:ident, $own:ident, $new:ident) => {{
        // What the insert of one row taught.
        let new = |email: &str| $new { email: email.to_owned(), name: "acme".to_owned(), phone: None, credit: Some(7) };
        let db = pool(&$proxy, 256).await;
        $own.insert(new("one")).execute(&db).await.unwrap();
        $proxy.take_sent();
        assert_eq!($own.insert_many(["a", "b", "c"].map(new)).execute(&db).await.unwrap(), 3);
        assert_eq!(kinds(&$proxy.take_sent()), AT_ONCE, "many rows");
    }};
}

#[tokio::test]
async fn the_first_statement_of_a_tenant_is_one_round_trip() {
    let stage = Stage::with_rows().await;
    stage
        .execute("alter table globex.customer alter id restart 1000; alter table app.customer alter id restart 1000")
        .await;
    let proxy = Proxy::before(stage.url()).await;
    let tenants = [&stage.globex, &stage.acme].map(|tenant| Customer::repository().for_tenant(tenant));
    let [globex, acme] = tenants;
    first_uses!(proxy, AT_ONCE, [globex, acme]: CustomerRepository<TenantId>, NewCustomer, CustomerChanges);
    first_uses!(many: proxy, acme, NewCustomer);

    let tenants = [&stage.row_globex, &stage.row_acme].map(|tenant| RowCustomer::repository().for_tenant(tenant));
    let [globex, acme] = tenants;
    // It is the same statement for both.
    first_uses!(proxy, PREPARED, [globex, acme]: RowCustomerRepository<TenantId<Uuid>>, NewRowCustomer, RowCustomerChanges);
    first_uses!(many: proxy, acme, NewRowCustomer);
}

#[tokio::test]
async fn the_first_statement_of_a_connection_is_one_round_trip() {
    let stage = Stage::with_rows().await;
    let proxy = Proxy::before(stage.url()).await;
    let db = proxy.pool(Database::options().pool_size(2)).await;
    let rows = RowCustomer::repository().for_tenant(&stage.row_acme);
    let (first, second) = (db.connection().await.unwrap(), db.connection().await.unwrap());
    proxy.take_sent();
    rows.find(1).fetch_one(&first).await.unwrap();
    assert_eq!(kinds(&proxy.take_sent()), ASKED_FIRST);
    rows.find(1).fetch_one(&second).await.unwrap();
    assert_eq!(kinds(&proxy.take_sent()), AT_ONCE);
}

#[tokio::test]
async fn a_statement_is_prepared_beside_its_second_use_for_the_third() {
    let stage = Stage::with_rows().await;
    let proxy = Proxy::before(stage.url()).await;
    let db = pool(&proxy, 256).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    Customer::repository().for_tenant(&stage.globex).find(1).fetch_one(&db).await.unwrap();
    proxy.take_sent();

    for number in 1..=4 {
        let expected = match number {
            1 => AT_ONCE.to_owned(),
            // Behind it, and nobody waits for that.
            2 => format!("{AT_ONCE}PDS"),
            _ => PREPARED.to_owned(),
        };
        assert_eq!(customers.find(number).fetch_one(&db).await.unwrap().name, format!("acme {number}"));
        settle(&db).await;
        assert_eq!(kinds(&proxy.take_sent()), expected, "use {number}");
    }
}

#[tokio::test]
async fn many_first_uses_at_a_time_are_prepared_once() {
    let stage = Stage::with_rows().await;
    let proxy = Proxy::before(stage.url()).await;
    let db = pool(&proxy, 256).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    Customer::repository().for_tenant(&stage.globex).find(1).fetch_one(&db).await.unwrap();
    proxy.take_sent();
    for found in join_all((0..50).map(|_| customers.find(1).fetch_one(&db))).await {
        assert_eq!(found.unwrap().name, "acme 1");
    }
    settle(&db).await;
    assert_eq!(named(&proxy.take_sent()), 1);
}

/// All statements of the batch are sent while the first of them waits for a lock: before any answer.
macro_rules! assert_one_flight {
    ($proxy:ident, $stage:ident, $holder:ident, $batch:expr, $executor:expr, $expected:expr) => {{
        lock(&$holder).await;
        $proxy.take_sent();
        let all_are_sent = async {
            $stage.wait_until(&are_blocked(1)).await;
            let deadline = Instant::now() + Duration::from_secs(10);
            while $proxy.count('S') < 8 && Instant::now() < deadline {
                sleep(Duration::from_millis(1)).await;
            }
            assert_eq!(kinds(&$proxy.take_sent()), $expected, "{}", stringify!($executor));
            unlock(&$holder).await;
        };
        let (answers, ()) = tokio::join!($batch.run($executor), all_are_sent);
        let answers = answers.unwrap();
        assert_eq!((&*answers.0.name, &*answers.7[0].name), ("acme 1", "globex 1"));
        assert_eq!(kinds(&$proxy.take_sent()), "", "nothing more was to be asked");
    }};
}

#[tokio::test]
async fn a_batch_is_one_flight() {
    let stage = Stage::with_rows().await;
    let holder = stage.another_client().await;
    let proxy = Proxy::before(stage.url()).await;
    let db = pool(&proxy, 256).await;
    let [acme, globex] = [&stage.acme, &stage.globex].map(|tenant| Customer::repository().for_tenant(tenant));
    let [row_acme, row_globex] =
        [&stage.row_acme, &stage.row_globex].map(|tenant| RowCustomer::repository().for_tenant(tenant));
    let statements = batch((
        acme.find(1).to_fetch_one(),
        acme.all().to_fetch_all(),
        globex.find(9).to_fetch_optional(),
        acme.all().count().to_fetch_one(),
        row_acme.update(1, RowCustomerChanges::default().credit(7)).to_execute(),
        row_globex.find(1).to_fetch_one(),
        globex.delete(9).to_execute(),
        globex.find_many([1]).to_fetch_all(),
    ));
    // Prepared once, and once more as what brings no rows.
    for _ in 0..4 {
        statements.clone().run(&db).await.unwrap();
        settle(&db).await;
    }
    assert_one_flight!(proxy, stage, holder, statements.clone(), &db, PREPARED.repeat(8));
    let mut connection = db.connection().await.unwrap();
    assert_one_flight!(proxy, stage, holder, statements.clone(), &connection, PREPARED.repeat(8));
    let transaction = connection.begin().await.unwrap();
    assert_one_flight!(proxy, stage, holder, statements.clone(), &transaction, PREPARED.repeat(8));
    transaction.commit().await.unwrap();
    let mut transaction = connection.begin().await.unwrap();
    let savepoint = transaction.savepoint().await.unwrap();
    assert_one_flight!(proxy, stage, holder, statements.clone(), &savepoint, PREPARED.repeat(8));
    drop(savepoint);
    drop(transaction);
    drop(connection);

    // On a connection on which nothing is prepared, where the types are known.
    let cold = proxy.pool(Database::options().pool_size(1).statement_capacity(0)).await;
    statements.clone().run(&cold).await.unwrap();
    assert_one_flight!(proxy, stage, holder, statements, &cold, AT_ONCE.repeat(8));
}

#[tokio::test]
async fn what_a_batch_has_to_ask_is_asked_together() {
    let stage = Stage::with_rows().await;
    let proxy = Proxy::before(stage.url()).await;
    let db = pool(&proxy, 256).await;
    let acme = Customer::repository().for_tenant(&stage.acme);
    let statements = batch((acme.find(1).to_fetch_one(), acme.find_by_email("c2@x").to_fetch_one()));
    statements.run(&db).await.unwrap();
    // Two flights: both are prepared before either is run.
    assert_eq!(kinds(&proxy.take_sent()), "PDSPDSBESBES");
}

#[tokio::test]
async fn many_rows_are_one_statement_however_many_they_are() {
    let stage = Stage::with_rows().await;
    let proxy = Proxy::before(stage.url()).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let insert = |rows: i32, kind: &'static str| {
        let new = move |n: i32| NewCustomer {
            email: format!("{kind} {rows} {n}"),
            name: String::new(),
            phone: None,
            credit: Some(n),
        };
        customers.insert_many((0..rows).map(new))
    };

    // Shared with other statements, and alone.
    let db = pool(&proxy, 256).await;
    for (rows, expected) in [(3, "PDSCSPBDES"), (200, "PBDESPDS"), (1, PREPARED), (5_000, PREPARED)] {
        assert_eq!(insert(rows, "shared").execute(&db).await.unwrap(), rows as u64);
        settle(&db).await;
        assert_eq!(kinds(&proxy.take_sent()), expected, "{rows} rows");
    }
    let connection = db.connection().await.unwrap();
    for (rows, expected) in [(3, AT_ONCE), (200, "PDSBES"), (1, PREPARED), (5_000, PREPARED)] {
        // It brings rows, and is another statement.
        assert_eq!(insert(rows, "alone").fetch_all(&connection).await.unwrap().len(), rows as usize);
        assert_eq!(kinds(&proxy.take_sent()), expected, "{rows} rows");
    }
    drop(connection);

    // In a transaction, the third part is prepared already.
    assert_eq!(insert(30_000, "in parts").execute(&db).await.unwrap(), 30_000);
    assert_eq!(kinds(&proxy.take_sent()), "QBESBESBESQ");

    // Upserts are kept as well.
    let upsert = |rows| insert(rows, "shared").on_conflict(CustomerKey::Email).update_all();
    for (rows, expected) in [(3, AT_ONCE), (200, "PBDESPDS"), (1, PREPARED)] {
        assert_eq!(upsert(rows).execute(&db).await.unwrap(), rows as u64);
        settle(&db).await;
        assert_eq!(kinds(&proxy.take_sent()), expected, "{rows} rows");
    }
}

#[derive(Debug, Clone, Copy, PartialEq, ToSql, FromSql)]
#[postgres(name = "mood", rename_all = "lowercase")]
enum Mood {
    Happy,
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "feeling", tenant_column(tenant_id: Uuid), schema = "app")]
struct Feeling {
    #[tenant_table(primary_key)]
    id: i32,
    mood: Mood,
}

#[tokio::test]
async fn the_array_of_a_type_of_the_databases_own_is_asked_for_once() {
    let stage = Stage::empty().await;
    stage
        .execute(
            "create type app.mood as enum ('happy');
             create table app.feeling (tenant_id uuid, id int, mood app.mood, primary key (tenant_id, id))",
        )
        .await;
    let proxy = Proxy::before(stage.url()).await;
    let db = proxy.pool(Database::options().pool_size(2)).await;
    let feelings = Feeling::repository().for_tenant(&stage.row_acme);
    let insert = |first| feelings.insert_many((first..first + 3).map(|id| NewFeeling { id, mood: Mood::Happy }));
    let (first, second) = (db.connection().await.unwrap(), db.connection().await.unwrap());
    proxy.take_sent();

    insert(0).execute(&first).await.unwrap();
    let asked = kinds(&proxy.take_sent());
    assert_eq!(asked.matches(AT_ONCE).count(), 1, "{asked}");
    insert(10).execute(&second).await.unwrap();
    assert_eq!(kinds(&proxy.take_sent()), asked.replace(AT_ONCE, ""));
    for connection in [&first, &second] {
        insert(if ptr::eq(connection, &first) { 20 } else { 30 }).execute(connection).await.unwrap();
        assert_eq!(kinds(&proxy.take_sent()), PREPARED);
    }
}

/// The driver asks for the name of a type in the middle of a reply, whose rows can stand in the way of the answer.
#[tokio::test]
async fn many_rows_with_a_type_of_the_databases_own_come_on_each_connection() {
    let stage = Stage::empty().await;
    stage
        .execute(
            "create type app.mood as enum ('happy');
             create table app.feeling (tenant_id uuid, id int, mood app.mood, primary key (tenant_id, id));",
        )
        .await;
    let feelings = Feeling::repository().for_tenant(&stage.row_acme);
    stage
        .execute(&format!(
            "insert into app.feeling select '{}', n, 'happy' from generate_series(1, 30000) n",
            stage.row_acme
        ))
        .await;
    let db = stage.pool_of(3).await;
    let mut connections = Vec::new();
    for _ in 0..3 {
        connections.push(db.connection().await.unwrap());
    }
    for connection in connections {
        let all = timeout(Duration::from_secs(20), feelings.all().fetch_all(&connection));
        assert_eq!(all.await.expect("the rows are waited for in vain").unwrap().len(), 30_000);
    }
}

/// The statements that the connection which reads this keeps prepared, through a view.
#[derive(Debug, TenantTable)]
#[tenant_table(name = "prepared", shared, schema = "catalog", keyless)]
struct Prepared {
    statements: i64,
}

/// Tenants with a customer each.
async fn tenants(stage: &Stage, count: usize) -> Vec<TenantId> {
    let tenants: Vec<TenantId> = (0..count).map(|number| format!("tenant-{number}").parse().unwrap()).collect();
    let mut sql = String::new();
    for tenant in &tenants {
        let schema = tenant.schema();
        write!(
            sql,
            "create schema \"{schema}\";
             create table \"{schema}\".customer as
                 select id, email, '{schema}' as name, phone, credit from acme.customer where id = 1;"
        )
        .unwrap();
    }
    stage.execute(&sql).await;
    tenants
}

async fn find(tenant: &TenantId, db: &Database) {
    let customers = Customer::repository().for_tenant(tenant);
    assert_eq!(customers.find(1).fetch_one(db).await.unwrap().name, tenant.schema());
}

#[tokio::test]
async fn what_is_kept_prepared_no_longer_is_closed_on_the_server() {
    const CAPACITY: usize = 8;
    let stage = Stage::with_rows().await;
    stage.execute("create view catalog.prepared as select count(*) as statements from pg_prepared_statements").await;
    let tenants = tenants(&stage, 40).await;
    let proxy = Proxy::before(stage.url()).await;
    let db = pool(&proxy, CAPACITY).await;

    // One after another is asked for much, and is worth a place for a while.
    let mut most = 0;
    for tenant in &tenants {
        for _ in 0..40 {
            find(tenant, &db).await;
        }
        most = most.max(Prepared::repository().all().fetch_one(&db).await.unwrap().statements);
    }
    settle(&db).await;
    // Sent after whatever is still to be closed.
    Prepared::repository().all().fetch_one(&db).await.unwrap();
    // One that is just being prepared, and one that is just being closed.
    assert!(most >= CAPACITY as i64 && most <= CAPACITY as i64 + 2, "{most} statements were prepared");
    let sent = proxy.take_sent();
    let (named, closed) = (named(&sent), sent.iter().filter(|message| message.kind == 'C').count());
    assert!(closed > 10 && named - closed <= CAPACITY, "{named} were prepared and {closed} closed");
}

#[tokio::test]
async fn a_tenant_that_is_read_often_stays_prepared_among_many_that_are_read_once() {
    let stage = Stage::with_rows().await;
    let tenants = tenants(&stage, 101).await;
    let (hot, cold) = tenants.split_first().unwrap();
    let proxy = Proxy::before(stage.url()).await;
    let db = pool(&proxy, 8).await;
    for _ in 0..4 {
        find(hot, &db).await;
        settle(&db).await;
    }
    for cold in cold {
        find(cold, &db).await;
        settle(&db).await;
        proxy.take_sent();
        find(hot, &db).await;
        let sent = proxy.take_sent();
        // Others may still be closed before it.
        let of_hot: Vec<_> = sent.into_iter().skip_while(|message| "CS".contains(message.kind)).collect();
        assert_eq!(kinds(&of_hot), PREPARED, "after {}", cold.schema());
    }
}

/// Times and numbers with fractions: of these only the server knows the type of the column.
#[derive(Debug, Clone, TenantTable)]
#[tenant_table(name = "reading")]
struct Reading {
    #[tenant_table(primary_key)]
    id: i32,
    taken: OffsetDateTime,
    value: f64,
}

/// Every verb, on statements of both kinds of values.
async fn use_every_verb(stage: &Stage, executor: &dyn Executor) {
    let readings = Reading::repository().for_tenant(&stage.acme);
    let rows = RowCustomer::repository().for_tenant(&stage.row_acme);
    let taken = datetime!(2026-11-23 22:46:31 UTC);
    let new = |id: i32| NewReading { id, taken, value: f64::from(id) / 2.0 };

    assert_eq!(readings.insert(new(1)).fetch_one(executor).await.unwrap().value, 0.5);
    assert_eq!(readings.insert_many([new(2), new(3)]).execute(executor).await.unwrap(), 2);
    assert_eq!(readings.find(1).fetch_one(executor).await.unwrap().taken, taken);
    assert_eq!(readings.find_many([1, 3]).fetch_all(executor).await.unwrap().len(), 2);
    let high = readings.filter(|r| r.value.gt(0.75) & r.taken.le(taken));
    assert_eq!(high.clone().fetch_all(executor).await.unwrap().len(), 2);
    assert_eq!(high.count().fetch_one(executor).await.unwrap(), 2);
    let mut stream = high.order_by(|r| r.value.desc()).fetch(executor);
    assert_eq!(stream.try_next().await.unwrap().unwrap().id, 3);
    while stream.try_next().await.unwrap().is_some() {}
    drop(stream);
    let changed = readings.update(1, ReadingChanges::default().value(7.5)).fetch_one(executor).await.unwrap();
    assert_eq!(changed.value, 7.5);
    let later = ReadingChanges::default().taken(datetime!(2027-01-01 0:00 UTC));
    assert_eq!(readings.update_many(later).filter(|r| r.value.lt(7.0)).execute(executor).await.unwrap(), 2);
    assert_eq!(readings.delete(1).execute(executor).await.unwrap(), 1);
    assert_eq!(readings.delete_many().all_rows().fetch_all(executor).await.unwrap().len(), 2);

    assert_eq!(rows.find_by_email("c2@x").fetch_optional(executor).await.unwrap().unwrap().name, "acme 2");
    assert!(rows.filter(|c| c.name.contains("acme")).exists().fetch_one(executor).await.unwrap());
}

#[tokio::test]
async fn unnamed_statements_leave_no_name_on_the_server() {
    let stage = Stage::with_rows().await;
    stage
        .execute("create table acme.reading (id int primary key, taken timestamptz not null, value float8 not null)")
        .await;
    let proxy = Proxy::before(stage.url()).await;
    let db = proxy.pool(Database::options().pool_size(1).transaction_pooler()).await;

    // More than once: a statement that is used again is no more named than before.
    for _ in 0..3 {
        use_every_verb(&stage, &db).await;
        let mut transaction = db.begin().await.unwrap();
        use_every_verb(&stage, &transaction).await;
        let savepoint = transaction.savepoint().await.unwrap();
        use_every_verb(&stage, &savepoint).await;
        savepoint.commit().await.unwrap();
        transaction.commit().await.unwrap();
    }
    let connection = db.connection().await.unwrap();
    use_every_verb(&stage, &connection).await;

    let sent = proxy.take_sent();
    assert!(kinds(&sent).matches('P').count() > 100, "they were sent through the proxy");
    assert!(sent.iter().all(|message| message.statement.is_empty()), "{sent:?}");
    let left =
        connection.unscoped_client().simple_query(&by_hand("select name from pg_prepared_statements")).await.unwrap();
    let left = left.iter().filter(|message| matches!(message, tokio_postgres::SimpleQueryMessage::Row(_))).count();
    assert_eq!(left, 0);
}
