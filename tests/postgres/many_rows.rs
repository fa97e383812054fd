//! Inserts of more rows than one statement takes, and of columns that are no arrays: all or none, in their order.

use std::error::Error;
use std::future::Future;

use bytes::{BufMut, BytesMut};
use postgres_types::{Format, FromSql, IsNull, ToSql, Type};
use serde_json::{Value as Json, json};
use tenantry::{Connection, Database, Executor, TenantId, TenantTable};
use tenantry_tests::{
    Customer, CustomerChanges, CustomerKey, NewCustomer, NewOrderLine, NewRowCustomer, NewRowOrderLine, OrderLine,
    OrderLineKey, RowCustomer, RowCustomerChanges, RowCustomerKey, RowOrderLine,
};
use time::OffsetDateTime;
use time::macros::datetime;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use crate::interrupt::poll_once;
use crate::session::Session;
use crate::stage::Stage;

fn line(order_id: i64) -> NewOrderLine {
    NewOrderLine { order_id, line: 1, product: String::new(), customer_id: order_id, note: "acme".to_owned() }
}

fn row_line(order_id: i64) -> NewRowOrderLine {
    NewRowOrderLine { order_id, line: 1, product: String::new(), customer_id: order_id, note: "acme".to_owned() }
}

fn customer(number: i32, credit: Option<i32>) -> NewCustomer {
    NewCustomer { email: number.to_string(), name: "acme".to_owned(), phone: None, credit }
}

fn row_customer(number: i32, credit: Option<i32>) -> NewRowCustomer {
    NewRowCustomer { email: number.to_string(), name: "acme".to_owned(), phone: None, credit }
}

async fn count(stage: &Stage, condition: &str) -> String {
    stage.texts(&format!("select count(*)::text from {condition}")).await.remove(0)
}

/// All that statements run on.
async fn on_each_executor(stage: &Stage, mut run: impl AsyncFnMut(&dyn Executor, &str)) {
    run(&stage.db, "database").await;
    run(&stage.db.connection().await.unwrap(), "connection").await;
    run(&Connection::from_client(stage.another_client().await), "connection around a client").await;
    let mut transaction = stage.db.begin().await.unwrap();
    run(&transaction, "transaction").await;
    let savepoint = transaction.savepoint().await.unwrap();
    run(&savepoint, "savepoint").await;
    savepoint.commit().await.unwrap();
    transaction.commit().await.unwrap();

    let mut client = stage.another_client().await;
    run(&client, "client").await;
    let transaction = client.transaction().await.unwrap();
    run(&transaction, "client's transaction").await;
    transaction.commit().await.unwrap();
    let manager = deadpool_postgres::Manager::new(stage.url().parse().unwrap(), tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    run(&pool, "deadpool").await;
    let mut client = pool.get().await.unwrap();
    run(&client, "deadpool's client").await;
    let transaction = client.transaction().await.unwrap();
    run(&transaction, "deadpool's transaction").await;
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn seventy_thousand_rows_come_back_in_their_order() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let written = lines.insert_many((1000..71_000).map(line)).fetch_all(&stage.db).await.unwrap();
    assert!(written.iter().map(|line| line.order_id).eq(1000..71_000));
    let lines = RowOrderLine::repository().for_tenant(&stage.row_acme);
    assert_eq!(lines.insert_many((1000..71_000).map(row_line)).execute(&stage.db).await.unwrap(), 70_000);
    let mut rows = lines.insert_many((100_000..125_000).map(row_line)).fetch(&stage.db);
    for order_id in 100_000..125_000 {
        assert_eq!(rows.try_next().await.unwrap().unwrap().order_id, order_id);
    }
    assert!(rows.try_next().await.unwrap().is_none());
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn identities_are_counted_in_the_order_of_the_rows() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let new = |n: i32| customer(n, None);
    let written = customers.insert_many((0..25_000).rev().map(new)).fetch_all(&stage.db).await.unwrap();
    let expected = (100..).zip((0..25_000).rev()).map(|(id, n)| (id, n.to_string(), 100));
    assert!(written.into_iter().map(|customer| (customer.id, customer.email, customer.credit)).eq(expected));
}

#[tokio::test]
async fn everything_that_runs_statements_takes_any_number_of_rows() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let lines = RowOrderLine::repository().for_tenant(&stage.row_acme);
    let mut first = 1000;
    on_each_executor(&stage, async |executor, name| {
        let range = first..first + 14_000;
        first = range.end;
        let written = lines.insert_many(range.clone().map(row_line)).fetch_all(executor).await.unwrap();
        assert!(written.iter().map(|line| line.order_id).eq(range), "{name}");
        let few = lines.insert_many([row_line(-first), row_line(-first - 1)]).execute(executor).await.unwrap();
        assert_eq!(few, 2, "{name}");
    })
    .await;
    assert_eq!(stage.rows_of_others().await, others);
}

