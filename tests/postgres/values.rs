//! Values of every kind go in, come back, match in filters, are changed and taken away.

use postgres_types::{FromSql, ToSql};
use serde_json::{Value as Json, json};
use tenantry::TenantTable;
use time::macros::{date, datetime};
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};
use uuid::Uuid;

use crate::stage::Stage;

#[derive(Debug, Clone, PartialEq, ToSql, FromSql)]
#[postgres(name = "mood", rename_all = "snake_case")]
enum Mood {
    Happy,
    SoSo,
    #[postgres(name = "It's \"bad\"")]
    Bad,
}

#[derive(Debug, Clone, PartialEq, ToSql, FromSql)]
#[postgres(name = "address")]
struct Address {
    street: String,
    number: Option<i32>,
    mood: Mood,
}

#[derive(Debug, Clone, PartialEq, Eq, ToSql, FromSql)]
#[postgres(transparent)]
struct Sku(String);

impl tenantry::Text for Sku {}

const TYPES: &str = r#"
    create type acme.mood as enum ('happy', 'so_so', 'It''s "bad"');
    create type acme.address as (street text, number int, mood acme.mood);
"#;

/// A value is among others; PostgreSQL knows no arrays of arrays.
macro_rules! listed {
    (one, $holders:ident, $value:ident, $expected:ident, $db:ident) => {
        let listed = $holders.filter(|h| h.value.in_([$value]) & h.option.in_([$value.clone()]));
        assert_eq!(listed.fetch_one($db).await.unwrap(), $expected);
        let not_listed = $holders.filter(|h| h.value.not_in([$value]) & h.id.eq($expected.id));
        assert!(!not_listed.exists().fetch_one($db).await.unwrap());
    };
    (many, $($_:ident),+) => {};
}

/// A test for a type of Rust and of PostgreSQL: the value given goes the whole way, beside others of its type.
macro_rules! round_trips {
    ($($test:ident: $kind:ident $type:ty, $sql:literal, [$($value:expr),+];)+) => {
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
                let db = &stage.db;
                let values: Vec<$type> = vec![$($value),+];

                for (id, value) in (1..).zip(&values) {
                    let new = NewHolder { id, value: value.clone(), option: Some(value.clone()) };
                    let expected = Holder { id, value: value.clone(), option: Some(value.clone()) };
                    assert_eq!(holders.insert(new).fetch_one(db).await.unwrap(), expected);
                    assert_eq!(holders.find(id).fetch_one(db).await.unwrap(), expected);
                    let equal = holders.filter(|h| h.value.eq(value) & h.option.eq(value.clone()));
                    assert_eq!(equal.fetch_one(db).await.unwrap(), expected);
                    listed!($kind, holders, value, expected, db);
                    let beside = holders.filter(|h| h.value.eq(h.option) & h.option.eq(h.value) & h.id.eq(id));
                    assert_eq!(beside.fetch_one(db).await.unwrap(), expected);

                    let changes = HolderChanges::default().option(None);
                    assert_eq!(holders.update(id, changes).fetch_one(db).await.unwrap().option, None);
                    let nulls = holders.filter(|h| h.value.eq(value) & h.option.is_null());
                    assert_eq!(nulls.count().fetch_one(db).await.unwrap(), 1);
                    let changes = HolderChanges::default().value(value).option(value.clone());
                    assert_eq!(holders.update(id, changes).fetch_one(db).await.unwrap(), expected);
                }

                // Many at once, with a NULL among them.
                let last = values.last().unwrap();
                let many = |first: i32| {
                    let holder = |(id, value): (i32, &$type)| {
                        let option = (id % 3 > 0).then(|| value.clone());
                        Holder { id, value: value.clone(), option }
                    };
                    (first..).zip(&values).map(holder).collect::<Vec<_>>()
                };
                let news = |first: i32| {
                    many(first).into_iter().map(|Holder { id, value, option }| NewHolder { id, value, option })
                };
                for first in [100, 200, 300] {
                    assert_eq!(holders.insert_many(news(first)).fetch_all(db).await.unwrap(), many(first));
                }
                let twice = news(300).map(|new| NewHolder { value: last.clone(), ..new });
                let twice = holders.insert_many(twice).on_conflict(HolderKey::PrimaryKey).update(|h| h.value);
                assert!(twice.fetch_all(db).await.unwrap().iter().all(|holder| holder.value == *last));
                holders.delete_many().filter(|h| h.id.ge(200)).execute(db).await.unwrap();
                let changes = HolderChanges { value: Some(last.clone()), option: Some(None) };
                let all = holders.update_many(changes).all_rows().fetch_all(db).await.unwrap();
                assert!(all.iter().all(|holder| holder.value == *last && holder.option.is_none()), "{all:?}");
                assert_eq!(all.len(), 2 * values.len());
            }
        )+
    };
}

