use tenantry::{Ddl, Slug, Table, TenantId};

use super::{Empty, Plan, by_schema};

#[tokio::test]
async fn what_fails_half_way_leaves_nothing() {
    let stage = Empty::new().await;
    stage.ddl.create_all().execute(&stage.db).await.unwrap();
    // A sequence has the name of an index, which is made late.
    stage.execute("create schema acme; create sequence acme.member_pkey").await;
    let before = stage.catalogue().await;
    let error = stage.ddl.create_all_for(&stage.acme).unwrap().execute(&stage.db).await.unwrap_err();
    assert!(error.to_string().contains("member_pkey"), "{error}");
    assert_eq!(stage.catalogue().await, before);
    // Without the shared table to which they refer, neither.
    stage.execute("drop sequence acme.member_pkey; drop table catalog.plan cascade").await;
    let before = stage.catalogue().await;
    let error = stage.ddl.create_all_for(&stage.acme).unwrap().execute(&stage.db).await.unwrap_err();
    assert!(error.is_missing_table(), "{error}");
    assert_eq!(stage.catalogue().await, before);
}

#[tokio::test]
async fn a_table_of_ones_own_is_left_as_it_is() {
    let stage = Empty::new().await;
    stage.ddl.create_all().execute(&stage.db).await.unwrap();
    stage.execute("create schema acme; create table acme.event (something_else int)").await;
    let before = stage.catalogue().await;
    stage.ddl.create_all_for(&stage.acme).unwrap().execute(&stage.db).await.unwrap();
    let after = stage.catalogue().await;
    assert!(before.iter().all(|line| after.contains(line)), "{after:#?}");
    assert_eq!(
        stage
            .texts("select count(*)::text from pg_class where relnamespace = 'acme'::regnamespace and relkind = 'r'")
            .await,
        ["3"]
    );
}

/// Who may not create schemas makes tables in one that was made for it.
#[tokio::test]
async fn a_schema_that_exists_needs_no_right_to_create_one() {
    let stage = Empty::new().await;
    let role = format!("deployer_{}", stage.database.name());
    stage
        .execute(&format!("create role \"{role}\"; create schema acme authorization \"{role}\"; set role \"{role}\""))
        .await;
    let ddl = Ddl::of(&[by_schema::Event::DEFINITION]).unwrap();
    ddl.create_all_for(&stage.acme).unwrap().execute(&stage.client).await.unwrap();
    let refused = ddl.create_all_for(&stage.globex).unwrap().execute(&stage.client).await.unwrap_err();
    assert!(refused.to_string().contains("permission denied for database"), "{refused}");
    stage.execute(&format!("reset role; drop owned by \"{role}\"; drop role \"{role}\"")).await;
}

#[tokio::test]
async fn a_tenant_has_a_schema_of_any_name() {
    let stage = Empty::new().await;
    stage.ddl.create_all().execute(&stage.db).await.unwrap();
    let names =
        ["Acme Ltd", "a\"; drop schema catalog; --", "it's", "back\\slash", "$tenantry$", &"é".repeat(31), "ACME"];
    for (number, name) in names.into_iter().enumerate() {
        let slug: Slug = format!("tenant-{number}").parse().unwrap();
        let tenant = TenantId::with_existing_schema(slug, name).unwrap();
        let script = stage.ddl.create_all_for(&tenant).unwrap();
        for _ in 0..2 {
            script.execute(&stage.db).await.unwrap();
        }
        let event = by_schema::NewEvent { what: name.to_owned() };
        by_schema::Event::repository().for_tenant(&tenant).insert(event).execute(&stage.db).await.unwrap();
        let tables = "/* by hand */ select count(*) from pg_class
            where relnamespace = (select oid from pg_namespace where nspname = $1) and relkind = 'r'";
        let found = stage.client.query_one(tables, &[&name]).await.unwrap();
        assert_eq!(found.get::<_, i64>(0), 3, "{name}");
    }
    assert_eq!(Plan::repository().all().count().fetch_one(&stage.db).await.unwrap(), 0);
}