/// What is brought may hold values of its own, of which no column tells the type.
#[tokio::test]
async fn values_stand_in_what_is_brought_on_everything_that_runs_statements() {
    macro_rules! assert_brought {
        ($executor:ident, $name:ident, $first:expr, $customers:expr, $changes:ident, $customer:ident) => {{
            // Asked about, prepared and kept.
            for first in [$first, $first + 100, $first + 200, $first + 300] {
                let expected = |n: i32, credit: i32| (n.to_string(), "none".to_owned(), credit + 7, credit);
                let insert = |news: Vec<_>| {
                    let insert = $customers.insert_many(news);
                    insert.returning(|c| (c.email, c.phone.or("none"), c.credit + 7, c.credit))
                };
                let all = insert((first..first + 3).map(|n| $customer(n, Some(n))).collect());
                let brought = all.fetch_all($executor).await.unwrap_or_else(|error| panic!("{}: {error}", $name));
                assert_eq!(brought, [first, first + 1, first + 2].map(|n| expected(n, n)), "{}", $name);

                let (given, left_out) = ($customer(first + 3, Some(5)), $customer(first + 4, None));
                let some = insert(vec![left_out, given]).fetch_all($executor).await.unwrap();
                assert_eq!(some, [expected(first + 4, 100), expected(first + 3, 5)], "{}", $name);
                let one = insert(vec![$customer(first + 5, Some(1))]).fetch_one($executor).await.unwrap();
                assert_eq!(one, expected(first + 5, 1), "{}", $name);
                let one = $customers.insert($customer(first + 6, Some(2))).returning(|c| c.phone.or("none"));
                assert_eq!(one.fetch_one($executor).await.unwrap(), "none", "{}", $name);

                // Where rows are only counted nothing is brought, and nothing bound for it.
                let counted = insert((first + 7..first + 9).map(|n| $customer(n, Some(n))).collect());
                assert_eq!(counted.execute($executor).await.unwrap(), 2, "{}", $name);
                let counted = insert(vec![$customer(first + 9, None), $customer(first + 10, Some(1))]);
                assert_eq!(counted.execute($executor).await.unwrap(), 2, "{}", $name);
                let counted = $customers.insert($customer(first + 11, None)).returning(|c| c.phone.or("none"));
                assert_eq!(counted.execute($executor).await.unwrap(), 1, "{}", $name);
                let changed = || {
                    let changed = $customers.update_many($changes::default().name("changed"));
                    changed.filter(|c| c.email.eq((first + 11).to_string())).returning(|c| c.phone.or("none"))
                };
                assert_eq!(changed().execute($executor).await.unwrap(), 1, "{}", $name);
                assert_eq!(changed().fetch_all($executor).await.unwrap(), ["none"], "{}", $name);
            }
        }};
    }

    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let by_schema = Customer::repository().for_tenant(&stage.acme);
    let by_row = RowCustomer::repository().for_tenant(&stage.row_acme);
    let mut first = 1000;
    let mut run = async |executor: &dyn Executor, name: &str| {
        first += 1000;
        assert_brought!(executor, name, first, by_schema, CustomerChanges, customer);
        assert_brought!(executor, name, first, by_row, RowCustomerChanges, row_customer);
    };
    on_each_executor(&stage, &mut run).await;
    let unnamed = Database::options().pool_size(1).transaction_pooler().connect(stage.url()).await.unwrap();
    run(&unnamed, "without names").await;
    let transaction = unnamed.begin().await.unwrap();
    run(&transaction, "transaction without names").await;
    transaction.commit().await.unwrap();

    // In several statements.
    let insert = |first: i32| {
        let news = (first..first + 10_001).map(|n| customer(n, Some(n)));
        by_schema.insert_many(news).returning(|c| c.credit + 7)
    };
    for db in [&stage.db, &unnamed] {
        first += 100_000;
        let brought = insert(first).fetch_all(db).await.unwrap();
        assert!(brought.into_iter().eq(first + 7..first + 10_008));
        assert_eq!(insert(first + 20_000).execute(db).await.unwrap(), 10_001);
    }
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn rows_with_and_without_a_default_go_in_several_statements_too() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    // Four values of most rows, and five with the tenant's.
    let credit = |n: i32| (n % 7 > 0).then_some(n + 1_000);
    let expected = |n: i32| credit(n).unwrap_or(100);
    let customers = Customer::repository().for_tenant(&stage.acme);
    let written =
        customers.insert_many((0..20_000).map(|n| customer(n, credit(n)))).fetch_all(&stage.db).await.unwrap();
    assert!(written.iter().map(|customer| customer.credit).eq((0..20_000).map(expected)));
    let customers = RowCustomer::repository().for_tenant(&stage.row_acme);
    let connection = stage.db.connection().await.unwrap();
    let news = (0..20_000).map(|n| row_customer(n, credit(n)));
    assert_eq!(customers.insert_many(news).execute(&connection).await.unwrap(), 20_000);
    assert_eq!(count(&stage, "app.customer where credit = 100 and email ~ '^[0-9]+$'").await, "2858");
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn all_rows_or_none_also_where_the_last_is_refused() {
    let stage = Stage::with_rows().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let before = count(&stage, "acme.order_line").await;
    let twice = || lines.insert_many((1000..26_000).chain([1000]).map(line));

    let mut connection = stage.db.connection().await.unwrap();
    for error in [
        twice().execute(&stage.db).await.map(drop).unwrap_err(),
        twice().fetch_all(&stage.db).await.map(drop).unwrap_err(),
        twice().fetch_optional(&stage.db).await.map(drop).unwrap_err(),
        twice().execute(&connection).await.map(drop).unwrap_err(),
        twice().slow().execute(&connection).await.map(drop).unwrap_err(),
        twice().execute(&stage.client).await.map(drop).unwrap_err(),
    ] {
        assert_eq!(error.code(), Some(&SqlState::UNIQUE_VIOLATION), "{error}");
        assert!(!error.may_have_run());
        assert_eq!(count(&stage, "acme.order_line").await, before);
    }
    // The connection is as before, in no transaction.
    lines.insert(line(500)).execute(&connection).await.unwrap();
    assert_eq!(count(&stage, "acme.order_line where order_id = 500").await, "1");

    let transaction = connection.begin().await.unwrap();
    assert!(twice().execute(&transaction).await.unwrap_err().is_unique_violation());
    assert!(transaction.commit().await.unwrap_err().is_transaction_aborted());
    assert_eq!(count(&stage, "acme.order_line where order_id > 999").await, "0");

    // As lists of values.
    let customers = Customer::repository().for_tenant(&stage.acme);
    let new = |n: i32| customer(n, (n > 7).then_some(n));
    let twice = customers.insert_many((0..20_000).chain([0]).map(new));
    assert!(twice.execute(&stage.db).await.unwrap_err().is_unique_violation());
    assert_eq!(count(&stage, "acme.customer").await, "5");
}

#[tokio::test]
async fn several_rows_where_one_is_asked_for() {
    let stage = Stage::with_rows().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let error = lines.insert_many((1000..13_000).map(line)).fetch_one(&stage.db).await.unwrap_err();
    assert!(error.is_too_many_rows() && error.may_have_run(), "{error}");
    assert_eq!(count(&stage, "acme.order_line where order_id > 999").await, "12000", "a write has happened");
    let nothing = || lines.insert_many((1000..13_000).map(line)).on_conflict(OrderLineKey::PrimaryKey).do_nothing();
    assert_eq!(nothing().fetch_optional(&stage.db).await.unwrap(), None);
    assert_eq!(nothing().execute(&stage.db).await.unwrap(), 0);
    let one_new = lines.insert_many((1000..13_001).map(line)).on_conflict(OrderLineKey::PrimaryKey).do_nothing();
    assert_eq!(one_new.fetch_one(&stage.db).await.unwrap().order_id, 13_000);
}

#[tokio::test]
async fn upserts_of_very_many_rows_stay_with_the_tenant() {
    let stage = Stage::with_rows().await;
    stage.execute("alter table app.customer alter id restart with 1000").await;
    let customers = RowCustomer::repository().for_tenant(&stage.row_acme);
    let of_globex = RowCustomer::repository().for_tenant(&stage.row_globex);
    let news = |name: &'static str| {
        (0..15_000).map(move |n| NewRowCustomer { name: name.to_owned(), ..row_customer(n, None) })
    };
    of_globex.insert_many(news("globex")).execute(&stage.db).await.unwrap();
    let others = stage.rows_of_others().await;
    customers.insert_many(news("acme").take(8_000)).execute(&stage.db).await.unwrap();

    let written = customers.insert_many(news("acme, new")).on_conflict(RowCustomerKey::Email).do_nothing();
    assert_eq!(written.execute(&stage.db).await.unwrap(), 7_000);
    let written = customers.insert_many(news("acme, again")).on_conflict(RowCustomerKey::Email).update_all();
    let written = written.fetch_all(&stage.db).await.unwrap();
    assert!(written.iter().map(|c| c.email.parse::<i32>().unwrap()).eq(0..15_000));
    assert!(written.iter().all(|customer| customer.name == "acme, again"));
    assert_eq!(stage.rows_of_others().await, others);

    // Wherever the two are: it is one statement.
    let twice = news("acme, twice").chain([row_customer(0, None)]);
    let twice = customers.insert_many(twice).on_conflict(RowCustomerKey::Email).update_all();
    let error = twice.execute(&stage.db).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::CARDINALITY_VIOLATION), "{error}");
}

