//! Tables that the library makes itself, in each isolation.

mod crud;
mod existing;
mod names;
mod references;
mod roles;
mod together;
mod twice;

use tenantry::{Database, Ddl, Slug, Table, TableDefinition, TenantId, TenantTable};
use throwaway_postgres::{TestDatabase, by_hand};
use time::OffsetDateTime;
use tokio_postgres::Client;
use uuid::Uuid;

/// The same tables isolated by schema and by row, beside a shared one.
macro_rules! tables {
    ($module:ident, $($attribute:tt)*) => {
        mod $module {
            use super::*;

            /// Who buys.
            #[derive(Debug, Clone, PartialEq, TenantTable)]
            #[tenant_table(name = "account", check = "credit < 1000", $($attribute)*)]
            pub(crate) struct Account {
                #[tenant_table(primary_key)]
                pub(crate) id: i64,
                /// Where the "invoices" go: it's \ $1 $$.
                #[tenant_table(unique, check = "email <> ''")]
                pub(crate) email: String,
                #[tenant_table(generated = "lower(email)", index)]
                pub(crate) lower_email: String,
                #[tenant_table(default = "100", check = "credit >= 0")]
                pub(crate) credit: i32,
                #[tenant_table(default = "now()")]
                pub(crate) since: OffsetDateTime,
                #[tenant_table(references = Plan)]
                pub(crate) plan: String,
                #[tenant_table(references = Account, relation = "parent", on_delete = "set null")]
                pub(crate) parent_id: Option<i64>,
                #[tenant_table(version)]
                pub(crate) version: i32,
                #[tenant_table(soft_delete)]
                pub(crate) deleted: Option<OffsetDateTime>,
            }

            #[derive(Debug, Clone, PartialEq, TenantTable)]
            #[tenant_table(name = "member", $($attribute)*)]
            pub(crate) struct Member {
                #[tenant_table(primary_key, generated)]
                pub(crate) id: i64,
                #[tenant_table(references = Account, on_delete = "cascade", unique = "name_in_account")]
                pub(crate) account_id: i64,
                #[tenant_table(unique = "name_in_account")]
                pub(crate) name: String,
                #[tenant_table(references = Account, relation = "guest_of", on_delete = "set null")]
                pub(crate) guest_id: Option<i64>,
            }

            #[derive(Debug, Clone, PartialEq, TenantTable)]
            #[tenant_table(name = "event", keyless, $($attribute)*)]
            pub(crate) struct Event {
                pub(crate) what: String,
            }
        }
    };
}

tables!(by_schema, tenant = Slug);
tables!(by_row, tenant_column(tenant_id: Uuid), schema = "app", rls);
tables!(by_slug, tenant_column(tenant_id: Slug), schema = "slugs", rls = "app.tenant");

#[derive(Debug, Clone, PartialEq, TenantTable)]
#[tenant_table(name = "plan", shared, schema = "catalog")]
pub(crate) struct Plan {
    #[tenant_table(primary_key)]
    pub(crate) code: String,
}

const TABLES: [&TableDefinition; 10] = [
    by_schema::Member::DEFINITION,
    by_schema::Account::DEFINITION,
    by_schema::Event::DEFINITION,
    by_row::Member::DEFINITION,
    by_row::Account::DEFINITION,
    by_row::Event::DEFINITION,
    by_slug::Member::DEFINITION,
    by_slug::Account::DEFINITION,
    by_slug::Event::DEFINITION,
    Plan::DEFINITION,
];

/// An empty database, and the DDL of all tables.
struct Empty {
    ddl: Ddl,
    db: Database,
    /// Sees everything.
    client: Client,
    acme: TenantId<Slug>,
    globex: TenantId<Slug>,
    row_acme: TenantId<Uuid>,
    row_globex: TenantId<Uuid>,
    database: TestDatabase,
}

impl Empty {
    async fn new() -> Self {
        let database = throwaway_postgres::database().await;
        Self {
            ddl: Ddl::of(&TABLES).unwrap(),
            db: Database::connect(database.url()).await.unwrap(),
            client: database.client().await.unwrap(),
            acme: "acme".parse().unwrap(),
            globex: "globex".parse().unwrap(),
            row_acme: TenantId::new(Uuid::from_u128(0xac3e)).unwrap(),
            row_globex: TenantId::new(Uuid::from_u128(0x910be)).unwrap(),
            database,
        }
    }

    /// With all tables, for two tenants, and the plan `free`.
    async fn created() -> Self {
        let stage = Self::new().await;
        stage.ddl.create_all().execute(&stage.db).await.unwrap();
        for tenant in [&stage.acme, &stage.globex] {
            stage.ddl.create_all_for(tenant).unwrap().execute(&stage.db).await.unwrap();
        }
        stage.execute("insert into catalog.plan values ('free')").await;
        stage
    }

    async fn execute(&self, sql: &str) {
        self.try_execute(sql).await.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    }

    async fn try_execute(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.client.batch_execute(&by_hand(sql)).await
    }

    /// The one column of a query, as text.
    async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.client.query(&by_hand(sql), &[]).await.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Everything in the catalogue that is no PostgreSQL's own, with its numbers: what was made anew has another.
    async fn catalogue(&self) -> Vec<String> {
        self.texts(
            "with own as (select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'),
                  tables as (select c.* from pg_class c join own on own.oid = relnamespace)
             select format('schema %s %s %s', oid, nspname, nspacl) from pg_namespace where oid in (select oid from own)
             union all select format('relation %s %s %s %s %s %s %s %s', oid, relnamespace::regnamespace, relname, relkind,
                 relrowsecurity, relforcerowsecurity, relacl, obj_description(oid, 'pg_class')) from tables
             union all select format('column %s %s %s %s %s %s %s %s', attrelid::regclass, attnum, attname,
                 format_type(atttypid, atttypmod), attnotnull, attidentity, pg_get_expr(adbin, adrelid),
                 col_description(attrelid, attnum))
                 from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
                 where attrelid in (select oid from tables) and attnum > 0
             union all select format('constraint %s %s %s %s', oid, conrelid::regclass, conname, pg_get_constraintdef(oid))
                 from pg_constraint where conrelid in (select oid from tables)
             union all select format('index %s %s', indexrelid, pg_get_indexdef(indexrelid)) from pg_index
                 where indrelid in (select oid from tables)
             union all select format('policy %s %s %s %s %s %s %s %s', oid, polrelid::regclass, polname, polcmd, polpermissive,
                 polroles::text, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) from pg_policy
             order by 1",
        )
        .await
    }
}
