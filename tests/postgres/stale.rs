//! Tables that change under prepared statements.

use futures_util::future::join_all;
use tenantry::{Connection, Database, Executor, TenantTable, batch};
use tenantry_tests::{Customer, CustomerChanges, RowCustomer, schema_tables};
use throwaway_postgres::by_hand;

use crate::stage::Stage;

/// A pool of one connection, on which acme's statements are prepared.
async fn prepared(stage: &Stage) -> Database {
    let db = stage.pool_of(1).await;
    for _ in 0..2 {
        read_all(stage, &db).await;
    }
    db
}

/// Reads the first customer in every way.
async fn read_all(stage: &Stage, executor: &impl Executor) {
    let customers = Customer::repository().for_tenant(&stage.acme);
    assert_eq!(customers.find(1).fetch_one(executor).await.unwrap().name, "acme 1");
    assert_eq!(customers.find_by_email("c1@x").fetch_one(executor).await.unwrap().name, "acme 1");
    assert_eq!(customers.filter(|c| c.id.eq(1)).fetch_all(executor).await.unwrap()[0].name, "acme 1");
    let mut rows = customers.all().order_by(|c| c.id.asc()).fetch(executor);
    assert_eq!(rows.try_next().await.unwrap().unwrap().name, "acme 1");
    drop(rows);
    let changed = customers.update(1, CustomerChanges::default().phone("1")).fetch_one(executor).await.unwrap();
    assert_eq!(changed.name, "acme 1");
}

/// The rows of a prepared statement are of other types afterwards, though they are read as before.
const OTHER_TYPES: &str = "alter table acme.customer alter name type varchar(100), alter email type varchar(100)";

#[tokio::test]
async fn a_column_of_another_type_is_read_without_an_error() {
    let stage = Stage::with_rows().await;
    let db = prepared(&stage).await;
    stage.execute(OTHER_TYPES).await;
    read_all(&stage, &db).await;
    stage.execute(&OTHER_TYPES.replace("varchar(100)", "text")).await;
    let connection = db.connection().await.unwrap();
    read_all(&stage, &connection).await;
}

#[tokio::test]
async fn within_a_transaction_it_is_one_error_and_right_the_next_time() {
    let stage = Stage::with_rows().await;
    let db = prepared(&stage).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    stage.execute(OTHER_TYPES).await;

    let mut transaction = db.begin().await.unwrap();
    let savepoint = transaction.savepoint().await.unwrap();
    let error = customers.find(1).fetch_one(&savepoint).await.unwrap_err();
    assert!(error.to_string().contains("cached plan must not change result type"), "{error}");
    drop(savepoint);
    assert_eq!(customers.find(1).fetch_one(&transaction).await.unwrap().name, "acme 1");
    let error = customers.find_by_email("c1@x").fetch_one(&transaction).await.unwrap_err();
    assert!(error.to_string().contains("cached plan must not change result type"), "{error}");
    let error = transaction.commit().await.unwrap_err();
    assert!(error.is_transaction_aborted(), "{error}");

    let transaction = db.begin().await.unwrap();
    assert_eq!(customers.find(1).fetch_one(&transaction).await.unwrap().name, "acme 1");
    assert_eq!(customers.find_by_email("c1@x").fetch_one(&transaction).await.unwrap().name, "acme 1");
    transaction.commit().await.unwrap();
    read_all(&stage, &db).await;
}