#[tokio::test]
async fn what_cannot_be_updated_is_refused_before_anything_is_sent() {
    let stage = Stage::with_rows().await;
    let nobody: TenantId = "nobody".parse().unwrap();
    let customers = Customer::repository().for_tenant(&nobody);
    let error = customers.insert(customer(1, None)).on_conflict(CustomerKey::Email).update(|c| (c.name, c.id));
    let error = error.execute(&stage.db).await.unwrap_err();
    let expected =
        "an insert into `customer` gives no value for \"id\", so it cannot update it on conflict; nothing was sent";
    assert_eq!(error.to_string(), expected);
    assert!(!error.may_have_run());

    let flags = Flag::repository().for_tenant(&nobody);
    let new = || NewFlag { name: "a".to_owned(), on: None };
    for error in [
        flags.insert(new()).on_conflict(FlagKey::PrimaryKey).update_all().execute(&stage.db).await.unwrap_err(),
        flags.insert_many([new()]).on_conflict(FlagKey::PrimaryKey).update_all().execute(&stage.db).await.unwrap_err(),
    ] {
        assert!(error.is_no_changes() && !error.is_missing_table(), "{error}");
    }
    let none = flags.insert_many([]).on_conflict(FlagKey::PrimaryKey).update_all();
    assert_eq!(none.execute(&stage.db).await.unwrap(), 0);
}

