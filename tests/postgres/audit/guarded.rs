//! Row-level security: switches, policies, partitions.

use tenantry::Severity::{Advice, Danger, Mismatch};

use super::{Audited, trap};

#[tokio::test]
async fn row_level_security_that_is_off_is_found() {
    let traps = [
        trap("alter table app.customer disable row level security", &[(Danger, "rls-off", "app.customer")]),
        trap("alter table app.customer no force row level security", &[(Advice, "rls-not-forced", "app.customer")]),
        trap(
            "create table app.copy as select * from app.customer; grant select on app.copy to {app}",
            &[(Advice, "table-not-in-model", "app.copy")],
        ),
        trap("create table app.hidden as select * from app.customer", &[]),
        trap(
            "drop policy tenant on app.note; drop policy rows on app.note; alter table app.note disable row level security, no force row level security",
            &[
                (Danger, "rls-off", "app.note"),
                (Mismatch, "policy-missing", "app.note"),
                (Advice, "rls-not-forced", "app.note"),
                (Advice, "policy-not-restrictive", "app.note"),
            ],
        ),
    ];
    Audited::clean().await.prove_all(&traps).await;
}

#[tokio::test]
async fn policies_that_let_others_pass_are_found() {
    let traps = [
        // A permissive one beside the restrictive one opens nothing.
        trap("create policy more on app.customer using (true)", &[]),
        trap("drop policy tenant on app.customer", &[
            (Danger, "policy-extra-permissive", "app.customer policy more"),
            (Danger, "policy-extra-permissive", "app.customer policy rows"),
            (Mismatch, "policy-missing", "app.customer"),
            (Advice, "policy-not-restrictive", "app.customer"),
        ]),
        trap(
            "alter policy customer_tenant on app.customer using (true)",
            &[
                (Advice, "policy-not-restrictive", "app.customer"),
            ],
        ),
        trap(
            "drop policy customer_tenant on app.customer; drop policy customer_tenant_2 on app.customer; create policy support on app.customer for select to {app} using (credit > 10)",
            &[
                (Danger, "policy-extra-permissive", "app.customer policy support"),
                (Advice, "policy-not-restrictive", "app.customer"),
            ],
        ),
        trap("create policy backup on app.customer for select to pg_monitor using (true)", &[]),
        trap(
            "alter policy rows on app.note using (tenant = nullif(current_setting('app.tenant', true), '') or current_setting('app.tenant', true) is null);
             drop policy tenant on app.note",
            &[
                (Danger, "policy-open-branch", "app.note policy rows"),
                (Advice, "policy-not-restrictive", "app.note"),
            ],
        ),
        trap(
            "drop policy note_tenant on app.note; alter policy rows on app.note with check (true)",
            &[
                (Danger, "policy-check-open", "app.note policy rows"),
                (Advice, "policy-not-restrictive", "app.note"),
            ],
        ),
        trap(
            "drop policy note_tenant on app.note; create policy writes on app.note for insert with check (true)",
            &[
                (Danger, "policy-check-open", "app.note policy writes"),
                (Advice, "policy-not-restrictive", "app.note"),
            ],
        ),
        trap(
            "drop policy note_tenant on app.note;
             create policy changes on app.note for update using (tenant = nullif(current_setting('app.tenant', true), ''))
                with check (true)",
            &[
                (Danger, "policy-check-open", "app.note policy changes"),
                (Advice, "policy-not-restrictive", "app.note"),
            ],
        ),
        // Of others than the application's role.
        trap(
            "drop policy note_tenant on app.note; create policy backup on app.note for select to pg_monitor using (true)",
            &[(Advice, "policy-not-restrictive", "app.note")],
        ),
        trap(
            "drop policy rows on app.\"order\"; create policy reads on app.\"order\" for select using (true);
             create policy changes on app.\"order\" for update using (true)",
            &[(Mismatch, "policy-missing", "app.order")],
        ),
        // What the role may not do needs no policy.
        trap("revoke delete on app.\"order\" from {app}; drop policy order_delete on app.\"order\"", &[]),
    ];
    Audited::clean().await.prove_all(&traps).await;
}

