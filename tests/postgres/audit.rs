//! Each way in which tenants leak, planted in a database: the audit names it, what it says is run, and nothing is found any
//! more.

#![expect(dead_code, reason = "of the tables only their definitions are looked at")]

mod guarded;
mod many;
mod model;
mod pooled;
mod privileges;
mod report;
mod tenants;

use std::sync::atomic::{AtomicU32, Ordering};

use rust_decimal::Decimal;
use tenantry::{Audit, Database, Report, Severity, Slug, Table, TableDefinition, TenantId, TenantTable};
use throwaway_postgres::{TestDatabase, by_hand};
use time::OffsetDateTime;
use tokio_postgres::Client;
use uuid::Uuid;

#[derive(Debug, TenantTable)]
#[tenant_table(name = "customer", tenant_column(tenant_id: Uuid), schema = "app", rls = "app.tenant")]
struct Customer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
    phone: Option<String>,
    #[tenant_table(default = "100")]
    credit: i32,
    #[tenant_table(version, index = "by_version")]
    version: i64,
}

#[derive(Debug, TenantTable)]
#[tenant_table(name = "order", tenant_column(tenant_id: Uuid), schema = "app", rls = "app.tenant")]
struct Order {
    #[tenant_table(primary_key, generated)]
    id: Uuid,
    #[tenant_table(references = Customer, on_delete = "cascade")]
    customer_id: i64,
    #[tenant_table(sql_type = "numeric(12, 2)")]
    total: Decimal,
    placed: OffsetDateTime,
    tags: Vec<String>,
}

/// Its tenants are keyed by text.
#[derive(Debug, TenantTable)]
#[tenant_table(name = "note", tenant_column(tenant: Slug), schema = "app", rls = "app.tenant")]
struct Note {
    #[tenant_table(primary_key)]
    id: i32,
    body: String,
}

/// In partitions.
#[derive(Debug, TenantTable)]
#[tenant_table(name = "event", tenant_column(tenant_id: Uuid), schema = "app", rls = "app.tenant")]
struct Event {
    #[tenant_table(primary_key)]
    id: i64,
    what: String,
}

#[derive(Debug, TenantTable)]
#[tenant_table(name = "plan", shared, schema = "catalog")]
struct Plan {
    #[tenant_table(primary_key)]
    code: String,
    price: i32,
}

#[derive(Debug, TenantTable)]
#[tenant_table(name = "account")]
struct Account {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    name: String,
    #[tenant_table(references = Plan)]
    plan: String,
}

#[derive(Debug, TenantTable)]
#[tenant_table(name = "invoice")]
struct Invoice {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(references = Account)]
    account_id: i64,
}

#[derive(Debug, TenantTable)]
#[tenant_table(name = "summary", schema = "reporting")]
struct Summary {
    #[tenant_table(primary_key)]
    day: i32,
    total: i64,
}

const TABLES: [&TableDefinition; 8] = [
    Customer::DEFINITION,
    Order::DEFINITION,
    Note::DEFINITION,
    Event::DEFINITION,
    Plan::DEFINITION,
    Account::DEFINITION,
    Invoice::DEFINITION,
    Summary::DEFINITION,
];

/// What is there once, as it should be.
const CLEAN: &str = r#"
    create schema app; create schema catalog;
    grant usage on schema app, catalog to {app};
    create table catalog.plan (code text primary key, price int not null);
    grant select on catalog.plan to {app};
    create table app.customer (
        tenant_id uuid not null, id bigint generated always as identity, email text not null, phone text,
        credit int not null default 100, version bigint not null default 1,
        primary key (tenant_id, id), unique (tenant_id, email)
    );
    create index on app.customer (tenant_id, version, credit);
    create table app."order" (
        tenant_id uuid not null, id uuid not null default gen_random_uuid(), customer_id bigint not null,
        total decimal(12,2) not null, placed timestamptz not null, tags text[] not null,
        primary key (tenant_id, id), foreign key (tenant_id, customer_id) references app.customer (tenant_id, id) on delete cascade
    );
    create table app.note (tenant text not null check (tenant <> ''), id int, body text not null, primary key (tenant, id));
    create table app.event (tenant_id uuid not null, id int8, what text not null, primary key (tenant_id, id)) partition by hash (tenant_id);
    create table app.event_0 partition of app.event for values with (modulus 2, remainder 0);
    create table app.event_1 partition of app.event for values with (modulus 2, remainder 1);
    do $do$
    declare
        t record;
        condition text;
    begin
        for t in values ('customer', 'tenant_id', 'uuid'), ('"order"', 'tenant_id', 'uuid'), ('event', 'tenant_id', 'uuid'),
            ('note', 'tenant', 'text')
        loop
            condition := format('%s = nullif(current_setting(%L, true), %L)::%s', t.column2, 'app.tenant', '', t.column3);
            execute format('alter table app.%s enable row level security', t.column1);
            execute format('alter table app.%s force row level security', t.column1);
            execute format('create policy tenant on app.%s as restrictive using (%s) with check (%2$s)', t.column1, condition);
            execute format('create policy rows on app.%s using (true) with check (true)', t.column1);
            execute format('grant select, insert, update, delete on app.%s to {app}', t.column1);
        end loop;
    end $do$;
"#;

