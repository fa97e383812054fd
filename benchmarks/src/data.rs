//! The tenants and their rows, made once for a run.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tenantry::{Slug, TenantId};
use throwaway_postgres::Server;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use crate::Result;
use crate::system::{BOUND_ROLE, Isolation};

/// Rows of each tenant.
pub(crate) const ROWS: i64 = 10;
/// Rows of the tenants whose lists are read, and of the batches that are inserted.
pub(crate) const SIZES: [usize; 3] = [1, 100, 10_000];
/// How many schemas one message makes: few round trips, and few locks at a time.
const BATCH: usize = 50;

/// A tenant in each of the forms that systems take.
#[derive(Debug)]
pub(crate) struct Tenant {
    /// Counts all tenants.
    pub(crate) index: u32,
    /// The name of its schema.
    pub(crate) schema: String,
    /// The value of its column.
    pub(crate) uuid: Uuid,
    /// How its customers' names end.
    pub(crate) mark: String,
    /// For this library, by schema.
    pub(crate) by_schema: TenantId<Slug>,
    /// For this library, by row.
    pub(crate) by_row: TenantId<Uuid>,
}

impl Tenant {
    /// One of those whose rows are found, updated and so on.
    pub(crate) fn numbered(number: usize) -> Result<Self> {
        Self::new(SIZES.len() + 1 + number, format!("tenant_{number}"))
    }

    /// The one with a list of this size: an index of [`SIZES`].
    pub(crate) fn with_list(size: usize) -> Result<Self> {
        Self::new(size, format!("list_{}", SIZES[size]))
    }