#[tokio::test]
async fn a_pool_that_the_application_has_is_no_different() {
    let stage = Stage::with_rows().await;
    let manager = deadpool_postgres::Manager::new(stage.url().parse().unwrap(), tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    for _ in 0..2 {
        read_all(&stage, &pool).await;
    }
    stage.execute(OTHER_TYPES).await;
    read_all(&stage, &pool).await;

    stage.execute(&OTHER_TYPES.replace("varchar(100)", "text")).await;
    let mut client = pool.get().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    let customers = Customer::repository().for_tenant(&stage.acme);
    let error = customers.find(1).fetch_one(&transaction).await.unwrap_err();
    assert!(error.to_string().contains("cached plan must not change result type"), "{error}");
    transaction.rollback().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    assert_eq!(customers.find(1).fetch_one(&transaction).await.unwrap().name, "acme 1");
    transaction.commit().await.unwrap();
    drop(client);
    read_all(&stage, &pool).await;
}

#[tokio::test]
async fn a_batch_tries_again_what_was_altered() {
    let stage = Stage::with_rows().await;
    let manager = deadpool_postgres::Manager::new(stage.url().parse().unwrap(), tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    let db = prepared(&stage).await;
    let executors: [&dyn Executor; 2] = [&pool, &db];
    let customers = Customer::repository().for_tenant(&stage.acme);
    let statements = batch((customers.find(1).to_fetch_one(), customers.all().to_fetch_all()));
    for types in [OTHER_TYPES.to_owned(), OTHER_TYPES.replace("varchar(100)", "text")] {
        for executor in executors {
            for _ in 0..3 {
                statements.clone().run(executor).await.unwrap();
            }
        }
        stage.execute(&types).await;
        for executor in executors {
            let (found, all) = statements.clone().run(executor).await.unwrap();
            assert_eq!((&*found.name, all.len()), ("acme 1", 5));
        }
    }
}

#[tokio::test]
async fn a_write_is_tried_again_but_never_done_twice() {
    let stage = Stage::with_rows().await;
    let db = prepared(&stage).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let new = |email: &str| tenantry_tests::NewCustomer {
        email: email.to_owned(),
        name: "acme".to_owned(),
        phone: None,
        credit: Some(1),
    };
    customers.insert(new("a")).fetch_one(&db).await.unwrap();
    stage.execute(OTHER_TYPES).await;
    let inserted = customers.insert(new("b")).fetch_one(&db).await.unwrap();
    assert_eq!(inserted.email, "b");
    assert_eq!(customers.filter(|c| c.credit.eq(1)).count().fetch_one(&db).await.unwrap(), 2);
}

#[tokio::test]
async fn a_new_column_makes_no_difference() {
    let stage = Stage::with_rows().await;
    let db = prepared(&stage).await;
    stage.execute("alter table acme.customer add column later int default 7").await;
    read_all(&stage, &db).await;
    let transaction = db.begin().await.unwrap();
    read_all(&stage, &transaction).await;
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn columns_in_another_order_make_no_difference() {
    let stage = Stage::with_rows().await;
    let db = prepared(&stage).await;
    stage
        .execute(
            "alter table acme.customer add column later text;
             update acme.customer set later = name;
             alter table acme.customer drop column name;
             alter table acme.customer rename column later to name",
        )
        .await;
    read_all(&stage, &db).await;
}

#[tokio::test]
async fn a_column_that_is_gone_is_an_error_and_right_when_it_is_back() {
    let stage = Stage::with_rows().await;
    let db = prepared(&stage).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    stage.execute("alter table acme.customer rename column name to title").await;
    for _ in 0..2 {
        let error = customers.find(1).fetch_one(&db).await.unwrap_err();
        assert!(error.to_string().contains("name"), "{error}");
        assert!(!error.is_missing_table());
    }
    stage.execute("alter table acme.customer rename column title to name").await;
    read_all(&stage, &db).await;
}

#[tokio::test]
async fn a_table_made_anew_is_read_anew() {
    let stage = Stage::with_rows().await;
    let db = prepared(&stage).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let rows = RowCustomer::repository().for_tenant(&stage.row_acme);
    assert_eq!(rows.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
    // Tenants whose names are exchanged: the old tables live on elsewhere.
    stage.execute("alter schema acme rename to old; alter schema globex rename to acme").await;
    assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "globex 1");
    assert_eq!(customers.find_by_email("c1@x").fetch_one(&db).await.unwrap().name, "globex 1");

    stage.execute("drop schema acme cascade").await;
    assert!(customers.find(1).fetch_one(&db).await.unwrap_err().is_missing_table());
    stage.execute(&schema_tables("acme")).await;
    assert_eq!(customers.find(1).fetch_optional(&db).await.unwrap(), None);
    assert_eq!(customers.all().fetch_all(&db).await.unwrap(), []);
    assert_eq!(rows.find(1).fetch_one(&db).await.unwrap().name, "acme 1");
}

#[tokio::test]
async fn statements_that_the_server_has_forgotten_are_prepared_again() {
    let stage = Stage::with_rows().await;
    let connection = Connection::from_client(stage.another_client().await);
    read_all(&stage, &connection).await;
    connection.unscoped_client().batch_execute("deallocate all").await.unwrap();
    read_all(&stage, &connection).await;
    connection.unscoped_client().batch_execute(&by_hand("discard all")).await.unwrap();
    read_all(&stage, &connection).await;
}

#[tokio::test]
async fn a_field_that_no_longer_fits_is_named() {
    let stage = Stage::with_rows().await;
    let db = prepared(&stage).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    stage.execute("alter table acme.customer alter credit drop default, alter credit type text").await;
    let error = customers.find(1).fetch_one(&db).await.unwrap_err().to_string();
    assert!(error.starts_with("column `credit` of `customer` does not fit its field"), "{error}");
    assert!(error.contains("`i32`") && error.contains("`text`"), "{error}");
    for answer in [customers.all().fetch_all(&db).await, customers.delete(1).fetch_all(&db).await] {
        assert_eq!(answer.unwrap_err().to_string(), error);
    }
    let error = customers.all().fetch(&db).try_next().await.unwrap_err().to_string();
    assert!(error.contains("column `credit` of `customer`"), "{error}");
    assert_eq!(customers.all().count().fetch_one(&db).await.unwrap(), 4, "the connection is as before");
}

#[tokio::test]
async fn another_error_of_the_same_code_is_no_reason_to_try_again() {
    let stage = Stage::with_rows().await;
    stage
        .execute(
            "create sequence acme.tries;
             create function acme.refuse() returns trigger language plpgsql as $$ begin
                 perform nextval('acme.tries');
                 raise exception 'not supported here' using errcode = 'feature_not_supported';
             end $$;
             create trigger refuse before delete on acme.customer for each row execute function acme.refuse()",
        )
        .await;
    let db = prepared(&stage).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    for tries in 1..=3 {
        let error = customers.delete(1).execute(&db).await.unwrap_err();
        assert!(error.to_string().contains("not supported here"), "{error}");
        assert_eq!(stage.texts("select last_value::text from acme.tries").await, [tries.to_string()]);
    }
}

#[tokio::test]
async fn a_changed_table_is_survived_by_all_that_are_under_way() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    for _ in 0..3 {
        customers.find(1).fetch_one(&db).await.unwrap();
    }
    for ty in ["varchar", "text"] {
        stage.execute(&format!("alter table acme.customer alter name type {ty}")).await;
        for found in join_all((0..16).map(|_| customers.find(1).fetch_one(&db))).await {
            assert_eq!(found.unwrap().name, "acme 1");
        }
    }
}

#[tokio::test]
async fn a_column_of_another_type_in_another_schema_is_asked_about() {
    let stage = Stage::with_rows().await;
    stage
        .execute(
            "alter table globex.customer alter id restart with 1000; create extension citext; alter table acme.customer alter email type citext;
             alter table acme.customer alter credit drop default, alter credit type boolean using credit > 20",
        )
        .await;
    let db = stage.pool_of(1).await;
    let acme = Customer::repository().for_tenant(&stage.acme);
    let globex = Customer::repository().for_tenant(&stage.globex);
    let changes = || CustomerChanges::default().credit(5);
    // What one tenant taught does not go with the other's columns.
    assert_eq!(globex.filter(|c| c.email.eq("c1@x")).count().fetch_one(&db).await.unwrap(), 1);
    globex.update(1, changes()).execute(&db).await.unwrap();
    for _ in 0..4 {
        assert_eq!(acme.filter(|c| c.email.eq("C1@X")).count().fetch_one(&db).await.unwrap(), 1);
        let error = acme.update(1, changes()).execute(&db).await.unwrap_err();
        assert!(error.to_string().contains("bool"), "{error}");
    }
    assert_eq!(stage.texts("select credit::text from acme.customer where id = 1").await, ["false"]);

    let new = |email: &str, credit| tenantry_tests::NewCustomer {
        email: email.to_owned(),
        name: String::new(),
        phone: None,
        credit,
    };
    globex.insert_many([new("a", Some(1)), new("b", Some(2))]).execute(&db).await.unwrap();
    for number in 0..4 {
        let error = acme.insert_many([new("A", Some(1)), new("B", Some(2))]).execute(&db).await.unwrap_err();
        assert!(error.to_string().contains("bool"), "{error}");
        stage.execute("alter table acme.customer alter credit set default false").await;
        let emails = [format!("A{number}"), format!("B{number}")];
        let news = emails.each_ref().map(|email| new(email, None));
        assert_eq!(acme.insert_many(news).execute(&db).await.unwrap(), 2);
        assert_eq!(acme.filter(|c| c.email.in_(emails.clone())).count().fetch_one(&db).await.unwrap(), 2);
    }
}

#[derive(Debug, TenantTable)]
#[tenant_table(name = "measure")]
#[expect(dead_code, reason = "it is written, and never read")]
struct Measure {
    #[tenant_table(primary_key)]
    id: i64,
    number: u32,
    text: String,
}

#[tokio::test]
async fn a_field_that_does_not_fit_its_column_writes_nothing() {
    let stage = Stage::empty().await;
    stage.execute("create table acme.measure (id bigint primary key, number int, text \"char\")").await;
    let measures = Measure::repository().for_tenant(&stage.acme);
    for id in 0..4 {
        let new = NewMeasure { id, number: 3_000_000_000, text: "hello".to_owned() };
        let many = NewMeasure { id: new.id, number: new.number, text: new.text.clone() };
        for error in [
            measures.insert(new).execute(&stage.db).await.unwrap_err(),
            measures.insert_many([many]).execute(&stage.db).await.unwrap_err(),
        ] {
            assert!(error.to_string().contains("u32"), "{error}");
            assert!(!error.may_have_run());
        }
    }
    assert_eq!(stage.texts("select count(*)::text from acme.measure").await, ["0"]);
}
