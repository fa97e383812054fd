//! What is not as the model says: columns, types, keys.

use tenantry::Severity::{Advice, Danger, Mismatch};

use super::{Audited, trap};

#[tokio::test]
async fn columns_that_do_not_fit_are_found() {
    let traps = [
        trap("alter table app.customer drop column phone", &[(Mismatch, "column-missing", "app.customer.phone")]),
        trap(
            "alter table app.customer drop column version",
            &[(Mismatch, "column-missing", "app.customer.version"), (Advice, "index-missing", "app.customer")],
        ),
        trap(
            "alter table app.\"order\" drop column id",
            &[(Mismatch, "column-missing", "app.order.id"), (Mismatch, "primary-key-missing", "app.order")],
        ),
        trap(
            "alter table app.customer alter phone type int using 1",
            &[(Mismatch, "column-type", "app.customer.phone")],
        ),
        trap("alter table app.customer alter credit type bigint", &[(Mismatch, "column-type", "app.customer.credit")]),
        trap(
            "alter table app.\"order\" alter total type numeric(12, 3)",
            &[(Mismatch, "column-type", "app.order.total")],
        ),
        trap("alter table app.\"order\" alter total type numeric", &[(Mismatch, "column-type", "app.order.total")]),
        trap(
            "alter table app.\"order\" alter tags type varchar[]",
            &[(Advice, "column-type-differs", "app.order.tags")],
        ),
        trap(
            "create domain app.short as text; alter table app.customer alter phone type app.short",
            &[(Mismatch, "column-type", "app.customer.phone")],
        ),
        trap(
            "alter table app.customer alter phone type varchar(20)",
            &[(Advice, "column-type-differs", "app.customer.phone")],
        ),
        trap(
            "alter table acme.account alter name drop not null",
            &[(Mismatch, "column-nullable", "acme.account.name")],
        ),
        trap(
            "alter table app.customer alter phone set not null",
            &[(Mismatch, "column-not-null", "app.customer.phone")],
        ),
        trap(
            "alter table app.customer alter version drop default",
            &[(Mismatch, "column-without-default", "app.customer.version")],
        ),
        trap(
            "alter table app.customer alter id drop identity",
            &[(Mismatch, "column-without-default", "app.customer.id")],
        ),
        trap(
            "alter table app.\"order\" alter id drop default",
            &[(Mismatch, "column-without-default", "app.order.id")],
        ),
        trap(
            "alter table app.customer alter credit drop default",
            &[(Mismatch, "column-without-default", "app.customer.credit")],
        ),
        trap(
            "alter table acme.invoice alter id add generated always as identity",
            &[(Mismatch, "column-always-generated", "acme.invoice.id")],
        ),
        trap(
            "alter table catalog.plan drop column price;
             alter table catalog.plan add price int not null generated always as (length(code)) stored",
            &[(Mismatch, "column-always-generated", "catalog.plan.price")],
        ),
        trap(
            "alter table acme.account add colour text not null",
            &[(Mismatch, "column-unknown", "acme.account.colour")],
        ),
        trap("alter table app.customer add colour text", &[]),
        trap("alter table app.customer add shade text not null default ''", &[]),
    ];
    Audited::clean().await.prove_all(&traps).await;
}

#[tokio::test]
async fn a_tenant_column_that_does_not_fit_is_found() {
    let traps = [
        trap(
            "alter table app.note drop constraint note_pkey; alter table app.note alter tenant drop not null;
             create unique index on app.note (tenant, id)",
            &[(Mismatch, "tenant-column-nullable", "app.note.tenant")],
        ),
        trap(
            "drop policy tenant on app.\"order\"; alter table app.\"order\" drop constraint order_tenant_id_customer_id_fkey;
             alter table app.\"order\" alter tenant_id type text;
             create policy tenant on app.\"order\" as restrictive
                using (tenant_id = nullif(current_setting('app.tenant', true), ''))
                with check (tenant_id = nullif(current_setting('app.tenant', true), ''))",
            &[
                (Mismatch, "tenant-column-type", "app.order.tenant_id"),
                (Advice, "foreign-key-missing", "app.order.customer_id"),
            ],
        ),
    ];
    let audited = Audited::clean().await;
    audited.prove_all(&traps).await;
    let plant = "drop policy tenant on app.note; alter table app.note drop column tenant; alter table app.note add primary key (id)";
    let audited = Audited::clean().await;
    audited.run(plant).await;
    let report = audited.audit().await;
    assert_eq!(super::found(&report), [(Mismatch, "tenant-column-missing".to_owned(), "app.note.tenant".to_owned())]);
    // What else is wrong is found when the column is there.
    for _ in 0..2 {
        for sql in audited.audit().await.findings().iter().filter_map(|finding| finding.sql()) {
            audited.run(sql).await;
        }
    }
    let report = audited.audit().await;
    assert_eq!(super::found(&report), [], "{report}");
}