    fn new(index: usize, schema: String) -> Result<Self> {
        let index = u32::try_from(index)?;
        // Spread over the index like random ones, but the same in each run.
        let uuid = Uuid::from_u128((u128::from(index) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
        Ok(Self {
            index,
            mark: format!(" of {schema}"),
            by_schema: schema.parse()?,
            by_row: TenantId::new(uuid)?,
            uuid,
            schema,
        })
    }
}

/// A row to be inserted.
#[derive(Debug, Clone)]
pub(crate) struct NewRow {
    /// Unique.
    pub(crate) email: String,
    /// Ends with the tenant's mark.
    pub(crate) name: String,
    /// NULL in every other row.
    pub(crate) phone: Option<String>,
}

/// The database, filled.
pub(crate) struct Data {
    /// Its connection string.
    pub(crate) url: String,
    /// Those whose rows are found, updated and so on.
    pub(crate) tenants: Vec<Tenant>,
    /// Those with as many rows as [`SIZES`] says.
    pub(crate) lists: Vec<Tenant>,
    /// The one that gets rows.
    pub(crate) inserts: Tenant,
    admin: Client,
    inserted: AtomicU64,
    /// Ends with this value; none where the caller named one.
    _server: Option<Server>,
}

impl Data {
    /// Fills a server with this many tenants: the one of that URL, or a throwaway one.
    pub(crate) async fn create(url: Option<&str>, tenants: usize) -> Result<Self> {
        let begun = Instant::now();
        let (url, server) = match url {
            Some(url) => (url.to_owned(), None),
            None => {
                let server = start().await?;
                (server.url().to_owned(), Some(server))
            }
        };
        let data = Self::connect(url, tenants, server).await?;
        data.fill().await?;
        eprintln!("{tenants} tenants made in {:.1} s", begun.elapsed().as_secs_f64());
        Ok(data)
    }

    async fn connect(url: String, tenants: usize, server: Option<Server>) -> Result<Self> {
        let (admin, connection) = tokio_postgres::connect(&url, NoTls).await?;
        tokio::spawn(async move {
            // The client's calls fail with the connection's error.
            let _ = connection.await;
        });
        Ok(Self {
            url,
            tenants: (0..tenants).map(Tenant::numbered).collect::<Result<_>>()?,
            lists: (0..SIZES.len()).map(Tenant::with_list).collect::<Result<_>>()?,
            inserts: Tenant::new(SIZES.len(), "inserts".to_owned())?,
            admin,
            inserted: AtomicU64::new(0),
            _server: server,
        })
    }

    async fn fill(&self) -> Result<()> {
        let taken = "SELECT 1 FROM pg_namespace WHERE nspname IN ('app', 'inserts') LIMIT 1";
        if self.admin.query_opt(taken, &[]).await?.is_some() {
            return Err("the database has tables already: name an empty one, which may be dropped afterwards".into());
        }
        self.admin.batch_execute(TABLES).await?;
        self.admin.batch_execute(&bound_role()).await?;
        let sizes = SIZES.iter().map(|rows| i64::try_from(*rows));
        for (tenant, rows) in self.lists.iter().zip(sizes) {
            self.admin.batch_execute(&schema(tenant, rows?)).await?;
        }
        self.admin.batch_execute(&schema(&self.inserts, 0)).await?;
        for tenants in self.tenants.chunks(BATCH) {
            let text: String = tenants.iter().map(|tenant| schema(tenant, ROWS)).collect();
            self.admin.batch_execute(&text).await?;
        }
        // Autovacuum is off, so that it does not run into what is measured.
        self.admin.batch_execute("VACUUM ANALYZE").await?;
        Ok(())
    }

    /// A client for what is not measured.
    pub(crate) fn admin(&self) -> &Client {
        &self.admin
    }

    /// Rows that no one has inserted yet.
    pub(crate) fn new_rows(&self, rows: usize) -> Vec<NewRow> {
        let row = |_| {
            let number = self.inserted.fetch_add(1, Ordering::Relaxed);
            NewRow {
                email: format!("{number}@example.com"),
                name: format!("Customer {number}{}", self.inserts.mark),
                phone: number.is_multiple_of(2).then(|| format!("+44 {number}")),
            }
        };
        (0..rows).map(row).collect()
    }

    /// Takes away what was inserted, and what updates left behind.
    pub(crate) async fn tidy(&self, isolation: Isolation) -> Result<()> {
        match isolation {
            Isolation::Row => {
                let delete = "DELETE FROM app.customer WHERE tenant_id = $1";
                self.admin.execute(delete, &[&self.inserts.uuid]).await?;
                self.admin.batch_execute("VACUUM app.customer").await?;
            }
            Isolation::RowSecurity => {
                for table in ["app.customer", "app.secured"] {
                    let delete = format!("DELETE FROM {table} WHERE tenant_id = $1");
                    self.admin.execute(&delete, &[&self.inserts.uuid]).await?;
                    self.admin.batch_execute(&format!("VACUUM {table}")).await?;
                }
            }
            Isolation::Schema => {
                self.admin.batch_execute("DELETE FROM inserts.customer").await?;
                self.admin.batch_execute("VACUUM inserts.customer").await?;
            }
        }
        Ok(())
    }
}

pub(crate) async fn start() -> Result<Server> {
    let server = Server::builder()
        .setting("max_connections", "300")
        .setting("max_locks_per_transaction", "1024")
        .setting("shared_buffers", "512MB")
        .setting("max_wal_size", "8GB")
        .setting("autovacuum", "off");
    Ok(server.start().await?)
}

/// The table with a tenant column, and a view of it whose rows take 100 milliseconds each.
const TABLES: &str = r#"
    CREATE SCHEMA app;
    CREATE TABLE app.customer (
        tenant_id uuid NOT NULL, id bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY,
        email text NOT NULL, name text NOT NULL, phone text, credit int NOT NULL DEFAULT 100,
        PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, email)
    );
    CREATE FUNCTION app.slow() RETURNS boolean LANGUAGE plpgsql VOLATILE COST 10000
        AS 'BEGIN PERFORM pg_sleep(0.1); RETURN true; END';
    CREATE VIEW app.slow_customer AS SELECT * FROM app.customer WHERE app.slow();
    CREATE TABLE app.secured (LIKE app.customer INCLUDING ALL);
    ALTER TABLE app.secured ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY secured_tenant ON app.secured AS RESTRICTIVE
        USING (tenant_id = NULLIF(current_setting('tenantry.tenant', true), '')::uuid)
        WITH CHECK (tenant_id = NULLIF(current_setting('tenantry.tenant', true), '')::uuid);
    CREATE POLICY secured_rows ON app.secured USING (true) WITH CHECK (true);
"#;

/// The role that the policies bind, which belongs to the server and not to the database.
fn bound_role() -> String {
    format!(
        "DO $$ BEGIN CREATE ROLE {BOUND_ROLE} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         GRANT USAGE ON SCHEMA app TO {BOUND_ROLE};
         GRANT SELECT, INSERT, UPDATE, DELETE ON app.secured TO {BOUND_ROLE};"
    )
}

/// A tenant's schema with these rows, and the same rows in the table for all.
fn schema(tenant: &Tenant, rows: i64) -> String {
    let Tenant { schema, uuid, mark, .. } = tenant;
    let values = format!(
        "SELECT n, n || '@example.com', 'Customer ' || n || '{mark}', CASE WHEN n % 2 = 0 THEN '+44 ' || n END
         FROM generate_series(1, {rows}) n"
    );
    let mut text = format!(
        r#"
        CREATE SCHEMA "{schema}";
        CREATE TABLE "{schema}".customer (
            id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE, name text NOT NULL, phone text, credit int NOT NULL DEFAULT 100
        );
        "#
    );
    if rows > 0 {
        let _ = write!(
            text,
            r#"
            INSERT INTO "{schema}".customer (id, email, name, phone) {values};
            INSERT INTO app.customer (tenant_id, id, email, name, phone) SELECT '{uuid}', rows.* FROM ({values}) rows;
            INSERT INTO app.secured (tenant_id, id, email, name, phone) SELECT '{uuid}', rows.* FROM ({values}) rows;
            "#
        );
    }
    text
}
