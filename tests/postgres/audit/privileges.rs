//! Roles, privileges, and what runs with another's rights.

use tenantry::Severity::{Advice, Danger};

use super::{Audited, Trap, found, trap};

#[tokio::test]
async fn a_role_that_no_policy_binds_is_found() {
    let traps = [
        trap("alter role {app} superuser", &[(Danger, "role-superuser", "role {app}")]),
        trap("alter role {app} bypassrls", &[(Danger, "role-bypassrls", "role {app}")]),
        trap("alter table app.customer owner to {app}", &[(Advice, "role-owns-table", "app.customer")]),
        trap(
            "alter table app.customer owner to {app}; alter table app.customer no force row level security",
            &[(Danger, "rls-not-forced", "app.customer"), (Danger, "role-owns-table", "app.customer")],
        ),
        trap(
            "create role {app}_admin bypassrls; grant {app}_admin to {app}; alter role {app} noinherit",
            &[(Danger, "role-can-become", "role {app}")],
        ),
        trap(
            "create role {app}_root superuser; grant {app}_root to {app}",
            &[(Danger, "role-can-become", "role {app}")],
        ),
        trap(
            "alter role {app} inherit; create role {app}_owner; alter table app.customer owner to {app}_owner; grant {app}_owner to {app}",
            &[(Danger, "role-can-become", "role {app}")],
        ),
        // By a role between, which nobody can take away without knowing what it is for.
        Trap {
            plant: "create role {app}_team; grant {app}_admin to {app}_team; grant {app}_team to {app}",
            found: &[(Danger, "role-can-become", "role {app}")],
            mend: "revoke {app}_team from {app}",
        },
        trap("create role {app}_reader; grant {app}_reader to {app}", &[]),
    ];
    Audited::clean().await.prove_all(&traps).await;
}

#[tokio::test]
async fn privileges_that_no_policy_binds_are_found() {
    let traps = [
        trap("grant truncate on app.customer to {app}", &[(Danger, "privilege-truncate", "app.customer")]),
        trap("grant references on app.customer to {app}", &[(Advice, "privilege-references", "app.customer")]),
        trap("grant trigger on app.customer to public", &[(Advice, "privilege-trigger", "app.customer")]),
        trap(
            "create role {app}_group; grant {app}_group to {app}; grant truncate on app.event_0 to {app}_group",
            &[(Danger, "privilege-truncate", "app.event_0")],
        ),
        trap("grant truncate on app.customer to pg_monitor", &[]),
    ];
    Audited::clean().await.prove_all(&traps).await;
}

#[tokio::test]
async fn what_reads_with_another_s_rights_is_found() {
    let traps = [
        trap(
            "create view app.customers as select * from app.customer; grant select on app.customers to {app}",
            &[(Danger, "definer-view", "app.customers")],
        ),
        trap("create view app.for_admins as select * from app.customer", &[(Advice, "definer-view", "app.for_admins")]),
        // Views on views.
        trap(
            "create view app.inner with (security_invoker = true) as select * from app.customer;
             create view app.outer as select email from app.inner; grant select on app.outer to public",
            &[(Danger, "definer-view", "app.outer")],
        ),
        trap(
            "create materialized view app.stored as select * from app.customer; grant select on app.stored to {app}",
            &[(Danger, "materialised-view", "app.stored")],
        ),
        Trap {
            plant: "",
            // It stays, out of reach.
            found: &[(Advice, "materialised-view", "app.stored")],
            mend: "drop materialized view app.stored",
        },
        // Bound by the policies, because they are forced.
        trap(
            "create role {app}_bound; grant usage on schema app to {app}_bound; grant select on app.customer to {app}_bound;
             create view app.bound as select * from app.customer; alter view app.bound owner to {app}_bound;
             grant select on app.bound to {app}",
            &[(Advice, "definer-view", "app.bound")],
        ),
        trap(
            "create function app.all_customers() returns setof app.customer security definer language sql stable
                begin atomic; select * from app.customer; end",
            &[(Danger, "definer-function", "function app.all_customers()")],
        ),
        trap(
            "create function app.count_customers(text) returns bigint security definer language plpgsql as
                $$ begin return (select count(*) from app.customer); end $$",
            &[(Danger, "definer-function", "function app.count_customers(text)")],
        ),
        trap(
            "create function app.unasked() returns bigint security definer language plpgsql as
                $$ begin return (select count(*) from customer); end $$;
             revoke execute on function app.unasked() from public",
            &[(Advice, "definer-function", "function app.unasked()")],
        ),
        trap(
            "create procedure app.forget(int) security definer language plpgsql as
                $$ begin delete from app.note where id = $1; end $$",
            &[(Danger, "definer-function", "function app.forget(IN integer)")],
        ),
        trap(
            "create function app.customer_count() returns int security definer language sql as $$ select 1 as customers $$",
            &[],
        ),
    ];
    let audited = Audited::clean().await;
    for trap in &traps {
        audited.run(trap.plant).await;
        let report = audited.audit().await;
        let expected: Vec<_> = trap
            .found
            .iter()
            .map(|(severity, code, place)| (*severity, (*code).to_owned(), (*place).to_owned()))
            .collect();
        assert_eq!(found(&report), expected, "after {}\n{report}", trap.plant);
        for sql in report.findings().iter().filter_map(|finding| finding.sql()) {
            audited.run(sql).await;
        }
        audited.run(trap.mend).await;
        let rest = found(&audited.audit().await);
        assert!(rest.iter().all(|(severity, code, _)| *severity == Advice && code == "materialised-view"), "{rest:?}");
    }
    assert_eq!(found(&audited.audit().await), []);
}
