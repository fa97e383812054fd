//! Orders by columns of every kind, whose values cursors hold as the server writes them.

use std::net::IpAddr;

use postgres_types::{FromSql, ToSql};
use rust_decimal::Decimal;
use tenantry::{Cursor, TenantTable};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};
use uuid::Uuid;

use super::walk;
use crate::stage::Stage;

#[derive(Debug, Clone, PartialEq, ToSql, FromSql)]
#[postgres(name = "mood", rename_all = "lowercase")]
enum Mood {
    Sad,
    Happy,
    Glad,
}

/// A test for a type: rows with three different values of it, ordered by it in several ways, in both tenants. Cursors go
/// through text, and lead in the other tenant to its own rows.
macro_rules! orders_by {
    ($($test:ident: $type:ty, $sql:literal, [$($value:literal),+];)+) => {
        $(
            #[tokio::test]
            async fn $test() {
                #[derive(Debug, Clone, PartialEq, TenantTable)]
                #[tenant_table(name = "holder")]
                struct Holder {
                    #[tenant_table(primary_key)]
                    id: i32,
                    value: $type,
                    option: Option<$type>,
                }

                let stage = Stage::empty().await;
                let values = [$($value),+];
                for (tenant, first) in [("globex", 1000), ("acme", 0)] {
                    let rows = (0..9).map(|n| {
                        let literal = |n: usize| format!("{}::{}", values[n % values.len()], $sql.replace("SCHEMA", tenant));
                        let option = if n % 4 == 0 { "null".to_owned() } else { literal(n / 2) };
                        format!("({}, {}, {option})", first + n, literal(n))
                    });
                    let sql = format!(
                        "create type {tenant}.mood as enum ('sad', 'happy', 'glad');
                         create table {tenant}.holder (id int primary key, value {0} not null, option {0});
                         insert into {tenant}.holder values {1}",
                        $sql.replace("SCHEMA", tenant),
                        rows.collect::<Vec<_>>().join(", ")
                    );
                    stage.execute(&sql).await;
                }
                let acme = Holder::repository().for_tenant(&stage.acme);
                let globex = Holder::repository().for_tenant(&stage.globex);
                // The other tenant's statements come first: what is known of their types is not wrong for this one's.
                for (holders, first) in [(&globex, 1000), (&acme, 0)] {
                    let query = holders.all().order_by(|h| [h.value.desc(), h.option.asc().nulls_first()]);
                    let whole = query.clone().order_by(|h| h.id.asc()).fetch_all(&stage.db).await.unwrap();
                    assert!(whole.len() == 9 && whole.iter().all(|holder| (first..first + 9).contains(&holder.id)));
                    assert_eq!(walk(|size| query.clone().page(size), &[1, 2], &stage.db).await, (whole.clone(), whole));

                    let query = holders.all().order_by(|h| h.option.desc()).select(|h| h.id);
                    let whole = query.clone().order_by(|h| h.id.desc()).fetch_all(&stage.db).await.unwrap();
                    assert_eq!(walk(|size| query.clone().page(size), &[2], &stage.db).await, (whole.clone(), whole));
                }
                let first = acme.all().order_by(|h| h.value.asc()).page(2).fetch_page(&stage.db).await.unwrap();
                let cursor: Cursor = first.next().unwrap().to_string().parse().unwrap();
                let of_globex = globex.all().order_by(|h| h.value.asc()).page(20).at(Some(&cursor));
                let of_globex = of_globex.fetch_page(&stage.db).await.unwrap();
                assert!(!of_globex.rows.is_empty() && of_globex.rows.iter().all(|holder| holder.id >= 1000));
            }
        )+
    };
}

