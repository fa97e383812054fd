//! Values of every kind go in by a COPY and come out by one.

use bytes::BytesMut;
use futures_util::stream;
use postgres_types::{Format, FromSql, IsNull, ToSql, Type, to_sql_checked};
use serde_json::{Value as Json, json};
use tenantry::TenantTable;
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime, Time};
use uuid::Uuid;

use crate::discreet::{SECRET, assert_discreet};
use crate::session::Session;
use crate::stage::Stage;

#[derive(Debug, Clone, PartialEq, ToSql, FromSql)]
#[postgres(name = "mood", rename_all = "snake_case")]
enum Mood {
    Happy,
    SoSo,
}

#[derive(Debug, Clone, PartialEq, ToSql, FromSql)]
#[postgres(name = "short")]
struct Short(String);

#[derive(Debug, Clone, PartialEq, ToSql, FromSql)]
#[postgres(name = "pair")]
struct Pair {
    first: Option<i32>,
    second: String,
}

const TYPES: &str = "
    create type acme.mood as enum ('happy', 'so_so');
    create domain acme.short as text check (length(value) < 5);
    create type acme.pair as (first int, second text);
";

/// A test for a type of Rust and of PostgreSQL: the values given go in and come out.
macro_rules! round_trips {
    ($($test:ident: $type:ty, $sql:literal, [$($value:expr),+];)+) => {
        $(
            #[tokio::test]
            async fn $test() {
                #[derive(Debug, PartialEq, TenantTable)]
                #[tenant_table(name = "holder")]
                struct Holder {
                    #[tenant_table(primary_key)]
                    id: i32,
                    value: $type,
                    option: Option<$type>,
                }

                let stage = Stage::empty().await;
                stage.execute(TYPES).await;
                let table = format!("create table acme.holder (id int primary key, value {0} not null, option {0})", $sql);
                stage.execute(&table).await;
                let holders = Holder::repository().for_tenant(&stage.acme);
                let values: Vec<$type> = vec![$($value),+];
                let option = |id: i32, value: &$type| (id % 2 == 0).then(|| value.clone());
                let numbered = || (0..300).zip(values.iter().cycle());
                let rows: Vec<_> = numbered()
                    .map(|(id, value)| NewHolder { id, value: value.clone(), option: option(id, value) })
                    .collect();
                let expected: Vec<_> = numbered()
                    .map(|(id, value)| Holder { id, value: value.clone(), option: option(id, value) })
                    .collect();

                assert_eq!(holders.copy_in(stream::iter(rows)).execute(&stage.db).await.unwrap(), 300);
                assert_eq!(holders.all().order_by(|h| h.id.asc()).fetch_all(&stage.db).await.unwrap(), expected);
                assert_eq!(holders.copy_out().fetch_all(&stage.db).await.unwrap(), expected);
            }
        )+
    };
}

round_trips! {
    text: String, "text", ["".to_owned(), "'; drop table x; --".to_owned(), "\"ä\u{1}\\N\t\n".to_owned()];
    varchar: String, "varchar(4)", ["ab".to_owned(), "ab  ".to_owned()];
    small_int: i16, "smallint", [i16::MIN, 0, i16::MAX];
    int: i32, "int", [i32::MIN, -1, i32::MAX];
    big_int: i64, "bigint", [i64::MIN, 0, i64::MAX];
    double: f64, "float8", [f64::MIN, -0.1, f64::INFINITY];
    boolean: bool, "bool", [true, false];
    bytes: Vec<u8>, "bytea", [vec![], vec![0, 255, b'\'', b'\\'], b"PGCOPY\n\xff\r\n\0\xff\xff".to_vec()];
    uuid: Uuid, "uuid", [Uuid::nil(), Uuid::max(), Uuid::from_u128(7)];
    json: Json, "json", [json!(null), json!({"a": [1, "x", null]})];
    json_binary: Json, "jsonb", [json!(null), json!({"a": [1, "x", null]}), json!("'")];
    moment: OffsetDateTime, "timestamptz", [OffsetDateTime::UNIX_EPOCH, datetime!(2026-11-23 22:46:31.123456 UTC)];
    day: Date, "date", [date!(-4712-01-01), date!(9999-12-31)];
    time_of_day: Time, "time", [Time::MIDNIGHT, Time::MIDNIGHT - time::Duration::MICROSECOND];
    texts: Vec<String>, "text[]", [vec![], vec!["".to_owned(), "{a,\"b\"}".to_owned()]];
    numbers: Vec<i64>, "bigint[]", [vec![], vec![i64::MIN, 0]];
    texts_with_null: Vec<Option<String>>, "text[]", [vec![None, Some("NULL".to_owned())], vec![]];
    an_enum: Mood, "acme.mood", [Mood::Happy, Mood::SoSo];
    enums: Vec<Mood>, "acme.mood[]", [vec![], vec![Mood::SoSo, Mood::Happy]];
    a_domain: Short, "acme.short", [Short("".to_owned()), Short("four".to_owned())];
    a_composite: Pair, "acme.pair", [Pair { first: None, second: "(,)".to_owned() }, Pair { first: Some(1), second: String::new() }];
    a_long_value: String, "text", ["x".repeat(200_000)];
}

#[tokio::test]
async fn a_domain_checks_its_values() {
    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "holder")]
    struct Holder {
        #[tenant_table(primary_key)]
        id: i32,
        value: Short,
    }

    let stage = Stage::empty().await;
    stage.execute(TYPES).await;
    stage.execute("create table acme.holder (id int primary key, value acme.short)").await;
    let holders = Holder::repository().for_tenant(&stage.acme);
    let new = |id, value: &str| NewHolder { id, value: Short(value.to_owned()) };
    let error = holders.copy_in([new(1, "fits"), new(2, SECRET)]).execute(&stage.db).await.unwrap_err();
    assert!(error.is_check_violation(), "{error}");
    assert_discreet(&error);
    assert_eq!(stage.texts("select id::text from acme.holder").await, [""; 0]);
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "reading", tenant_column(tenant_id: i64), schema = "app")]
struct Reading {
    #[tenant_table(primary_key)]
    id: i32,
    #[tenant_table(column = "It's \"at\"")]
    at: i64,
}

