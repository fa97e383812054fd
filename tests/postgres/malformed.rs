//! Values that a type refuses are not repeated by the error, whoever refuses them.

use bytes::BytesMut;
use postgres_types::{Format, FromSql, IsNull, ToSql, Type, to_sql_checked};
use serde_json::Value as Json;
use tenantry::TenantTable;
use tenantry_tests::{Customer, NewCustomer};

use crate::discreet::{SECRET, SECRET_NUMBER, assert_discreet};
use crate::stage::Stage;

type Failure = Box<dyn std::error::Error + Sync + Send>;

/// Goes as text into a column of any type, and is never read back. Its own errors repeat the value.
#[derive(Debug, Clone, PartialEq)]
struct Raw(String);

impl ToSql for Raw {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        if self.0.starts_with("refused") {
            return Err(format!("cannot write {}", self.0).into());
        }
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Err(format!("cannot read {}", String::from_utf8_lossy(raw)).into())
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

fn holder(value: &str) -> NewHolder {
    NewHolder { id: 1, value: Raw(value.to_owned()) }
}

const SQL_TYPES: &str = r#"
    acme.mood acme.short acme.pair smallint int bigint numeric real float8 money bool oid uuid bytea "char"[] varchar(5)
    char(5) name[] bit(3) varbit date time timetz timestamp timestamptz interval inet cidr macaddr json jsonb jsonpath xml
    int[] text[] int4range int4multirange daterange point box polygon circle tsvector[] tsquery pg_lsn pg_snapshot xid tid
"#;

#[tokio::test]
async fn what_postgresql_refuses_is_not_repeated() {
    let stage = Stage::empty().await;
    stage
        .execute(
            "create type acme.mood as enum ('happy');
             create domain acme.short as text constraint is_short check (length(value) < 5);
             create type acme.pair as (a int, b text);",
        )
        .await;
    let holders = Holder::repository().for_tenant(&stage.acme);
    for sql_type in SQL_TYPES.split_whitespace() {
        let db = stage.pool_of(1).await;
        stage.execute(&format!("create table acme.holder (id int primary key, value {sql_type})")).await;
        for value in [SECRET, SECRET_NUMBER, "{hunter2", "hunter2 &", "9.hunter2", "'hunter2", "\\hunter2", "<hunter2"]
        {
            match holders.insert(holder(value)).execute(&db).await {
                Ok(_) => _ = holders.delete_many().all_rows().execute(&db).await.unwrap(),
                Err(error) => assert_discreet(&error),
            }
        }
        stage.execute("drop table acme.holder").await;
    }
}

#[tokio::test]
async fn what_a_type_of_ones_own_refuses_is_not_repeated() {
    let stage = Stage::empty().await;
    stage.execute("create table acme.holder (id int primary key, value text)").await;
    let holders = Holder::repository().for_tenant(&stage.acme);
    let error = holders.insert(holder("refused: hunter2")).execute(&stage.db).await.unwrap_err();
    assert_discreet(&error);
    let refused = Raw("refused: hunter2".to_owned());
    let error = holders.filter(|h| h.value.eq(&refused)).fetch_all(&stage.db).await.unwrap_err();
    assert_discreet(&error);
    let error = holders.filter(|h| h.value.in_([&refused])).fetch_all(&stage.db).await.unwrap_err();
    assert_discreet(&error);

    let error = holders.insert(holder("hunter2")).fetch_one(&stage.db).await.unwrap_err();
    assert!(error.to_string().contains("column `value` of `holder` does not fit its field"), "{error}");
    assert_discreet(&error);
    assert_discreet(&holders.find(1).fetch_all(&stage.db).await.unwrap_err());
    assert_discreet(&holders.all().fetch(&stage.db).try_next().await.unwrap_err());
}

#[tokio::test]
async fn what_a_type_of_the_driver_cannot_read_is_not_repeated() {
    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "page")]
    struct Page {
        #[tenant_table(primary_key)]
        id: i32,
        json: Json,
    }

    let stage = Stage::empty().await;
    stage
        .execute(
            "create table acme.page (id int primary key, json json);
             insert into acme.page values (1, '\"\\ud800hunter2\"'), (2, '{\"hunter2\": 1e999}')",
        )
        .await;
    let pages = Page::repository().for_tenant(&stage.acme);
    for id in [1, 2] {
        let error = pages.find(id).fetch_one(&stage.db).await.unwrap_err();
        assert!(error.to_string().contains("of `page` does not fit its field"), "{error}");
        assert_discreet(&error);
    }
}

#[tokio::test]
async fn text_with_a_nul_is_refused() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let text = "hunter2\0";
    let error = customers.find_by_email(text).fetch_optional(&stage.db).await.unwrap_err();
    assert_eq!(error.code().map(|code| code.code()), Some("22021"), "{error}");
    assert_discreet(&error);
    let error = customers.filter(|c| c.name.contains(text) | c.id.eq(1)).fetch_all(&stage.db).await.unwrap_err();
    assert_discreet(&error);
    assert_eq!(customers.find(1).fetch_one(&stage.db).await.unwrap().name, "acme 1");
}

#[tokio::test]
async fn what_a_function_of_the_database_says_is_not_repeated() {
    let stage = Stage::with_rows().await;
    stage
        .execute(
            "create function acme.refuse() returns trigger language plpgsql as
                 $$ begin raise exception 'not %', new.name; end $$;
             create trigger refuse before insert on acme.customer for each row execute function acme.refuse()",
        )
        .await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let new = NewCustomer { email: "a".to_owned(), name: SECRET.to_owned(), phone: None, credit: None };
    let error = customers.insert(new).execute(&stage.db).await.unwrap_err();
    assert_discreet(&error);
    assert_eq!(error.as_db_error().unwrap().message(), format!("not {SECRET}"), "the program can still look");
}
