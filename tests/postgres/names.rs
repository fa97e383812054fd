//! Names of schemas, tables and columns: hostile ones are refused or mean exactly themselves.

use std::collections::HashSet;

use tenantry::{InvalidTenantId, Slug, TenantId, TenantTable};
use tenantry_tests::{Customer, CustomerChanges, NewCustomer};
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use crate::stage::Stage;

/// Names that are a schema's in PostgreSQL, and could be taken for another's, or for SQL.
pub(crate) fn hostile_names() -> Vec<String> {
    let one_word = r#"a"b " "" a"."b a.b acme.customer ' a'b ; $1 {} {tenant} %s % _ \ \" .. ../acme Acme ACME аcme é 日本
                      -- null select user id_1 0 - *"#;
    let spaced =
        ["a; drop schema acme cascade; --", "a\"; drop schema acme cascade; --", "/* */", " ", " acme", "acme ", "a b"];
    let unseen = ["a\tb", "a\nb", "e\u{301}", "acme\u{200b}"];
    let long = ["x".repeat(62), "x".repeat(63), format!("{}y", "x".repeat(62)), "é".repeat(31), "\"".repeat(63)];
    let short = one_word.split_whitespace().chain(spaced).chain(unseen);
    short.map(str::to_owned).chain(long).collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(crate) fn with_schema(name: &str) -> TenantId {
    TenantId::with_existing_schema("acme".parse::<Slug>().unwrap(), name).unwrap()
}

#[test]
fn parsing_takes_names_that_need_no_thought_and_no_others() {
    for name in ["acme", "a", "0", "acme-inc", "acme_inc", "-", "select", &"x".repeat(63)] {
        assert_eq!(name.parse::<TenantId>().unwrap().schema(), name);
    }
    // Hostile elsewhere: the words of SQL, and the longest names.
    let taken = |name: &str| ["null", "select", "user", "0", "-", "--", "_"].contains(&name) || name.starts_with("xxx");
    let refused = hostile_names().into_iter().filter(|name| !taken(name));
    let also =
        ["", "\0", "a\0b", "public", "information_schema", "citus", "pg_x", "pg_catalog", "pg_toast", "id_", "id_1"];
    for name in refused.chain(also.map(str::to_owned)).chain(["x".repeat(64)]) {
        assert!(name.parse::<TenantId>().is_err(), "{name:?}");
    }
}

#[test]
fn an_existing_schema_cannot_be_postgresqls_own() {
    let key = || "acme".parse::<Slug>().unwrap();
    let reserved = "public PUBLIC Public information_schema Information_Schema citus Citus_Internal columnar
                    pg_catalog PG_CATALOG pg_toast Pg_temp pg_x";
    for name in reserved.split_whitespace() {
        assert_eq!(TenantId::with_existing_schema(key(), name), Err(InvalidTenantId::Reserved), "{name}");
    }
    for name in ["", "\0", "a\0", &"x".repeat(64), &"é".repeat(32), &"\"".repeat(64)] {
        assert!(TenantId::with_existing_schema(key(), name).is_err(), "{name:?}");
    }
}

#[tokio::test]
async fn every_existing_schema_means_itself() {
    let stage = Stage::empty().await;
    let names = hostile_names();
    let mut sql = String::new();
    for name in &names {
        let (schema, literal) = (quoted(name), name.replace('\'', "''"));
        sql += &format!("create schema {schema}; create table {schema}.customer (like acme.customer including all);");
        sql += &format!("insert into {schema}.customer values (0, 'x', '{literal}');");
    }
    stage.execute(&sql).await;

    let db = stage.pool_of(1).await;
    for round in 1..=2 {
        for name in &names {
            let customers = Customer::repository().for_tenant(&with_schema(name));
            assert_eq!(customers.find(0).fetch_one(&db).await.unwrap().name, *name);
            let customer = customers.filter(|c| c.name.eq(name).and(c.credit.ge(0))).fetch_one(&db).await.unwrap();
            assert_eq!(customer.credit, if round == 1 { 100 } else { 1 });
            let changes = CustomerChanges::default().credit(1);
            assert_eq!(customers.update_many(changes).all_rows().execute(&db).await.unwrap(), 1);
            let new = NewCustomer { email: "new".to_owned(), name: name.clone(), phone: None, credit: None };
            let id = customers.insert(new).fetch_one(&db).await.unwrap().id;
            assert_eq!(customers.delete(id).fetch_one(&db).await.unwrap().name, *name);
            assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 1);
        }
    }
    assert_eq!(
        stage.texts("select nspname::text from pg_namespace where nspname in ('acme', 'globex')").await.len(),
        2
    );
}

