//! Many tenants.

use tenantry::Severity::Mismatch;
use tenantry::TenantId;

use super::{Audited, found};

/// The application's schemas, made by the server itself.
async fn make(audited: &Audited, tenants: u32) {
    let sql = format!(
        r#"do $do$
        declare
            tenant text;
        begin
            for n in 1..{tenants} loop
                tenant := format('t%s', n);
                execute format('create schema %I', tenant);
                execute format('create schema %I', tenant || '.reporting');
                execute format('create table %I.account (like acme.account including all)', tenant);
                execute format('alter table %I.account add foreign key (plan) references catalog.plan', tenant);
                execute format('create table %I.invoice (like acme.invoice including all)', tenant);
                execute format('alter table %I.invoice add foreign key (account_id) references %1$I.account', tenant);
                execute format('create table %I.summary (like "acme.reporting".summary including all)', tenant || '.reporting');
            end loop;
        end $do$"#
    );
    audited.run(&sql).await;
}

#[tokio::test]
async fn one_fault_among_hundreds_of_schemas_is_found() {
    let audited = Audited::clean().await;
    make(&audited, 300).await;
    let report = audited.audit().await;
    assert_eq!(found(&report), [], "{report}");
    assert_eq!((report.tables(), report.schemas()), (5 + 302 * 3, 2 + 302 * 2));

    audited.run("alter table t217.account drop column name; drop table t5.invoice").await;
    let tenants: Vec<TenantId> = (1..=300)
        .map(|n| format!("t{n}").parse().unwrap())
        .chain(["acme", "globex"].map(|name| name.parse().unwrap()))
        .collect();
    let report = tenantry::Audit::of(&super::TABLES).tenants(&tenants).run(&audited.db).await.unwrap();
    let expected = [
        ("table-missing", "t5.invoice"),
        ("column-missing", "t217.account.name"),
        ("unique-key-missing", "t217.account"),
    ];
    assert_eq!(found(&report), expected.map(|(code, place)| (Mismatch, code.to_owned(), place.to_owned())), "{report}");
}
