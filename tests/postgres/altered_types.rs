//! Types that change while connections that know them are open.

use postgres_types::{FromSql, ToSql};
use tenantry::TenantTable;

use crate::stage::Stage;

#[derive(Debug, Clone, PartialEq, ToSql, FromSql)]
#[postgres(name = "mood", rename_all = "lowercase")]
enum Mood {
    Happy,
    Sad,
    New,
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "feeling")]
struct Feeling {
    #[tenant_table(primary_key)]
    id: i32,
    mood: Mood,
}

#[derive(Debug, Clone, PartialEq, ToSql, FromSql)]
#[postgres(name = "address")]
struct Address {
    street: String,
    number: Option<i32>,
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "shop")]
struct Shop {
    #[tenant_table(primary_key)]
    id: i32,
    address: Address,
}

#[tokio::test]
async fn an_enum_that_gets_the_missing_value_is_read_on_open_connections() {
    let stage = Stage::empty().await;
    stage
        .execute(
            "create type acme.mood as enum ('happy', 'sad');
             create table acme.feeling (id int primary key, mood acme.mood);
             insert into acme.feeling values (1, 'sad')",
        )
        .await;
    let db = stage.pool_of(1).await;
    let feelings = Feeling::repository().for_tenant(&stage.acme);
    // The program is ahead of the database, which is said.
    let error = feelings.find(1).fetch_one(&db).await.unwrap_err();
    assert!(error.to_string().contains("acme.mood"), "{error}");
    let new = |id| NewFeeling { id, mood: Mood::New };
    let error = feelings.insert(new(2)).execute(&db).await.unwrap_err();
    assert!(error.to_string().contains("acme.mood"), "{error}");

    stage.execute("alter type acme.mood add value 'new'").await;
    assert_eq!(feelings.find(1).fetch_one(&db).await.unwrap(), Feeling { id: 1, mood: Mood::Sad });
    assert_eq!(feelings.insert(new(2)).fetch_one(&db).await.unwrap(), Feeling { id: 2, mood: Mood::New });
    assert_eq!(feelings.filter(|f| f.mood.ne(Mood::Happy)).fetch_all(&db).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_composite_that_gets_the_missing_attribute_is_read_on_open_connections() {
    let stage = Stage::empty().await;
    stage
        .execute(
            "create type acme.address as (street text);
             create table acme.shop (id int primary key, address acme.address);
             insert into acme.shop values (1, row('a'))",
        )
        .await;
    let db = stage.pool_of(1).await;
    let shops = Shop::repository().for_tenant(&stage.acme);
    assert!(shops.find(1).fetch_one(&db).await.is_err());
    stage.execute("alter type acme.address add attribute number int").await;
    let address = |number| Address { street: "a".to_owned(), number };
    assert_eq!(shops.find(1).fetch_one(&db).await.unwrap(), Shop { id: 1, address: address(None) });
    let changes = ShopChanges::default().address(address(Some(1)));
    assert_eq!(shops.update(1, changes).fetch_one(&db).await.unwrap().address, address(Some(1)));
}

#[tokio::test]
async fn a_type_made_anew_is_another_type() {
    let stage = Stage::empty().await;
    let made = "create type acme.mood as enum ('happy', 'sad', 'new');
                create table acme.feeling (id int primary key, mood acme.mood);
                insert into acme.feeling values (1, 'sad')";
    stage.execute(made).await;
    let db = stage.pool_of(1).await;
    let feelings = Feeling::repository().for_tenant(&stage.acme);
    for _ in 0..2 {
        assert_eq!(feelings.find(1).fetch_one(&db).await.unwrap().mood, Mood::Sad);
        assert_eq!(feelings.filter(|f| f.mood.eq(Mood::Sad)).fetch_one(&db).await.unwrap().id, 1);
        stage.execute(&format!("drop table acme.feeling; drop type acme.mood; {made}")).await;
    }
}