#[tokio::test]
async fn a_hostile_name_without_a_schema_is_a_missing_table() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    for name in hostile_names() {
        let customers = Customer::repository().for_tenant(&with_schema(&name));
        let error = customers.delete_many().all_rows().execute(&stage.db).await.unwrap_err();
        assert!(error.is_missing_table(), "{name:?}: {error}");
    }
    let names = stage.texts("select name from acme.customer").await;
    assert_eq!(names.len(), 5);
    assert_eq!(stage.rows_of_others().await, others);
}

#[test]
fn no_two_tenants_have_one_schema() {
    let mut schemas = HashSet::new();
    for slug in ["a", "a-b", "a_b", "ab", "0", "42", "id", "id-42", "00000000-0000-0000-0000-000000000001"] {
        assert!(schemas.insert(slug.parse::<TenantId>().unwrap().schema().to_owned()), "{slug}");
    }
    for number in [0, 1, 42, -1, -42, i64::MIN, i64::MAX] {
        assert!(schemas.insert(TenantId::new(number).unwrap().schema().to_owned()), "{number}");
    }
    for uuid in [1, 42, u128::MAX] {
        assert!(schemas.insert(TenantId::new(Uuid::from_u128(uuid)).unwrap().schema().to_owned()), "{uuid}");
    }
    assert!(schemas.iter().all(|schema| schema.len() <= 63));
}

#[tokio::test]
async fn schemas_that_differ_in_their_last_byte_are_two() {
    let stage = Stage::empty().await;
    let slugs = ["x", "y"].map(|last| "x".repeat(62) + last);
    for slug in &slugs {
        stage.execute(&tenantry_tests::schema_tables(slug)).await;
        let tenant: TenantId = slug.parse().unwrap();
        let customers = Customer::repository().for_tenant(&tenant);
        let new = NewCustomer { email: "x".to_owned(), name: slug.clone(), phone: None, credit: None };
        customers.insert(new).execute(&stage.db).await.unwrap();
    }
    for slug in &slugs {
        let tenant: TenantId = slug.parse().unwrap();
        let customers = Customer::repository().for_tenant(&tenant);
        assert_eq!(customers.all().fetch_one(&stage.db).await.unwrap().name, *slug);
    }
}

/// Every name here is a word of SQL, in upper case, or holds quotes.
#[derive(Debug, Clone, PartialEq, TenantTable)]
#[tenant_table(name = "Order", tenant_column(User: i64), schema = "My \"schema\"")]
struct Order {
    #[tenant_table(primary_key)]
    select: i32,
    #[tenant_table(unique)]
    order: String,
    #[tenant_table(unique = "where")]
    user: String,
    #[tenant_table(unique = "where")]
    r#type: String,
    #[tenant_table(column = "E-Mail \"x\"")]
    email: Option<String>,
    #[tenant_table(column = "$1; drop table \"Order\"; --")]
    dollar: i32,
    #[tenant_table(column = "a234567890123456789012345678901234567890123456789012345678901_x")]
    long: i32,
    #[tenant_table(column = "a234567890123456789012345678901234567890123456789012345678901_y")]
    longer: i32,
    #[tenant_table(column = "Größe")]
    size: i32,
}

const ORDER: &str = r#"
    create schema "My ""schema""";
    create table "My ""schema"""."Order" (
        "User" bigint, "select" int, "order" text, "user" text, "type" text, "E-Mail ""x""" text,
        "$1; drop table ""Order""; --" int,
        "a234567890123456789012345678901234567890123456789012345678901_x" int,
        "a234567890123456789012345678901234567890123456789012345678901_y" int,
        "Größe" int,
        primary key ("User", "select"), unique ("User", "order"), unique ("User", "user", "type")
    );
    comment on column "My ""schema"""."Order"."User" is 'tenant';