round_trips! {
    text: one String, "text", ["".to_owned(), "'; drop table x; --".to_owned(), "\"ä\u{1}".to_owned(), "$1 \\".to_owned()];
    varchar: one String, "varchar(4)", ["ab".to_owned(), "ab  ".to_owned()];
    small_int: one i16, "smallint", [i16::MIN, 0, i16::MAX];
    int: one i32, "int", [i32::MIN, 0, i32::MAX];
    big_int: one i64, "bigint", [i64::MIN, 0, i64::MAX];
    double: one f64, "float8", [f64::MIN, -0.1, f64::MIN_POSITIVE, f64::INFINITY];
    boolean: one bool, "bool", [true, false];
    bytes: one Vec<u8>, "bytea", [vec![], vec![0, 255, b'\'', b'\\']];
    uuid: one Uuid, "uuid", [Uuid::nil(), Uuid::max(), Uuid::from_u128(7)];
    json_binary: one Json, "jsonb", [json!(null), json!({"a": [1, "x", null]}), json!("'")];
    moment: one OffsetDateTime, "timestamptz", [OffsetDateTime::UNIX_EPOCH, datetime!(2026-11-23 22:46:31.123456 UTC)];
    local_moment: one PrimitiveDateTime, "timestamp", [datetime!(1969-12-31 23:59:59), datetime!(2026-11-23 1:02:03.000001)];
    day: one Date, "date", [date!(-4712-01-01), date!(2000-02-29), date!(9999-12-31)];
    time_of_day: one Time, "time", [Time::MIDNIGHT, Time::MIDNIGHT - time::Duration::MICROSECOND];
    texts: many Vec<String>, "text[]", [vec![], vec!["".to_owned(), "{a,\"b\"}".to_owned()]];
    numbers: many Vec<i64>, "bigint[]", [vec![], vec![i64::MIN, 0]];
    texts_with_null: many Vec<Option<String>>, "text[]", [vec![None, Some("NULL".to_owned())], vec![]];
    an_enum: one Mood, "acme.mood", [Mood::Happy, Mood::SoSo, Mood::Bad];
    enums: many Vec<Mood>, "acme.mood[]", [vec![], vec![Mood::Bad, Mood::Bad, Mood::Happy]];
    a_newtype: one Sku, "text", [Sku("a".to_owned()), Sku("'b".to_owned())];
}

#[tokio::test]
async fn a_composite() {
    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "shop")]
    struct Shop {
        #[tenant_table(primary_key)]
        id: i32,
        address: Address,
        branches: Option<Vec<Address>>,
    }

    let stage = Stage::empty().await;
    stage.execute(TYPES).await;
    stage.execute("create table acme.shop (id int primary key, address acme.address, branches acme.address[])").await;
    let shops = Shop::repository().for_tenant(&stage.acme);
    let address = |number| Address { street: "(a,\"b\")".to_owned(), number, mood: Mood::Bad };

    let new = NewShop { id: 1, address: address(None), branches: Some(vec![address(Some(2)), address(None)]) };
    let shop = shops.insert(new).fetch_one(&stage.db).await.unwrap();
    assert_eq!(shop, shops.find(1).fetch_one(&stage.db).await.unwrap());
    assert_eq!(
        (&shop.address, shop.branches.as_deref()),
        (&address(None), Some(&[address(Some(2)), address(None)][..]))
    );
    let changes = ShopChanges::default().address(address(Some(-1))).branches(None);
    let shop = shops.update(1, changes).fetch_one(&stage.db).await.unwrap();
    assert_eq!(shop, Shop { id: 1, address: address(Some(-1)), branches: None });
    let new = |id: i32, branches| NewShop { id, address: address(Some(id)), branches };
    let many = shops.insert_many([new(2, None), new(3, Some(vec![address(None)])), new(4, Some(vec![]))]);
    let many = many.fetch_all(&stage.db).await.unwrap();
    let same_many = shops.filter(|s| s.id.gt(1)).order_by(|s| s.id.asc()).fetch_all(&stage.db).await.unwrap();
    assert_eq!(many, same_many);
    assert_eq!((&many[1].address, many[1].branches.as_deref()), (&address(Some(3)), Some(&[address(None)][..])));
    let same = shops.filter(|s| s.address.eq(s.address) & s.branches.is_null());
    assert!(same.exists().fetch_one(&stage.db).await.unwrap());

    // PostgreSQL compares rows of any type, so it does not know which type a value is to have.
    let error = shops.filter(|s| s.address.eq(address(None))).fetch_all(&stage.db).await.unwrap_err();
    assert!(error.to_string().contains("the Postgres type `record`"), "{error}");
}

