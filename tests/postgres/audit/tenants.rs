//! Tenants and their schemas.

use tenantry::Severity::{Advice, Danger, Mismatch};
use tenantry::{Audit, Slug, TenantId};

use super::{Audited, OF_TENANT, TABLES, found};

type Expected<'e> = (tenantry::Severity, &'e str, &'e str);

fn owned(expected: &[Expected<'_>]) -> Vec<(tenantry::Severity, String, String)> {
    expected.iter().map(|(severity, code, place)| (*severity, (*code).to_owned(), (*place).to_owned())).collect()
}

#[tokio::test]
async fn a_tenant_without_its_schemas_is_found() {
    let audited = Audited::clean().await;
    let tenants = ["acme", "globex", "initech"];
    let report = audited.audit_with(&tenants).await;
    let missing = owned(&[
        (Mismatch, "schema-missing", "schema initech"),
        (Mismatch, "schema-missing", "schema initech.reporting"),
    ]);
    assert_eq!(found(&report), missing, "{report}");
    assert!(report.findings().iter().any(|finding| finding.problem().contains("tenant initech")), "{report}");
    // One script makes them, with all tables.
    let scripts: Vec<_> = report.findings().iter().filter_map(|finding| finding.sql()).collect();
    assert_eq!(scripts.len(), 1, "{report}");
    audited.run(scripts[0]).await;
    assert_eq!(found(&audited.audit_with(&tenants).await), []);
    audited.run("drop table initech.invoice; drop table \"initech.reporting\".summary").await;
    let report = audited.audit_with(&tenants).await;
    let tables = owned(&[
        (Mismatch, "table-missing", "initech.invoice"),
        (Mismatch, "table-missing", "initech.reporting.summary"),
    ]);
    assert_eq!(found(&report), tables);
    audited.run(report.findings().iter().find_map(|finding| finding.sql()).unwrap()).await;
    assert_eq!(found(&audited.audit_with(&tenants).await), []);
}

/// Each kind has its own tables, and its own list.
#[tokio::test]
async fn tenants_of_two_kinds_have_their_own_tables() {
    #[derive(Debug, tenantry::TenantTable)]
    #[tenant_table(name = "profile", tenant = i64)]
    struct Profile {
        #[tenant_table(primary_key)]
        id: i64,
    }

    let audited = Audited::clean().await;
    audited.run("create schema id_7; create table id_7.profile (id bigint primary key)").await;
    let tables = [&TABLES[..], &[<Profile as tenantry::Table>::DEFINITION]].concat();
    let companies: [TenantId; 2] = ["acme", "globex"].map(|name| name.parse().unwrap());
    let people = [TenantId::new(7_i64).unwrap()];
    let report = Audit::of(&tables).tenants(&companies).tenants(&people).run(&audited.db).await.unwrap();
    assert_eq!(found(&report), [], "{report}");
    let report = Audit::of(&tables).tenants(&companies).run(&audited.db).await.unwrap();
    assert_eq!(found(&report), [], "{report}");
    assert!(report.unchecked()[0].contains("Profile"), "{report}");
    let report = audited.db.audit(&tables).await.unwrap();
    assert_eq!(found(&report), [], "{report}");
}

#[tokio::test]
async fn a_tenant_that_was_half_made_is_found_without_a_list() {
    let audited = Audited::clean().await;
    audited.run("drop table globex.invoice").await;
    assert_eq!(found(&audited.audit().await), owned(&[(Mismatch, "table-missing", "globex.invoice")]));
    audited
        .run(
            "create table globex.invoice (id bigint primary key, account_id bigint not null references globex.account)",
        )
        .await;
    assert_eq!(found(&audited.audit().await), []);
    let report = audited.audit().await;
    assert!(report.unchecked()[0].contains("Audit::tenants"), "{report}");
}

#[tokio::test]
async fn a_schema_without_a_tenant_is_found() {
    let audited = Audited::clean().await;
    let found = found(&audited.audit_with(&["acme"]).await);
    let expected = [
        (Advice, "schema-without-tenant", "schema globex"),
        (Advice, "schema-without-tenant", "schema globex.reporting"),
    ];
    assert_eq!(found, owned(&expected));
}

#[tokio::test]
async fn two_tenants_of_one_schema_are_found() {
    let audited = Audited::clean().await;
    let acme: TenantId = "acme".parse().unwrap();
    let globex: TenantId = "globex".parse().unwrap();
    let other = TenantId::with_existing_schema("other".parse::<Slug>().unwrap(), "acme").unwrap();
    let audit = Audit::of(&TABLES).tenants([&acme, &globex, &other]);
    let report = audit.run(&audited.db).await.unwrap();
    let expected =
        [(Danger, "schema-of-two-tenants", "schema acme"), (Danger, "schema-of-two-tenants", "schema acme.reporting")];
    let mut places = found(&report);
    places.sort();
    assert_eq!(places, owned(&expected), "{report}");
    assert!(report.findings().iter().any(|finding| finding.problem().contains("acme, other")), "{report}");

    // A tenant that is listed twice is one.
    let report = Audit::of(&TABLES).tenants([&acme, &globex]).tenants([&acme]).run(&audited.db).await.unwrap();
    assert_eq!(found(&report), []);
}

#[tokio::test]
async fn names_that_are_easily_mistaken_are_found() {
    let audited = Audited::clean().await;
    audited.run("create schema \"Acme\"").await;
    assert_eq!(found(&audited.audit().await), owned(&[(Advice, "schema-look-alike", "schema acme")]));
    // The first letter is Cyrillic.
    audited.run("drop schema \"Acme\"; create schema \"аcme\"").await;
    assert_eq!(found(&audited.audit().await), owned(&[(Advice, "schema-look-alike", "schema acme")]));
    audited.run("drop schema \"аcme\"; create schema \"ACME, Ltd\"; create schema \"acme2\"").await;
    assert_eq!(found(&audited.audit().await), []);
    // Of strangers.
    audited.run("create schema other; create schema \"Other\"").await;
    assert_eq!(found(&audited.audit().await), []);
    // One character, or a letter and its accent.
    audited.run(&OF_TENANT.replace("{tenant}", "caf\u{e9}")).await;
    audited.run("create schema \"cafe\u{301}\"").await;
    let report = audited.audit().await;
    assert_eq!(found(&report).len(), 1, "{report}");
    assert_eq!(found(&report)[0].1, "schema-look-alike");
}

#[tokio::test]
async fn names_that_may_have_been_cut_are_found() {
    let audited = Audited::clean().await;
    let long = "a".repeat(63);
    let made = format!(
        "create schema {long}x; create table {long}.account (like acme.account including all);
         alter table {long}.account add foreign key (plan) references catalog.plan;
         create table {long}.invoice (like acme.invoice including all);
         alter table {long}.invoice add foreign key (account_id) references {long}.account"
    );
    audited.run(&made).await;
    let place = format!("schema {long}");
    assert_eq!(found(&audited.audit().await), owned(&[(Advice, "schema-name-cut", &place)]));
    // Where it is a tenant's name as it is, nothing was cut.
    let only_own = [TABLES[4], TABLES[5], TABLES[6]];
    let tenants: Vec<TenantId> = ["acme", "globex", &long].map(|name| name.parse().unwrap()).into();
    let report = Audit::of(&only_own).tenants(&tenants).run(&audited.db).await.unwrap();
    assert_eq!(found(&report), [], "{report}");
    let letters = "ж".repeat(31);
    audited.run(&made.replace(&format!("{long}x"), &long).replace(&long, &letters)).await;
    let cut = found(&audited.audit().await);
    assert!(cut.contains(&(Advice, "schema-name-cut".to_owned(), format!("schema {letters}"))), "{cut:?}");
}

#[tokio::test]
async fn a_tenants_table_in_a_schema_of_nobody_is_found() {
    let audited = Audited::clean().await;
    audited.run("create table public.account (id int)").await;
    assert_eq!(found(&audited.audit().await), owned(&[(Advice, "schema-reserved", "schema public")]));
    audited
        .run("drop table public.account; create schema \"Pg_acme\"; create table \"Pg_acme\".account (id int)")
        .await;
    assert_eq!(found(&audited.audit().await), owned(&[(Advice, "schema-reserved", "schema Pg_acme")]));
}

#[tokio::test]
async fn a_view_on_another_tenants_table_is_found() {
    let audited = Audited::clean().await;
    audited
        .run("create view acme.accounts as select * from acme.account; grant select on acme.accounts to {app}")
        .await;
    assert_eq!(found(&audited.audit().await), []);
    audited.run("create view acme.theirs as select * from globex.account; grant select on acme.theirs to {app}").await;
    let expected = owned(&[(Danger, "view-across-tenants", "acme.theirs")]);
    assert_eq!(found(&audited.audit().await), expected);
    let report = audited.audit_with(&["acme", "globex"]).await;
    assert_eq!(found(&report), expected);
    audited.run(report.findings().iter().find_map(|finding| finding.sql()).unwrap()).await;
    let rest = found(&audited.audit().await);
    assert_eq!(rest, owned(&[(Advice, "view-across-tenants", "acme.theirs")]));
    audited.run("drop view acme.theirs; create view acme.summaries as select * from \"acme.reporting\".summary").await;
    assert_eq!(found(&audited.audit_with(&["acme", "globex"]).await), []);
    assert_eq!(found(&audited.audit().await), []);
}