/// What a tenant has.
const OF_TENANT: &str = r#"
    create schema "{tenant}"; create schema "{tenant}.reporting";
    create table "{tenant}".account (
        id bigint generated by default as identity primary key, name text not null unique,
        plan text not null references catalog.plan
    );
    create table "{tenant}".invoice (id bigint primary key, account_id bigint not null references "{tenant}".account);
    create table "{tenant}.reporting".summary (day int primary key, total bigint not null);
    grant usage on schema "{tenant}", "{tenant}.reporting" to {app};
    grant all on all tables in schema "{tenant}", "{tenant}.reporting" to {app};
"#;

/// A database that is as it should be, with an application's role, until something is planted in it.
struct Audited {
    database: TestDatabase,
    client: Client,
    db: Database,
    app: String,
}

impl Audited {
    async fn clean() -> Self {
        let audited = Self::empty().await;
        audited.run(CLEAN).await;
        for tenant in ["acme", "globex"] {
            audited.run(&OF_TENANT.replace("{tenant}", tenant)).await;
        }
        audited
    }

    async fn empty() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let database = throwaway_postgres::database().await;
        // Roles are those of the whole server.
        let app = format!("app_{}_{}", database.name(), COUNT.fetch_add(1, Ordering::Relaxed));
        database.execute(&format!("create role {app} login")).await.unwrap();
        let url = database.url().replace("postgres@", &format!("{app}@"));
        let db = Database::options().pool_size(2).connect(&url).await.unwrap();
        Self { client: database.client().await.unwrap(), database, db, app }
    }

    /// Runs SQL as somebody who may do everything.
    async fn run(&self, sql: &str) {
        let sql = by_hand(&sql.replace("{app}", &self.app));
        self.client.batch_execute(&sql).await.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    }

    async fn audit(&self) -> Report {
        self.db.audit(&TABLES).await.unwrap()
    }

    async fn audit_with(&self, tenants: &[&str]) -> Report {
        let tenants: Vec<TenantId> = tenants.iter().map(|tenant| tenant.parse().unwrap()).collect();
        Audit::of(&TABLES).tenants(&tenants).run(&self.db).await.unwrap()
    }

    /// Plants it, sees that it is found and nothing else, runs what the audit says, and sees that it is gone.
    async fn prove(&self, trap: &Trap) {
        self.run(trap.plant).await;
        let report = self.audit().await;
        let found = found(&report);
        let expected: Vec<_> = trap
            .found
            .iter()
            .map(|(severity, code, place)| (*severity, (*code).to_owned(), place.replace("{app}", &self.app)))
            .collect();
        assert_eq!(found, expected, "after {}\n{report}", trap.plant);
        for sql in report.findings().iter().filter_map(|finding| finding.sql()) {
            self.run(sql).await;
        }
        self.run(trap.mend).await;
        let report = self.audit().await;
        assert_eq!(self::found(&report), [], "after the mend of {}\n{report}", trap.plant);
    }

    async fn prove_all(&self, traps: &[Trap]) {
        assert_eq!(found(&self.audit().await), []);
        for trap in traps {
            self.prove(trap).await;
        }
    }
}

/// What was found, but for what is wrong with the server of the tests.
fn found(report: &Report) -> Vec<(Severity, String, String)> {
    let findings = report.findings().iter().filter(|finding| finding.code() != "server-version");
    findings.map(|finding| (finding.severity(), finding.code().to_owned(), finding.place().to_owned())).collect()
}

/// A mistake in a database.
struct Trap {
    plant: &'static str,
    found: &'static [(Severity, &'static str, &'static str)],
    /// What mends the rest, where the audit has no SQL for it.
    mend: &'static str,
}

/// One that the audit mends.
const fn trap(plant: &'static str, found: &'static [(Severity, &'static str, &'static str)]) -> Trap {
    Trap { plant, found, mend: "" }
}

#[tokio::test]
async fn on_a_clean_database_nothing_is_found() {
    let audited = Audited::clean().await;
    let report = audited.audit().await;
    assert_eq!(found(&report), [], "{report}");
    // 5 in schemas of their own, and of each of 2 tenants 2 in one and 1 in the other.
    assert_eq!((report.tables(), report.schemas()), (5 + 2 * 3, 2 + 2 * 2));
    assert_eq!(report.role(), audited.app);
    let report = audited.audit_with(&["acme", "globex"]).await;
    assert_eq!(found(&report), [], "{report}");
    assert!(report.unchecked().is_empty(), "{report}");
}

#[tokio::test]
async fn on_a_database_without_row_level_security_in_the_model_nothing_is_found() {
    let stage = crate::stage::Stage::with_rows().await;
    let tables = [
        tenantry_tests::RowCustomer::DEFINITION,
        tenantry_tests::RowOrderLine::DEFINITION,
        tenantry_tests::Customer::DEFINITION,
        tenantry_tests::OrderLine::DEFINITION,
        tenantry_tests::Event::DEFINITION,
        tenantry_tests::Plan::DEFINITION,
    ];
    let report = stage.db.audit(&tables).await.unwrap();
    let severe: Vec<_> = found(&report).into_iter().filter(|(severity, ..)| *severity > Severity::Advice).collect();
    assert_eq!(severe, [], "{report}");
    // The tests are superusers, and their tables by hand have no foreign keys.
    let codes: std::collections::BTreeSet<_> = found(&report).into_iter().map(|(_, code, _)| code).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["foreign-key-missing", "role-superuser"]);
}
