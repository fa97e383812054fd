//! Types that change while connections that know them are open.

use postgres_types::{FromSql, ToSql};
use tenantry::{Executor, TenantTable};

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

/// Four times: asked about, prepared and kept.
async fn insert_often(stage: &Stage, executor: &dyn Executor, first: i32) {
    let feelings = Feeling::repository().for_tenant(&stage.acme);
    for id in (first..first + 16).step_by(4) {
        let new = |id| NewFeeling { id, mood: Mood::Sad };
        feelings.insert(new(id)).execute(executor).await.unwrap();
        let written = feelings.insert_many([id + 1, id + 2, id + 3].map(new)).fetch_all(executor).await.unwrap();
        assert_eq!(written, [id + 1, id + 2, id + 3].map(|id| Feeling { id, mood: Mood::Sad }));
    }
}

const MOOD: &str = "create type acme.mood as enum ('happy', 'sad', 'new');
                    create table acme.feeling (id int primary key, mood acme.mood);";

#[tokio::test]
async fn an_array_of_a_type_made_anew_is_of_another_type() {
    let stage = Stage::empty().await;
    stage.execute(MOOD).await;
    let db = stage.pool_of(1).await;
    let manager = deadpool_postgres::Manager::new(stage.url().parse().unwrap(), tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    for _ in 0..3 {
        insert_often(&stage, &db, 0).await;
        insert_often(&stage, &pool, 100).await;
        stage.execute(&format!("drop table acme.feeling; drop type acme.mood; {MOOD}")).await;
    }

    insert_often(&stage, &db, 0).await;
    stage.execute(&format!("drop table acme.feeling; drop type acme.mood; {MOOD}")).await;
    let feelings = Feeling::repository().for_tenant(&stage.acme);
    let new = || [1, 2].map(|id| NewFeeling { id, mood: Mood::Happy });
    let transaction = db.begin().await.unwrap();
    feelings.insert_many(new()).fetch_all(&transaction).await.unwrap_err();
    drop(transaction);
    let transaction = db.begin().await.unwrap();
    let written = feelings.insert_many(new()).fetch_all(&transaction).await.unwrap();
    assert_eq!(written.len(), 2, "one error, and right then");
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_column_that_is_given_another_type_of_the_same_name_is_asked_about() {
    let stage = Stage::empty().await;
    stage.execute(MOOD).await;
    stage.execute("create type globex.mood as enum ('new', 'sad', 'happy')").await;
    let db = stage.pool_of(1).await;
    let connection = stage.pool_of(1).await.connection().await.unwrap();
    for (round, schema) in (0..).zip(["globex", "acme", "globex"]) {
        insert_often(&stage, &db, round * 100).await;
        insert_often(&stage, &connection, round * 100 + 50).await;
        let alter = format!("alter table acme.feeling alter mood type {schema}.mood using mood::text::{schema}.mood");
        stage.execute(&alter).await;
    }
    assert_eq!(stage.texts("select distinct mood::text from acme.feeling").await, ["sad"]);
}

#[tokio::test]
async fn an_enum_that_gets_the_missing_value_is_written_in_many_rows_on_open_connections() {
    let stage = Stage::empty().await;
    stage.execute(&MOOD.replace(", 'new'", "")).await;
    let db = stage.pool_of(1).await;
    let feelings = Feeling::repository().for_tenant(&stage.acme);
    let new = || [1, 2].map(|id| NewFeeling { id, mood: Mood::New });
    for _ in 0..2 {
        let error = feelings.insert_many(new()).execute(&db).await.unwrap_err();
        assert!(error.to_string().contains("acme.mood") && !error.may_have_run(), "{error}");
    }
    stage.execute("alter type acme.mood add value 'new'").await;
    let written = feelings.insert_many(new()).fetch_all(&db).await.unwrap();
    assert!(written.iter().all(|feeling| feeling.mood == Mood::New) && written.len() == 2);
}
