use tenantry::Role;

use super::Empty;

/// Roles belong to all databases of the server, so that each test has its own.
struct Roles {
    stage: Empty,
    app: Role,
    reports: Role,
    editor: Role,
}

impl Roles {
    async fn new() -> Self {
        let mut stage = Empty::new().await;
        let name = |what: &str| format!("{what} of \"{}\"", stage.database.name());
        let app = Role::application(&name("app's")).unwrap();
        let reports = Role::back_office(&name("reports")).unwrap();
        let editor = Role::shared_writer(&name("editor")).unwrap();
        stage.ddl = stage.ddl.granted_to(&app).granted_to(&reports).granted_to(&editor);
        for role in [&app, &reports, &editor] {
            for _ in 0..2 {
                role.create().execute(&stage.db).await.unwrap();
            }
        }
        stage.ddl.create_all().execute(&stage.db).await.unwrap();
        for tenant in [&stage.acme, &stage.globex] {
            stage.ddl.create_all_for(tenant).unwrap().execute(&stage.db).await.unwrap();
        }
        stage.execute("insert into catalog.plan values ('free')").await;
        for tenant in [&stage.row_acme, &stage.row_globex] {
            stage
                .execute(&format!(
                    "insert into app.account (tenant_id, id, email, plan) values ('{tenant}', 1, 'a', 'free'), ('{tenant}', 2, 'b', 'free')"
                ))
                .await;
        }
        Self { stage, app, reports, editor }
    }

    async fn become_role(&self, role: &Role) {
        self.stage.execute(&format!("set session authorization {}", quoted(role.name()))).await;
    }

    async fn end(self) {
        let stage = self.stage;
        stage.execute("reset session authorization").await;
        for role in [self.app, self.reports, self.editor] {
            let name = quoted(role.name());
            stage.execute(&format!("drop owned by {name} cascade; drop role {name}")).await;
        }
    }

    /// As the role that it is now, this is refused for want of a right.
    async fn refused(&self, sql: &str) {
        let error = self.stage.try_execute(sql).await.expect_err(sql);
        assert_eq!(error.code().unwrap().code(), "42501", "{sql}: {error:?}");
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[tokio::test]
async fn the_application_sees_and_writes_one_tenants_rows() {
    let roles = Roles::new().await;
    let stage = &roles.stage;
    roles.become_role(&roles.app).await;
    let rows = "select format('%s %s', right(tenant_id::text, 4), id) from app.account order by 1";
    assert_eq!(stage.texts(rows).await, <[&str; 0]>::default(), "nobody's are nobody's");
    let acme = format!("begin; set local tenantry.tenant = '{}'", stage.row_acme);
    stage.execute(&acme).await;
    assert_eq!(stage.texts(rows).await, ["ac3e 1", "ac3e 2"]);
    stage.execute("commit").await;
    // What was set once is empty now, and means nobody still.
    assert_eq!(stage.texts(rows).await, <[&str; 0]>::default());
    let globex = &stage.row_globex;
    for sql in [
        format!("insert into app.event values ('{globex}', 'x')"),
        format!("update app.account set tenant_id = '{globex}', id = 9"),
    ] {
        stage.execute(&acme).await;
        roles.refused(&sql).await;
        stage.execute("rollback").await;
    }
    stage.execute(&acme).await;
    stage.execute("update app.account set credit = 1; delete from app.account where id = 2; insert into app.member (tenant_id, account_id, name) select tenant_id, id, 'x' from app.account").await;
    stage.execute("commit").await;
    stage.execute("insert into slugs.event select 'acme', 'x' where false").await;
    for sql in [
        "truncate app.account",
        "truncate acme.account",
        "alter table app.account disable row level security",
        "drop policy account_tenant on app.account",
        "create table app.mine (id int)",
        "create trigger x before insert on app.account execute function suppress_redundant_updates_trigger()",
        "insert into catalog.plan values ('mine')",
        "delete from catalog.plan",
    ] {
        roles.refused(sql).await;
    }
    stage
        .execute("insert into acme.event values ('x'); update acme.event set what = 'y'; delete from acme.event")
        .await;
    stage.execute("reset session authorization").await;
    let all = "select format('%s %s %s', right(tenant_id::text, 4), id, credit) from app.account order by 1";
    assert_eq!(stage.texts(all).await, ["10be 1 100", "10be 2 100", "ac3e 1 1"]);
    roles.end().await;
}

/// The owner of the tables is bound as well; only who is exempt sees more.
#[tokio::test]
async fn the_owner_is_bound_too() {
    let roles = Roles::new().await;
    let stage = &roles.stage;
    stage.execute(&format!("alter table app.account owner to {}", quoted(roles.app.name()))).await;
    roles.become_role(&roles.app).await;
    assert_eq!(stage.texts("select id::text from app.account").await, <[&str; 0]>::default());
    roles.end().await;
}

/// A policy that somebody adds does not widen what a tenant sees.
#[tokio::test]
async fn another_policy_opens_nothing() {
    let roles = Roles::new().await;
    let stage = &roles.stage;
    stage.execute("create policy mistake on app.account using (true)").await;
    roles.become_role(&roles.app).await;
    assert_eq!(stage.texts("select id::text from app.account").await, <[&str; 0]>::default());
    roles.end().await;
}

#[tokio::test]
async fn the_back_office_reads_everything_and_writes_nothing() {
    let roles = Roles::new().await;
    let stage = &roles.stage;
    roles.become_role(&roles.reports).await;
    assert_eq!(stage.texts("select id::text from app.account").await.len(), 4);
    stage.execute("select * from acme.account; select * from globex.member; select * from catalog.plan").await;
    for sql in ["delete from app.account", "insert into acme.event values ('x')", "update catalog.plan set code = 'x'"]
    {
        roles.refused(sql).await;
    }
    roles.end().await;
}

#[tokio::test]
async fn who_writes_shared_tables_sees_no_tenants() {
    let roles = Roles::new().await;
    let stage = &roles.stage;
    roles.become_role(&roles.editor).await;
    stage.execute("insert into catalog.plan values ('team'); delete from catalog.plan where code = 'team'").await;
    for sql in ["select * from app.account", "select * from acme.account", "truncate catalog.plan"] {
        roles.refused(sql).await;
    }
    roles.end().await;
}

#[tokio::test]
async fn a_role_that_can_do_more_is_refused() {
    let roles = Roles::new().await;
    let stage = &roles.stage;
    let (app, reports) = (quoted(roles.app.name()), quoted(roles.reports.name()));
    for (make, unmake) in [
        (format!("alter role {app} superuser"), format!("alter role {app} nosuperuser")),
        (format!("alter role {app} bypassrls"), format!("alter role {app} nobypassrls")),
        (format!("alter role {app} createrole"), format!("alter role {app} nocreaterole")),
        (format!("grant {reports} to {app}"), format!("revoke {reports} from {app}")),
        (format!("grant pg_read_all_data to {app}"), format!("revoke pg_read_all_data from {app}")),
    ] {
        roles.app.create().execute(&stage.db).await.unwrap();
        stage.execute(&make).await;
        let error = roles.app.create().execute(&stage.db).await.unwrap_err().to_string();
        assert!(error.contains("may do more than it should"), "{make}: {error}");
        stage.execute(&unmake).await;
    }
    stage.execute(&format!("alter role {reports} nobypassrls")).await;
    let error = roles.reports.create().execute(&stage.db).await.unwrap_err().to_string();
    assert!(error.contains("would see no rows"), "{error}");
    roles.end().await;
}