orders_by! {
    text: String, "text", ["''", "'a'", "'ä b'"];
    varchar: String, "varchar(9)", ["''", "'a'", "'B'"];
    char: String, "char(3)", ["''", "'a'", "'B'"];
    name: String, "name", ["''", "'a'", "'B'"];
    smallint: i16, "smallint", ["-1", "0", "7"];
    int: i32, "int", ["'-2147483648'", "0", "7"];
    bigint: i64, "bigint", ["-9", "0", "9223372036854775807"];
    real: f32, "real", ["-1.5", "'-infinity'", "0"];
    double: f64, "double precision", ["0.1", "'infinity'", "-0.1"];
    numeric: Decimal, "numeric", ["0.1", "-123456789.000000001", "79228162514264337593543950335"];
    numeric_with_a_scale: Decimal, "numeric(12, 3)", ["0.1", "-1.005", "999999999.999"];
    boolean: bool, "boolean", ["true", "false"];
    uuid: Uuid, "uuid", ["'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'", "'0000ac3e-0000-0000-0000-000000000001'"];
    bytea: Vec<u8>, "bytea", ["''", "'\\x00'", "'\\xff00ff'"];
    timestamptz: OffsetDateTime, "timestamptz", ["'2024-02-29 12:00:00.000001+02'", "'1999-12-31 23:59:59-12'", "'2024-02-29 12:00:00.000002+02'"];
    timestamp: PrimitiveDateTime, "timestamp", ["'2024-02-29 12:00:00.000001'", "'1999-12-31 23:59:59'"];
    date: Date, "date", ["'2024-02-29'", "'0001-01-01'", "'9999-12-31'"];
    time_of_day: Time, "time", ["'00:00'", "'23:59:59.999999'", "'12:00'"];
    r#enum: Mood, "SCHEMA.mood", ["'glad'", "'sad'", "'happy'"];
    array: Vec<i32>, "int[]", ["'{}'", "'{1,2}'", "'{1}'"];
    array_of_text: Vec<String>, "varchar(3)[]", ["'{}'", "'{a,b}'", "'{B}'"];
    inet: IpAddr, "inet", ["'::1'", "'10.0.0.1'", "'10.0.0.2'"];
    jsonb: serde_json::Value, "jsonb", ["'1'", "'{\"a\": [1]}'", "'\"x\"'"];
}

#[derive(Debug, Clone, PartialEq, TenantTable)]
#[tenant_table(name = "reading")]
struct Reading {
    #[tenant_table(primary_key)]
    id: i32,
    // Whatever its type in the database, it is not read here.
    value: Option<i32>,
}

const READINGS: &str = "
    create table acme.reading (id int primary key, value int);
    create table globex.reading (like acme.reading including all);
    insert into acme.reading select n, n / 2 from generate_series(1, 9) n;
    insert into globex.reading select * from acme.reading;
";

/// The bytes of a value are never read as something else: they are compared as what they were, or not at all.
#[tokio::test]
async fn a_column_of_another_type_refuses_cursors_from_before() {
    let stage = Stage::empty().await;
    stage.execute(READINGS).await;
    let readings = Reading::repository().for_tenant(&stage.acme);
    let pages = || readings.all().order_by(|r| r.value.asc()).select(|r| r.id).page(3);
    let open = stage.pool_of(1).await;
    let changes = [
        ("real using value", true),
        ("date using '2000-01-01'::date + value::int", false),
        ("int using value - '2000-01-01'::date", false),
        ("bigint using value", true),
    ];
    for (change, is_comparable) in changes {
        let first = pages().fetch_page(&open).await.unwrap();
        for _ in 0..4 {
            assert_eq!(pages().at(first.next()).fetch_page(&open).await.unwrap().rows, [4, 5, 6], "{change}");
        }
        stage.execute(&format!("alter table acme.reading alter value type {change}")).await;
        let new = stage.pool_of(1).await;
        for (db, may_compare) in [(&open, is_comparable), (&new, false), (&new, false)] {
            match pages().at(first.next()).fetch_page(db).await {
                Ok(page) => assert!(may_compare && page.rows == [4, 5, 6], "{change}: {:?}", page.rows),
                Err(error) => {
                    assert!(error.is_invalid_cursor() && !error.may_have_run(), "{change}: {error}");
                    assert!(error.to_string().contains("begin at the first page"), "{error}");
                }
            }
        }
        // In a transaction it costs nothing but itself.
        let transaction = new.begin().await.unwrap();
        assert!(pages().at(first.next()).fetch_page(&transaction).await.unwrap_err().is_invalid_cursor());
        let first = pages().fetch_page(&transaction).await.unwrap();
        assert_eq!(pages().at(first.next()).fetch_page(&transaction).await.unwrap().rows, [4, 5, 6], "{change}");
        transaction.commit().await.unwrap();
        // The open connection has learned it, too.
        assert_eq!(pages().at(first.next()).fetch_page(&open).await.unwrap().rows, [4, 5, 6], "{change}");
    }
}

