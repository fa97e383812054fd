//! What schemas are called, and what is done with names that go wrong.

use tenantry::{Database, TenantId, TenantTable};
use tenantry_tests::reports::by_name::*;

use super::{Reports, is_of, place};
use crate::proxy::Proxy;

/// Two tenants with the same names by hand, in different places.
fn by_hand(slug: &str, own: &str, reporting: &str) -> TenantId {
    let key = slug.parse().unwrap();
    TenantId::with_existing_schemas(key, own, [("reporting", reporting), ("audit", own)]).unwrap()
}

#[tokio::test]
async fn schemas_that_exist_under_names_of_their_own() {
    let stage = Reports::of([
        by_hand("acme", "Acme \"Ltd\"", "Reports; drop schema \"acme\""),
        // What are acme's tables without a rule, under names that were given to globex.
        by_hand("globex", "acme", "acme.reporting"),
    ])
    .await;
    for _ in 0..3 {
        for (tenant, name) in [(&stage.acme, "acme"), (&stage.globex, "globex")] {
            let reports = Report::repository().for_tenant(tenant);
            let query = reports.all().join::<Customer>(|r, c| Report::customer().on(r, c));
            let (report, customer) = query.filter(|(r, _)| r.id.eq(2)).fetch_one(&stage.db).await.unwrap();
            assert_eq!((report.title, customer.name), (format!("{name} report 2"), format!("{name} customer 2")));
            let entries = Entry::repository().for_tenant(tenant).all().fetch_all(&stage.db).await.unwrap();
            assert_eq!(entries[0].what, format!("{name} entry 1"));
        }
    }
}

/// The text of a statement stays the same where one tenant has its tables in one schema and the other in several.
#[tokio::test]
async fn tenants_with_one_schema_and_with_several_take_turns() {
    let together = [("reporting", "Acme"), ("archive", "Acme2"), ("audit", "Acme")];
    let stage = Reports::of([
        TenantId::<Key>::with_existing_schemas("acme".parse().unwrap(), "Acme", together).unwrap(),
        "globex".parse().unwrap(),
    ])
    .await;
    let db = stage.one_connection(256).await;
    for _ in 0..4 {
        for (tenant, name) in [(&stage.acme, "acme"), (&stage.globex, "globex")] {
            let reports = Report::repository().for_tenant(tenant);
            let query = reports
                .all()
                .join::<Customer>(|r, c| Report::customer().on(r, c))
                .join::<OldCustomer>(|(r, _), o| o.id.eq(r.customer_id))
                .filter(|(r, ..)| r.id.eq(1));
            let (report, customer, old) = query.fetch_one(&db).await.unwrap();
            let expected = ["report 1", "customer 1", "old customer 1"].map(|what| format!("{name} {what}"));
            assert_eq!([report.title, customer.name, old.name], expected);
        }
    }
}

/// What is kept prepared for a tenant is not taken for what has another schema beside the same one.
#[tokio::test]
async fn a_schema_that_moves_is_read_in_its_new_place() {
    let stage = Reports::<Key>::new().await;
    stage
        .execute(
            "create schema moved; create table moved.report (like \"acme.reporting\".report);
             comment on schema moved is 'tenant acme';
             insert into moved.report values (1, 2, 'moved', 0)",
        )
        .await;
    let key = stage.acme.key().clone();
    let moved = TenantId::with_existing_schemas(key, "acme", [("reporting", "moved")]).unwrap();
    assert_ne!(moved, stage.acme);
    let db = stage.one_connection(256).await;
    for _ in 0..4 {
        for (tenant, name) in [(&stage.acme, "acme customer 1"), (&moved, "acme customer 2")] {
            let customers = Customer::repository().for_tenant(tenant);
            let query = customers.all().join::<Report>(|c, r| Report::customer().on(r, c)).filter(|(_, r)| r.id.eq(1));
            assert_eq!(query.fetch_one(&db).await.unwrap().0.name, name);
        }
    }
}

#[tokio::test]
async fn a_logical_schema_may_have_any_name() {
    #[derive(Debug, TenantTable)]
    #[tenant_table(name = "note", schema = "we\"ird]. $1 {tenant}", keyless)]
    struct Note {
        text: String,
    }

    let stage = Reports::<Key>::new().await;
    // No value is taken for a name, nor a name for a value.
    let texts = ["__[SCHEMA_reporting]", "{tenant}", "\"acme.reporting\"", "$1"];
    for tenant in [&stage.acme, &stage.globex] {
        let place = place(tenant, "we\"ird]. $1 {tenant}");
        let tables = format!("create schema {place}; create table {place}.note (text text);");
        stage.execute(&(tables + &is_of(tenant, &place))).await;
        let notes = Note::repository().for_tenant(tenant);
        notes.insert_many(texts.map(|text| NewNote { text: text.to_owned() })).execute(&stage.db).await.unwrap();
    }
    for tenant in [&stage.acme, &stage.globex] {
        let notes = Note::repository().for_tenant(tenant).all().fetch_all(&stage.db).await.unwrap();
        assert_eq!(notes.into_iter().map(|note| note.text).collect::<Vec<_>>(), texts);
    }
}

/// A name that PostgreSQL would cut off is an error, and nothing is sent.
#[tokio::test]
async fn a_name_that_is_too_long_is_never_sent() {
    let stage = Reports::<Key>::new().await;
    let proxy = Proxy::before(stage.database.url()).await;
    let db = proxy.pool(Database::options()).await;
    let long: TenantId = "x".repeat(54).parse().unwrap();
    let (customers, reports) = (Customer::repository().for_tenant(&long), Report::repository().for_tenant(&long));
    proxy.take_sent();
    let new = || NewReport { customer_id: 1, title: String::new(), pages: None };
    for error in [
        reports.find(1).fetch_optional(&db).await.unwrap_err(),
        reports.all().fetch_all(&db).await.unwrap_err(),
        reports.insert(new()).execute(&db).await.unwrap_err(),
        reports.insert_many([new(), new()]).execute(&db).await.unwrap_err(),
        reports.delete_many().all_rows().execute(&db).await.unwrap_err(),
        customers.all().join::<Report>(|c, r| r.customer_id.eq(c.id)).fetch_all(&db).await.unwrap_err(),
    ] {
        let expected = "the tenant's schema for `report` would have a name of more than 63 bytes; nothing was sent";
        assert_eq!(error.to_string(), expected);
        assert!(!error.may_have_run());
    }
    assert_eq!(proxy.take_sent().len(), 0);
    // A name of 63 bytes is kept whole.
    let tenant: TenantId = "y".repeat(53).parse().unwrap();
    assert_eq!(tenant.schema_of("reporting").unwrap().len(), 63);
    stage.execute(&super::tables(&tenant)).await;
    let reports = Report::repository().for_tenant(&tenant);
    assert_eq!(reports.all().fetch_all(&db).await.unwrap(), []);
}