#[derive(Debug, TenantTable)]
#[tenant_table(name = "flag")]
#[expect(dead_code, reason = "it is never read")]
struct Flag {
    #[tenant_table(primary_key)]
    name: String,
    #[tenant_table(default)]
    on: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSql, FromSql)]
#[postgres(name = "mood", rename_all = "lowercase")]
enum Mood {
    Happy,
    Sad,
}

/// A domain.
#[derive(Debug, Clone, PartialEq, Eq, ToSql, FromSql)]
#[postgres(name = "sku")]
struct Sku(String);

#[derive(Debug, Clone, PartialEq, Eq, ToSql, FromSql)]
#[postgres(name = "address")]
struct Address {
    street: String,
    number: Option<i32>,
}

/// Everything that a column can be but an array, in the table of all tenants.
#[derive(Debug, Clone, PartialEq, TenantTable)]
#[tenant_table(name = "thing", tenant_column(tenant_id: Uuid), schema = "app")]
struct Thing {
    #[tenant_table(primary_key)]
    id: i32,
    mood: Mood,
    other_mood: Option<Mood>,
    sku: Sku,
    address: Option<Address>,
    about: Option<Json>,
    price: f64,
    taken: Option<OffsetDateTime>,
    code: Uuid,
    picture: Vec<u8>,
    #[tenant_table(default)]
    note: Option<String>,
}