#[tokio::test]
async fn a_type_that_does_not_fit_is_an_error_that_names_the_column() {
    let stage = Stage::empty().await;
    Session::prepare(&stage).await;
    stage
        .execute(
            "create table app.reading (tenant_id bigint, id int, \"It's \"\"at\"\"\" timestamptz,
                 primary key (tenant_id, id))",
        )
        .await;
    let db = stage.pool_of(1).await;
    let pid = Session::of(&db).await.pid;
    let readings = Reading::repository().for_tenant(&tenantry::TenantId::new(-1).unwrap());
    // Eight bytes are a time as well.
    let error = readings.copy_in([NewReading { id: 1, at: 1 }]).execute(&db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a value of column \"It's \"\"at\"\"\" of `reading` cannot be written: cannot convert between the Rust type \
         `i64` and the Postgres type `timestamptz`; nothing was written"
    );
    assert!(!error.may_have_run());
    stage.execute("insert into app.reading values (-1, 1, now()), (1, 1, now())").await;
    let error = readings.copy_out().fetch_all(&db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `It's \"at\"` of `reading` does not fit its field: cannot convert between the Rust type `i64` and the \
         Postgres type `timestamptz`"
    );
    assert_eq!(Session::of(&db).await.pid, pid, "the connection is as good as before");

    // It is altered, and the next one fits.
    stage.execute("alter table app.reading alter \"It's \"\"at\"\"\" type bigint using 7").await;
    assert_eq!(readings.copy_in([NewReading { id: 2, at: 1 }]).execute(&db).await.unwrap(), 1);
    let read = readings.copy_out().fetch_all(&db).await.unwrap();
    assert_eq!(read, [Reading { id: 1, at: 7 }, Reading { id: 2, at: 1 }]);
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "page")]
struct Page {
    #[tenant_table(primary_key)]
    id: i32,
    json: Json,
}

#[tokio::test]
async fn a_column_of_another_type_in_another_schema_is_not_written_as_the_firsts() {
    let stage = Stage::empty().await;
    // As bytes, the one would go into the other.
    stage.execute("create table acme.page (id int primary key, json jsonb)").await;
    stage.execute("create table globex.page (id int primary key, json text)").await;
    let [acme, globex] = [&stage.acme, &stage.globex].map(|tenant| Page::repository().for_tenant(tenant));
    let new = || NewPage { id: 1, json: json!({"a": 1}) };
    acme.insert(new()).execute(&stage.db).await.unwrap();
    acme.delete(1).execute(&stage.db).await.unwrap();
    assert_eq!(acme.copy_in([new()]).execute(&stage.db).await.unwrap(), 1);
    let error = globex.copy_in([new()]).execute(&stage.db).await.unwrap_err();
    assert!(error.to_string().contains("column \"json\" of `page`"), "{error}");
    assert_eq!(stage.texts("select json from globex.page").await, [""; 0]);
}

#[tokio::test]
async fn null_in_a_field_that_takes_none_names_the_column() {
    let stage = Stage::empty().await;
    stage.execute("create table acme.page (id int primary key, json jsonb); insert into acme.page values (1)").await;
    let error = Page::repository().for_tenant(&stage.acme).copy_out().fetch_all(&stage.db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `json` of `page` does not fit its field: it is NULL, and the field is no `Option`"
    );
}

/// Goes as text into a column of any type. Its own errors repeat the value.
#[derive(Debug, Clone, PartialEq)]
struct Raw(&'static str);

impl ToSql for Raw {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.0 {
            "nothing" => return Ok(IsNull::Yes),
            // A careless one, which takes away what is not its own.
            "all" => out.clear(),
            SECRET => return Err(format!("cannot write {SECRET}").into()),
            text => out.extend_from_slice(text.as_bytes()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        if self.0.starts_with('1') { Format::Text } else { Format::Binary }
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, _: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Err(format!("cannot read {SECRET}").into())
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "holder")]
struct Holder {
    #[tenant_table(primary_key)]
    id: i32,
    value: Raw,
}

#[tokio::test]
async fn a_type_of_ones_own_may_refuse_and_be_careless() {
    let stage = Stage::empty().await;
    stage.execute("create table acme.holder (id int primary key, value bytea)").await;
    let holders = Holder::repository().for_tenant(&stage.acme);
    let copy = async |value| {
        let rows = [NewHolder { id: 1, value: Raw("a") }, NewHolder { id: 2, value: Raw(value) }];
        holders.copy_in(rows).execute(&stage.db).await
    };
    let cannot = "a value of column \"value\" of `holder` cannot be written";
    for (value, expected) in [
        (SECRET, format!("{cannot}; nothing was written")),
        ("all", format!("{cannot}; nothing was written")),
        ("17", format!("{cannot}: its type is written as text, and a COPY is binary; nothing was written")),
    ] {
        let error = copy(value).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_discreet(&error);
    }
    assert_eq!(stage.texts("select id::text from acme.holder").await, [""; 0]);
    assert_eq!(copy("nothing").await.unwrap(), 2);
    assert_eq!(stage.texts("select id::text from acme.holder where value is null").await, ["2"]);
    let error = holders.copy_out().fetch_all(&stage.db).await.unwrap_err();
    assert_eq!(error.to_string(), "column `value` of `holder` does not fit its field");
    assert_discreet(&error);
}