/// That the value does not fit is found out before anything is sent, so that the transaction goes on.
#[tokio::test]
async fn a_new_cursor_leads_on_in_a_transaction_that_knows_the_column_as_it_was() {
    let stage = Stage::empty().await;
    stage.execute(READINGS).await;
    let readings = Reading::repository().for_tenant(&stage.acme);
    let pages = || readings.all().order_by(|r| r.value.asc()).select(|r| r.id).page(3);
    let mut connection = stage.db.connection().await.unwrap();
    for change in ["bigint", "smallint", "numeric"] {
        let new = stage.pool_of(1).await;
        let before = pages().fetch_page(&new).await.unwrap();
        for _ in 0..3 {
            assert_eq!(pages().at(before.next()).fetch_page(&connection).await.unwrap().rows, [4, 5, 6], "{change}");
        }
        stage.execute(&format!("alter table acme.reading alter value type {change}")).await;
        let first = pages().fetch_page(&stage.pool_of(1).await).await.unwrap();
        let transaction = connection.begin().await.unwrap();
        for _ in 0..2 {
            assert_eq!(pages().at(first.next()).fetch_page(&transaction).await.unwrap().rows, [4, 5, 6], "{change}");
        }
        transaction.commit().await.unwrap();
    }
}

/// While a column is altered for one tenant after another, what is known of the one is not held against the other.
#[tokio::test]
async fn tenants_whose_columns_have_different_types_have_pages_side_by_side() {
    let stage = Stage::empty().await;
    stage.execute(READINGS).await;
    stage.execute("alter table globex.reading alter value type bigint").await;
    let tenants = [&stage.acme, &stage.globex].map(|tenant| Reading::repository().for_tenant(tenant));
    for connections in [1, 4] {
        let db = stage.pool_of(connections).await;
        for round in 0..6 {
            for readings in &tenants {
                let pages = || readings.all().order_by(|r| r.value.asc()).select(|r| r.id).page(3);
                let first = pages().fetch_page(&db).await.unwrap();
                let second = pages().at(first.next()).fetch_page(&db).await;
                assert_eq!(second.unwrap().rows, [4, 5, 6], "{round}");
                let transaction = db.begin().await.unwrap();
                let second = pages().at(first.next()).fetch_page(&transaction).await;
                assert_eq!(second.unwrap().rows, [4, 5, 6], "{round}");
            }
        }
    }
}

/// One tenant's text compares without regard to case, and what was learned of the other's does not change that.
#[tokio::test]
async fn text_of_an_extension_keeps_its_own_order() {
    #[derive(Debug, Clone, PartialEq, TenantTable)]
    #[tenant_table(name = "word")]
    struct Word {
        #[tenant_table(primary_key)]
        id: i32,
        word: String,
    }

    let stage = Stage::empty().await;
    if stage.client.batch_execute("create extension citext schema public").await.is_err() {
        return;
    }
    stage
        .execute(
            "create table acme.word (id int primary key, word text not null);
             create table globex.word (id int primary key, word public.citext not null);
             insert into acme.word values (1, 'b'), (2, 'A'), (3, 'a'), (4, 'B');
             insert into globex.word select * from acme.word",
        )
        .await;
    for _ in 0..4 {
        for tenant in [&stage.acme, &stage.globex] {
            let words = Word::repository().for_tenant(tenant);
            let query = words.all().order_by(|w| w.word.asc());
            let whole = query.clone().order_by(|w| w.id.asc()).fetch_all(&stage.db).await.unwrap();
            assert_eq!(walk(|size| query.clone().page(size), &[1], &stage.db).await, (whole.clone(), whole));
        }
    }
}

/// As in a filter, PostgreSQL would have to take the value for an anonymous record; it says so itself.
#[tokio::test]
async fn a_composite_is_in_no_order_of_pages() {
    #[derive(Debug, Clone, PartialEq, ToSql, FromSql)]
    #[postgres(name = "address")]
    struct Address {
        street: String,
    }

    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "shop")]
    struct Shop {
        #[tenant_table(primary_key)]
        id: i32,
        address: Address,
    }

    let stage = Stage::empty().await;
    stage
        .execute(
            "create type acme.address as (street text);
             create table acme.shop (id int primary key, address acme.address not null);
             insert into acme.shop values (1, row('a')), (2, row('b'))",
        )
        .await;
    let shops = Shop::repository().for_tenant(&stage.acme);
    let pages = || shops.all().order_by(|s| s.address.asc()).page(1);
    let first = pages().fetch_page(&stage.db).await.unwrap();
    let error = pages().at(first.next()).fetch_page(&stage.db).await.unwrap_err();
    assert!(!error.is_invalid_cursor() && error.to_string().contains("anonymous composite"), "{error}");
}