impl Thing {
    fn numbered(id: i32) -> Self {
        let is_even = id % 2 == 0;
        Self {
            id,
            mood: if is_even { Mood::Happy } else { Mood::Sad },
            other_mood: is_even.then_some(Mood::Sad),
            sku: Sku(format!("a-{id}")),
            address: (id % 3 > 0).then(|| Address { street: format!("(\"{id}\",)"), number: is_even.then_some(id) }),
            about: (id % 5 > 0).then(|| json!({"id": id, "list": [null, "'"]})),
            price: f64::from(id) / 8.0,
            taken: is_even.then_some(datetime!(2026-11-23 22:46:31.5 UTC)),
            code: Uuid::from_u128(id.unsigned_abs().into()),
            picture: vec![0, 255, b'{', b'"'],
            note: Some("none".to_owned()),
        }
    }

    fn into_new(self) -> NewThing {
        let Self { id, mood, other_mood, sku, address, about, price, taken, code, picture, .. } = self;
        NewThing { id, mood, other_mood, sku, address, about, price, taken, code, picture, note: None }
    }
}

const THINGS: &str = "
    create type app.mood as enum ('happy', 'sad');
    create domain app.sku as text check (value like 'a-%');
    create type app.address as (street text, number int);
    create table app.thing (
        tenant_id uuid, id int, mood app.mood not null, other_mood app.mood, sku app.sku not null,
        address app.address, about jsonb, price float8 not null, taken timestamptz, code uuid not null,
        picture bytea not null, note text default 'none', primary key (tenant_id, id)
    );";

#[tokio::test]
async fn columns_of_every_kind_of_type_on_everything_that_runs_statements() {
    let stage = Stage::empty().await;
    stage.execute(THINGS).await;
    let things = Thing::repository().for_tenant(&stage.row_acme);
    let mut first = 0;
    on_each_executor(&stage, async |executor, name| {
        // Asked about, prepared and kept.
        for _ in 0..4 {
            let expected: Vec<_> = (first..first + 20).map(Thing::numbered).collect();
            first += 20;
            let news = expected.iter().cloned().map(Thing::into_new);
            assert_eq!(things.insert_many(news).fetch_all(executor).await.unwrap(), expected, "{name}");
        }
    })
    .await;
    let expected: Vec<_> = (0..first).map(Thing::numbered).collect();
    assert_eq!(things.all().order_by(|t| t.id.asc()).fetch_all(&stage.db).await.unwrap(), expected);

    // Of eleven columns fewer rows go in a statement, a value for each.
    let note = |id: i32| (id % 2 == 0).then(|| Some(id.to_string()));
    let expected = (10_000..17_000).map(|id| match note(id) {
        Some(note) => Thing { note, ..Thing::numbered(id) },
        None => Thing::numbered(id),
    });
    let expected: Vec<_> = expected.collect();
    let news = expected.iter().cloned().map(|thing| NewThing { note: note(thing.id), ..thing.into_new() });
    assert!(things.insert_many(news).fetch_all(&stage.db).await.unwrap() == expected);

    let wrong = NewThing { sku: Sku("b".to_owned()), ..Thing::numbered(-1).into_new() };
    let error = things.insert_many([wrong]).execute(&stage.db).await.unwrap_err();
    assert!(error.is_check_violation(), "{error}");
}

/// Arrays, which would be taken apart together with those that hold the rows.
#[derive(Debug, Clone, PartialEq, TenantTable)]
#[tenant_table(name = "list", tenant_column(tenant_id: Uuid), schema = "app")]
struct List {
    #[tenant_table(primary_key)]
    id: i32,
    numbers: Vec<i32>,
    texts: Option<Vec<String>>,
    moods: Vec<Mood>,
}