#[tokio::test]
async fn a_newtype_is_a_key_and_is_matched_as_text() {
    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "product")]
    struct Product {
        #[tenant_table(primary_key)]
        sku: Sku,
        #[tenant_table(unique)]
        replaces: Option<Sku>,
    }

    let stage = Stage::empty().await;
    stage.execute("create table acme.product (sku text primary key, replaces text unique)").await;
    let products = Product::repository().for_tenant(&stage.acme);
    let sku = |text: &str| Sku(text.to_owned());
    let new = |text: &str, replaces| NewProduct { sku: sku(text), replaces };

    let key = sku("b-1");
    products.insert(new("a-1", None)).execute(&stage.db).await.unwrap();
    products.insert(new("b-1", Some(sku("a-1")))).execute(&stage.db).await.unwrap();
    assert_eq!(products.find(sku("a-1")).fetch_one(&stage.db).await.unwrap().replaces, None);
    assert_eq!(products.find(&key).fetch_one(&stage.db).await.unwrap().replaces, Some(sku("a-1")));
    assert_eq!(products.find_by_replaces(sku("a-1")).fetch_one(&stage.db).await.unwrap().sku, sku("b-1"));
    assert_eq!(products.find_many([sku("a-1"), sku("b-1")]).fetch_all(&stage.db).await.unwrap().len(), 2);
    assert_eq!(products.filter(|p| p.sku.starts_with("b")).fetch_one(&stage.db).await.unwrap().sku, sku("b-1"));
    assert_eq!(products.filter(|p| p.replaces.ends_with("1")).fetch_one(&stage.db).await.unwrap().sku, sku("b-1"));
    assert_eq!(products.filter(|p| p.sku.gt(p.replaces)).fetch_one(&stage.db).await.unwrap().sku, sku("b-1"));
    assert_eq!(products.delete(sku("b-1")).execute(&stage.db).await.unwrap(), 1);
}

#[tokio::test]
async fn each_tenants_own_enum_is_its_own_type() {
    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "feeling")]
    struct Feeling {
        #[tenant_table(primary_key)]
        id: i32,
        mood: Mood,
    }

    let stage = Stage::empty().await;
    stage.execute(TYPES).await;
    stage.execute(&TYPES.replace("acme", "globex")).await;
    let tables =
        ["acme", "globex"].map(|schema| format!("create table {schema}.feeling (id int, mood {schema}.mood);"));
    stage.execute(&tables.concat()).await;
    let db = stage.pool_of(1).await;
    for _ in 0..2 {
        for (tenant, mood) in [(&stage.acme, Mood::Bad), (&stage.globex, Mood::Happy)] {
            let feelings = Feeling::repository().for_tenant(tenant);
            feelings.insert(NewFeeling { id: 1, mood: mood.clone() }).execute(&db).await.unwrap();
            let found = feelings.filter(|f| f.mood.eq(&mood)).fetch_all(&db).await.unwrap();
            assert!(!found.is_empty() && found.iter().all(|feeling| feeling.mood == mood), "{found:?}");
        }
    }
}