#[tokio::test]
async fn keys_of_all_tenants_are_found() {
    let traps = [
        trap(
            "alter table app.\"order\" drop constraint order_pkey; alter table app.\"order\" add primary key (id)",
            &[(Danger, "primary-key-without-tenant", "app.order")],
        ),
        // Another table refers to it.
        trap(
            "alter table app.\"order\" drop constraint order_tenant_id_customer_id_fkey;
             alter table app.customer drop constraint customer_pkey; alter table app.customer add primary key (id);
             alter table app.\"order\" add constraint to_customer foreign key (customer_id) references app.customer on delete cascade",
            &[
                (Danger, "primary-key-without-tenant", "app.customer"),
                (Danger, "cascade-without-tenant", "app.order"),
            ],
        ),
        trap(
            "alter table app.customer drop constraint customer_tenant_id_email_key; alter table app.customer add unique (email)",
            &[(Danger, "unique-without-tenant", "app.customer")],
        ),
        trap("create unique index \"Email\" on app.customer (email)", &[(Danger, "unique-without-tenant", "app.customer")]),
        trap(
            "create unique index lowered on app.customer (lower(email), phone) where phone is not null",
            &[(Danger, "unique-without-tenant", "app.customer")],
        ),
        trap("create unique index lowered_again on app.customer (tenant_id, lower(email))", &[]),
        trap("alter table app.note drop constraint note_pkey", &[(Mismatch, "primary-key-missing", "app.note")]),
        trap(
            "alter table acme.invoice drop constraint invoice_pkey; alter table acme.invoice add primary key (id, account_id)",
            &[(Mismatch, "primary-key-missing", "acme.invoice")],
        ),
        trap(
            "alter table acme.account drop constraint account_name_key;
             create unique index part on acme.account (name) where id > 1",
            &[(Mismatch, "unique-key-missing", "acme.account")],
        ),
        trap("drop index app.customer_tenant_id_version_credit_idx", &[(Advice, "index-missing", "app.customer")]),
        trap(
            "drop index app.customer_tenant_id_version_idx; create index on app.customer (version, tenant_id);
             create index on app.customer (tenant_id, version) where version > 1",
            &[(Advice, "index-missing", "app.customer")],
        ),
        trap("alter table app.customer drop constraint customer_email_key", &[(Mismatch, "unique-key-missing", "app.customer")]),
    ];
    Audited::clean().await.prove_all(&traps).await;
}

#[tokio::test]
async fn foreign_keys_that_leave_the_tenant_are_found() {
    let traps = [
        trap(
            "alter table app.customer add number int unique; alter table app.\"order\" add number int references app.customer (number)",
            &[(Danger, "unique-without-tenant", "app.customer"), (Danger, "foreign-key-without-tenant", "app.order")],
        ),
        trap(
            "alter table app.\"order\" drop constraint order_tenant_id_customer_id_fkey;
             alter table app.customer add constraint ids unique (id);
             alter table app.\"order\" add constraint to_customer foreign key (customer_id) references app.customer (id) on delete cascade",
            &[(Danger, "unique-without-tenant", "app.customer"), (Danger, "cascade-without-tenant", "app.order")],
        ),
        trap(
            "alter table app.customer add best uuid; alter table app.customer add foreign key (best, id) references app.customer (tenant_id, id) on delete set null",
            &[(Danger, "cascade-without-tenant", "app.customer")],
        ),
        // The tenant leads to what is no tenant.
        trap(
            "alter table app.customer add other uuid; alter table app.customer add unique (other, id);
             alter table app.\"order\" add constraint crossed foreign key (tenant_id, customer_id)
                references app.customer (other, id)",
            &[(Danger, "unique-without-tenant", "app.customer"), (Danger, "foreign-key-without-tenant", "app.order")],
        ),
        trap(
            "alter table app.\"order\" drop constraint to_customer, drop constraint crossed;
             alter table app.\"order\" add constraint to_customer foreign key (tenant_id, customer_id) references app.customer (tenant_id, id)",
            &[(Mismatch, "foreign-key-on-delete", "app.order.customer_id")],
        ),
        trap(
            "alter table app.\"order\" drop constraint to_customer",
            &[(Advice, "foreign-key-missing", "app.order.customer_id")],
        ),
        trap(
            "alter table acme.invoice drop constraint invoice_account_id_fkey",
            &[(Advice, "foreign-key-missing", "acme.invoice.account_id")],
        ),
        trap(
            "alter table acme.invoice add constraint abroad foreign key (account_id) references globex.account",
            &[(Danger, "foreign-key-to-other-tenant", "acme.invoice")],
        ),
        trap(
            "alter table catalog.plan add account bigint references acme.account",
            &[(Danger, "foreign-key-from-shared", "catalog.plan")],
        ),
    ];
    Audited::clean().await.prove_all(&traps).await;
}

/// One may be read by a struct, and has neither keys nor NOT NULL.
#[tokio::test]
async fn of_a_view_only_the_columns_are_compared() {
    let audited = Audited::clean().await;
    audited
        .run(
            "alter table acme.account rename to accounts;
             create view acme.account as select id, name, plan from acme.accounts",
        )
        .await;
    assert_eq!(super::found(&audited.audit().await), []);
    audited
        .run("drop view acme.account; create view acme.account as select id, name::int8, 1 as other from acme.accounts")
        .await;
    let codes = super::found(&audited.audit().await);
    let expected = [("column-type", "acme.account.name"), ("column-missing", "acme.account.plan")];
    assert_eq!(codes, expected.map(|(code, place)| (Mismatch, code.to_owned(), place.to_owned())));
}