#[tokio::test]
async fn columns_that_are_arrays_on_everything_that_runs_statements() {
    let stage = Stage::empty().await;
    stage
        .execute(
            "create type app.mood as enum ('happy', 'sad');
             create table app.list (tenant_id uuid, id int, numbers int[] not null, texts text[], moods app.mood[] not null,
                 primary key (tenant_id, id))",
        )
        .await;
    let lists = List::repository().for_tenant(&stage.row_acme);
    let list = |id: i32| List {
        id,
        numbers: (0..id % 4).collect(),
        texts: (id % 3 > 0).then(|| vec!["{".to_owned(); (id % 2) as usize]),
        moods: vec![Mood::Sad; (id % 3) as usize],
    };
    let new = |List { id, numbers, texts, moods }| NewList { id, numbers, texts, moods };
    let mut first = 0;
    on_each_executor(&stage, async |executor, name| {
        for _ in 0..2 {
            let expected: Vec<_> = (first..first + 20).map(list).collect();
            first += 20;
            let news = expected.iter().cloned().map(new);
            assert_eq!(lists.insert_many(news).fetch_all(executor).await.unwrap(), expected, "{name}");
            let news = expected.iter().cloned().map(|list| new(List { id: -1 - list.id, ..list }));
            let brought = lists.insert_many(news).returning(|l| (l.id + 1, l.moods)).fetch_all(executor).await.unwrap();
            let expected: Vec<_> = expected.into_iter().map(|list| (-list.id, list.moods)).collect();
            assert_eq!(brought, expected, "{name}");
        }
    })
    .await;

    let expected: Vec<_> = (10_000..30_000).map(list).collect();
    let written = lists.insert_many(expected.iter().cloned().map(new)).fetch_all(&stage.db).await.unwrap();
    assert!(written == expected);
    let error = lists.insert_many((40_000..60_000).map(|id| new(list(id)))).fetch(&stage.db).try_next().await;
    let expected = "a statement on `list` needs 80001 values and PostgreSQL takes 65535: give it fewer rows at a time; \
                    nothing was sent";
    assert_eq!(error.unwrap_err().to_string(), expected);
}

/// A value that goes as text.
#[derive(Debug, Clone, PartialEq)]
struct Worded(i32);

impl ToSql for Worded {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.put_slice(self.0.to_string().as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::INT4
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    postgres_types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Worded {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        i32::from_sql(ty, raw).map(Self)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::INT4
    }
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "count")]
struct Count {
    #[tenant_table(primary_key)]
    id: i32,
    count: Worded,
}

#[tokio::test]
async fn values_that_go_as_text_are_no_arrays() {
    let stage = Stage::empty().await;
    stage.execute("create table acme.count (id int primary key, count int not null)").await;
    let counts = Count::repository().for_tenant(&stage.acme);
    for first in [0, 100] {
        let news = (first..first + 3).map(|id| NewCount { id, count: Worded(1_000_000 + id) });
        let written = counts.insert_many(news).fetch_all(&stage.db).await.unwrap();
        assert!(written.iter().all(|count| count.count == Worded(1_000_000 + count.id)), "{written:?}");
    }
}

#[tokio::test]
async fn no_function_of_the_same_name_gets_between() {
    let stage = Stage::with_rows().await;
    stage
        .execute(
            "create function public.unnest(text[]) returns setof text language sql as $$ select 'taken' $$;
             create function public.unnest(bigint[]) returns setof bigint language sql as $$ select 0::bigint $$",
        )
        .await;
    let events = tenantry_tests::Event::repository().for_tenant(&stage.acme);
    let new = |what: &str| tenantry_tests::NewEvent { what: what.to_owned() };
    let written = events.insert_many(["a", "b"].map(new)).fetch_all(&stage.db).await.unwrap();
    assert_eq!(written.iter().map(|event| &*event.what).collect::<Vec<_>>(), ["a", "b"]);
}

/// Rows behind the first ten thousand wait for whoever holds the lock.
async fn with_blocked_rows() -> Stage {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    stage
        .execute(
            "create function acme.wait() returns trigger language plpgsql as
                 $$ begin perform pg_advisory_xact_lock(7); return new; end $$;
             create trigger wait before insert on acme.order_line for each row when (new.order_id = 15000)
                 execute function acme.wait();
             select pg_advisory_lock(7)",
        )
        .await;
    stage
}

const IS_BLOCKED: &str = "select count(*) = 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and wait_event = 'advisory'";

const UNBLOCK: &str = "select pg_advisory_unlock(7)";

/// Goes on until a row waits.
async fn until_blocked<F: Future + Unpin>(stage: &Stage, insert: &mut F) {
    tokio::select! {
        _ = insert => panic!("no row waits"),
        () = stage.wait_until(IS_BLOCKED) => {}
    }
}

