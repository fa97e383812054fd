//! How a table is isolated, as the statements that made it tell.

use tenantry_oracle::{Isolation, Tables, Violation, judge};

fn learned(texts: &[&str]) -> Tables {
    let mut tables = Tables::default();
    texts.iter().for_each(|sql| tables.learn(sql));
    tables
}

fn by_row(column: &str) -> Option<Isolation> {
    Some(Isolation::Row(column.to_owned()))
}

fn by_schema(tenant: &str) -> Option<Isolation> {
    Some(Isolation::Schema(tenant.to_owned()))
}

#[test]
fn by_row_is_what_has_the_tenant_column() {
    let tables = learned(&[
        "create table app.a (tenant_id uuid, id int)",
        "create table b (tenant_id uuid)",
        "create table app.c (owner uuid, id int); comment on column app.c.owner is 'tenant'",
        "create table app.d (id int); alter table app.d add column tenant_id uuid",
        "create table app.e (like app.a including all); create table app.f () inherits (app.a)",
        "create table app.g as select tenant_id, id from app.a; create view app.h as select a.tenant_id from app.a",
        "alter table app.a set schema other; alter table app.b rename to bb; alter table app.c rename owner to landlord",
        "create table app.none (id int, owner uuid)",
        "alter schema app rename to old",
    ]);
    for name in ["a", "d", "e", "f", "g", "h"] {
        assert_eq!(tables.isolation("app", name), by_row("tenant_id"), "{name}");
        assert_eq!(tables.isolation("old", name), by_row("tenant_id"), "{name}");
    }
    assert_eq!(tables.isolation("public", "b"), by_row("tenant_id"));
    assert_eq!(tables.isolation("other", "a"), by_row("tenant_id"));
    assert_eq!(tables.isolation("app", "c"), by_row("landlord"));
    // A table beside those by row is no tenant's own.
    assert_eq!(tables.isolation("app", "none"), None);
    assert_eq!(tables.isolation("app", "unknown"), None);
}

#[test]
fn by_schema_is_what_several_schemas_have() {
    let mut tables = learned(&[
        "create table acme.a (id int); create table globex.a (like acme.a); create table acme.only (id int)",
        "create table lonely.b (id int); create table declared.c (id int); comment on schema declared is 'tenant'",
        // Of the same name, but the tenant's column is not recognized.
        "create table by_row.a (owner uuid, id int)",
        "create table public.a (like acme.a); create temp table a (id int)",
        "create table public.half (id int, name text); create table half.half (like public.half)",
    ]);
    for (schema, table) in [("acme", "a"), ("globex", "a"), ("acme", "only"), ("acme", "unknown"), ("declared", "c")] {
        assert_eq!(tables.isolation(schema, table), by_schema(schema), "{schema}.{table}");
    }
    // A tenant whose schema is missing.
    assert_eq!(tables.isolation("nobody", "a"), by_schema("nobody"));
    for (schema, table) in
        [("nobody", "b"), ("lonely", "b"), ("by_row", "a"), ("half", "half"), ("public", "a"), ("public", "b")]
    {
        assert_eq!(tables.isolation(schema, table), None, "{schema}.{table}");
    }
    assert_eq!(tables.tenants().into_keys().collect::<Vec<_>>(), ["acme", "declared", "globex"]);

    tables.add_tenants(&["lonely", "public"].map(|schema| (schema.to_owned(), schema.to_owned())).into());
    assert_eq!(tables.isolation("lonely", "b"), by_schema("lonely"));
    assert_eq!(tables.isolation("public", "a"), None);
}

#[test]
fn a_tenant_may_have_several_schemas() {
    let mut tables = learned(&[
        "create table acme_crm.lead (id int); comment on schema acme_crm is 'tenant acme'",
        "create table globex_crm.lead (id int); comment on schema globex_crm is 'tenant globex'",
        "create table acme.a (id int); create table globex.a (id int)",
        "alter schema globex_crm rename to sales",
    ]);
    assert_eq!(tables.isolation("acme_crm", "lead"), by_schema("acme"));
    assert_eq!(tables.isolation("sales", "lead"), by_schema("globex"));
    tables.add_tenants(&[("acme_crm".to_owned(), "another".to_owned())].into());
    assert_eq!(tables.isolation("acme_crm", "lead"), by_schema("acme"));

    let joined = |other: &str| format!("select 1 from acme.a join {other}.lead on true");
    assert_eq!(judge(&joined("acme_crm"), &tables).violations, []);
    let two = Violation::TwoSchemas("acme".to_owned(), "globex".to_owned());
    assert_eq!(judge(&joined("globex_crm"), &tables).violations, [two]);
}

#[test]
fn a_schema_of_two_tenants_in_two_databases_is_nobodys_in_a_third() {
    let one =
        learned(&["create table acme.a (id int); create table globex.a (id int); create table lonely.a (id int)"]);
    let other = learned(&["create table acme.a (); comment on schema acme is 'tenant globex'"]);
    let tenants = Tables::tenants_of_all([&one, &other]);
    assert_eq!(tenants.keys().collect::<Vec<_>>(), ["globex", "lonely"]);
}

#[test]
fn shared_is_what_says_so() {
    let tables = learned(&[
        "create table catalog.plan (code text); create table public.rate (); comment on table public.rate is 'shared'",
    ]);
    assert_eq!(tables.isolation("catalog", "plan"), Some(Isolation::Shared));
    assert_eq!(tables.isolation("public", "rate"), Some(Isolation::Shared));
    assert_eq!(tables.isolation("public", "plan"), None);
    assert_eq!(tables.isolation("pg_catalog", "pg_type"), Some(Isolation::System));
}