"#;

#[tokio::test]
async fn words_of_sql_and_quotes_are_names_of_columns() {
    let stage = Stage::empty().await;
    stage.execute(ORDER).await;
    let [acme, globex] = [1, 2].map(|tenant| Order::repository().for_tenant(&TenantId::new(tenant).unwrap()));
    let new = |select| NewOrder {
        select,
        order: select.to_string(),
        user: "u".to_owned(),
        r#type: select.to_string(),
        email: None,
        dollar: 1,
        long: 2,
        longer: 3,
        size: 4,
    };
    let db = &stage.db;

    let order = acme.insert(new(1)).fetch_one(db).await.unwrap();
    assert_eq!(
        (order.select, &*order.r#type, order.dollar, order.long, order.longer, order.size),
        (1, "1", 1, 2, 3, 4)
    );
    globex.insert_many([new(1), new(2)]).execute(db).await.unwrap();
    assert_eq!(acme.find(1).fetch_one(db).await.unwrap(), order);
    assert_eq!(acme.find_many([1, 2]).fetch_all(db).await.unwrap(), std::slice::from_ref(&order));
    assert_eq!(acme.find_by_order("1").fetch_one(db).await.unwrap(), order);
    assert_eq!(acme.find_by_where("u", "1").fetch_one(db).await.unwrap(), order);
    assert_eq!(acme.find_by_where("u", "2").fetch_optional(db).await.unwrap(), None);
    let filtered = acme.filter(|o| o.r#type.eq("1") & o.email.is_null() & o.dollar.lt(o.longer) | o.select.eq(2));
    assert_eq!(filtered.order_by(|o| [o.size.asc(), o.order.desc()]).fetch_all(db).await.unwrap(), [order]);

    let changes = OrderChanges::default().r#type("t").user("v").email("e").longer(30).dollar(-1);
    let order = acme.update(1, changes.order("o")).fetch_one(db).await.unwrap();
    assert_eq!((&*order.r#type, order.email.as_deref(), order.long, order.longer), ("t", Some("e"), 2, 30));
    let changes = OrderChanges::default().email(None);
    assert_eq!(acme.update_many(changes).filter(|o| o.user.eq("v")).execute(db).await.unwrap(), 1);
    assert_eq!(acme.delete(1).fetch_one(db).await.unwrap().order, "o");
    assert_eq!(acme.copy_in((5..8).map(new)).execute(db).await.unwrap(), 3);
    let copied = acme.copy_out().fetch_all(db).await.unwrap();
    assert_eq!(
        copied.iter().map(|o| (o.select, o.longer, o.size)).collect::<Vec<_>>(),
        [(5, 3, 4), (6, 3, 4), (7, 3, 4)]
    );
    assert_eq!(globex.copy_out().fetch_all(db).await.unwrap().len(), 2);
    assert_eq!(globex.all().count().fetch_one(db).await.unwrap(), 2);
}

#[tokio::test]
async fn tables_whose_names_differ_in_their_last_byte_are_two() {
    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "t234567890123456789012345678901234567890123456789012345678901_x")]
    struct First {
        #[tenant_table(primary_key)]
        id: i32,
    }

    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "t234567890123456789012345678901234567890123456789012345678901_y")]
    struct Second {
        #[tenant_table(primary_key)]
        id: i32,
    }

    let stage = Stage::empty().await;
    let (first, second) = (First::repository().for_tenant(&stage.acme), Second::repository().for_tenant(&stage.acme));
    stage.execute("create table acme.t234567890123456789012345678901234567890123456789012345678901_x (id int)").await;
    first.insert(NewFirst { id: 1 }).execute(&stage.db).await.unwrap();
    let error = second.all().fetch_all(&stage.db).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::UNDEFINED_TABLE));
    stage.execute("create table acme.t234567890123456789012345678901234567890123456789012345678901_y (id int)").await;
    second.insert(NewSecond { id: 2 }).execute(&stage.db).await.unwrap();
    assert_eq!(first.all().fetch_one(&stage.db).await.unwrap(), First { id: 1 });
    assert_eq!(second.all().fetch_one(&stage.db).await.unwrap(), Second { id: 2 });
}