#[tokio::test]
async fn a_dropped_insert_leaves_none_of_its_rows() {
    let stage = with_blocked_rows().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let insert = || lines.insert_many((1000..25_000).map(line));

    let db = stage.pool_of(1).await;
    let mut on_the_database = Box::pin(insert().execute(&db));
    until_blocked(&stage, &mut on_the_database).await;
    drop(on_the_database);
    let session = Session::of(&db).await;
    assert_eq!((&*session.isolation, session.has_written), ("read committed", false));
    stage.wait_until("select count(*) = 6 from acme.order_line").await;

    // The application's own client waits for what it runs, and nothing cancels it.
    let connection = Connection::from_client(stage.another_client().await);
    let mut on_a_connection = Box::pin(insert().execute(&connection));
    until_blocked(&stage, &mut on_a_connection).await;
    drop(on_a_connection);
    stage.execute(UNBLOCK).await;
    assert_eq!(lines.all().count().fetch_one(&connection).await.unwrap(), 6, "it was rolled back");
    lines.insert(line(500)).execute(&connection).await.unwrap();
    assert_eq!(count(&stage, "acme.order_line").await, "7", "in no transaction");
    assert_eq!(insert().execute(&connection).await.unwrap(), 24_000);
}

#[tokio::test]
async fn nothing_else_runs_on_a_connection_within_the_transaction_of_an_insert() {
    let stage = with_blocked_rows().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let customers = Customer::repository().for_tenant(&stage.acme);
    let connection = stage.db.connection().await.unwrap();
    let mut insert = Box::pin(lines.insert_many((1000..25_000).map(line)).execute(&connection));
    until_blocked(&stage, &mut insert).await;

    for error in [
        customers.find(1).fetch_one(&connection).await.map(drop).unwrap_err(),
        customers.delete(1).execute(&connection).await.map(drop).unwrap_err(),
        customers.all().fetch(&connection).try_next().await.map(drop).unwrap_err(),
        lines.insert_many((30_000..45_000).map(line)).execute(&connection).await.map(drop).unwrap_err(),
    ] {
        assert!(error.is_connection_busy() && !error.may_have_run(), "{error}");
    }
    stage.execute(UNBLOCK).await;
    assert_eq!(insert.await.unwrap(), 24_000);
    assert_eq!(customers.find(1).fetch_one(&connection).await.unwrap().name, "acme 1");
}

#[tokio::test]
async fn an_insert_begins_no_transaction_beside_other_statements() {
    let stage = Stage::with_rows().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let customers = Customer::repository().for_tenant(&stage.acme);
    let connection = stage.db.connection().await.unwrap();
    let insert = || lines.insert_many((1000..25_000).map(line)).execute(&connection);

    let mut find = Box::pin(customers.find(1).fetch_one(&connection));
    assert!(poll_once(&mut find).await.is_none());
    let error = insert().await.unwrap_err();
    assert!(error.is_connection_busy() && !error.may_have_run(), "{error}");
    assert_eq!(find.await.unwrap().name, "acme 1");

    let mut rows = customers.all().fetch(&connection);
    rows.try_next().await.unwrap();
    assert!(insert().await.unwrap_err().is_stream_open());
    drop(rows);
    assert_eq!(insert().await.unwrap(), 24_000);
}

#[tokio::test]
async fn an_insert_in_several_statements_is_tried_again_on_a_changed_table() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(1).await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let mut first = 1000;
    let mut insert = || {
        first += 12_000;
        lines.insert_many((first..first + 12_000).map(line))
    };
    for ty in ["text", "varchar", "text"] {
        stage.execute(&format!("alter table acme.order_line alter note type {ty}")).await;
        for _ in 0..2 {
            assert_eq!(insert().fetch_all(&db).await.unwrap().len(), 12_000);
        }
    }
    stage.execute("alter table acme.order_line alter note type varchar").await;
    let transaction = db.begin().await.unwrap();
    let error = insert().fetch_all(&transaction).await.unwrap_err();
    assert!(error.to_string().contains("cached plan must not change result type"), "{error}");
    drop(transaction);
    let transaction = db.begin().await.unwrap();
    assert_eq!(insert().fetch_all(&transaction).await.unwrap().len(), 12_000);
    transaction.commit().await.unwrap();
    assert_eq!(count(&stage, "acme.order_line").await, (6 + 7 * 12_000).to_string());
}