#[tokio::test]
async fn settings_that_are_read_wrongly_are_found() {
    let traps = [
        trap(
            "alter policy tenant on app.customer using (tenant_id = current_setting('app.tenant')::uuid)
                with check (tenant_id = current_setting('app.tenant')::uuid)",
            &[(Advice, "policy-setting-without-nullif", "app.customer policy tenant")],
        ),
        trap(
            "alter policy tenant on app.note using (tenant = current_setting('app.tenant', true))",
            &[(Advice, "policy-setting-without-nullif", "app.note policy tenant")],
        ),
        trap(
            "alter table app.note drop constraint note_tenant_check",
            &[(Advice, "tenant-may-be-empty", "app.note.tenant")],
        ),
        trap(
            "alter table app.note drop constraint note_tenant_check;
             alter policy tenant on app.note using (tenant = current_setting('app.tenant', true))",
            &[
                (Danger, "policy-setting-without-nullif", "app.note policy tenant"),
                (Advice, "tenant-may-be-empty", "app.note.tenant"),
            ],
        ),
        trap(
            "alter policy tenant on app.note using (tenant = nullif(current_setting('my.tenant', true), ''))",
            &[(Mismatch, "policy-other-setting", "app.note policy tenant")],
        ),
    ];
    Audited::clean().await.prove_all(&traps).await;
}

#[tokio::test]
async fn functions_of_policies_are_looked_at() {
    let traps = [
        trap(
            "create function app.tenant() returns uuid immutable language sql as
                $$ select nullif(current_setting('app.tenant', true), '')::uuid $$;
             alter policy tenant on app.customer using (tenant_id = app.tenant())",
            &[(Danger, "policy-immutable-function", "app.customer policy tenant")],
        ),
        trap(
            "create function app.named(name text) returns text immutable language plpgsql as
                $$ begin return nullif(current_setting(name, true), ''); end $$;
             alter policy tenant on app.note using (tenant = app.named('app.tenant'))",
            &[(Danger, "policy-immutable-function", "app.note policy tenant")],
        ),
        trap(
            "create function app.positive(number int) returns bool immutable language sql as $$ select number > 0 $$;
             create policy positive on app.customer as restrictive using (app.positive(credit))",
            &[],
        ),
        trap(
            "create function app.leaky(text) returns bool leakproof language sql as $$ select true $$",
            &[(Advice, "function-leakproof", "function app.leaky(text)")],
        ),
    ];
    Audited::clean().await.prove_all(&traps).await;
}

#[tokio::test]
async fn partitions_under_their_own_names_are_found() {
    let traps = [
        trap("grant select on app.event_0 to {app}", &[(Danger, "partition-open", "app.event_0")]),
        trap(
            "grant insert on app.event_1 to public; alter table app.event_1 enable row level security;
             create policy rows on app.event_1 using (true)",
            &[(Danger, "policy-extra-permissive", "app.event_1 policy rows")],
        ),
        // Two levels down.
        trap(
            "alter table app.event detach partition app.event_1; drop table app.event_1;
             create table app.event_1 partition of app.event for values with (modulus 2, remainder 1) partition by hash (tenant_id);
             create table app.event_2 partition of app.event_1 for values with (modulus 1, remainder 0);
             grant select on app.event_2 to {app}",
            &[(Danger, "partition-open", "app.event_2")],
        ),
    ];
    Audited::clean().await.prove_all(&traps).await;
}

#[tokio::test]
async fn a_table_that_has_what_its_struct_does_not_say_is_found() {
    let stage = crate::stage::Stage::empty().await;
    let app = format!("app_{}", stage.database_name());
    stage
        .execute(&format!(
            "alter table app.customer enable row level security; alter table catalog.plan enable row level security;
             create role {app} login"
        ))
        .await;
    let url = stage.url().replace("postgres@", &format!("{app}@"));
    let db = tenantry::Database::connect(&url).await.unwrap();
    let report = db.audit(&[<tenantry_tests::RowCustomer as tenantry::Table>::DEFINITION]).await.unwrap();
    assert_eq!(super::found(&report), [(Mismatch, "rls-not-in-model".to_owned(), "app.customer".to_owned())]);
    let report = db.audit(&[<tenantry_tests::Plan as tenantry::Table>::DEFINITION]).await.unwrap();
    assert_eq!(super::found(&report), [(Mismatch, "rls-not-in-model".to_owned(), "catalog.plan".to_owned())]);
}

#[tokio::test]
async fn what_cannot_have_row_level_security_is_found() {
    let audited = Audited::clean().await;
    audited
        .run(
            "alter table app.note rename to notes;
             create view app.note with (security_invoker = true) as select tenant, id, body from app.notes",
        )
        .await;
    let report = audited.audit().await;
    assert_eq!(super::found(&report), [(Danger, "rls-impossible".to_owned(), "app.note".to_owned())], "{report}");
}
