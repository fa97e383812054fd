//! sqlx, with statements as text.

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::{AssertSqlSafe, Connection, FromRow, PgConnection, PgPool, Postgres, QueryBuilder};
use tokio_postgres::config::Host;

use crate::Result;
use crate::data::{NewRow, Tenant};
use crate::system::{Reader, System, Target, Way, customer};
use crate::texts::{Texts, Verb, set_search_path, table};

/// A row of the table.
#[derive(Debug, FromRow)]
#[allow(dead_code, reason = "all columns are decoded, as an application would")]
pub(crate) struct Customer {
    id: i64,
    email: String,
    name: String,
    phone: Option<String>,
    credit: i32,
}

customer!(Customer);

/// A pool.
pub(crate) struct Sqlx {
    way: Way,
    texts: Texts,
    pool: PgPool,
}

impl Sqlx {
    async fn acquire(&self, tenant: &Tenant) -> Result<PoolConnection<Postgres>> {
        let mut connection = self.pool.acquire().await?;
        if self.way == Way::SearchPath {
            sqlx::raw_sql(AssertSqlSafe(set_search_path(tenant))).execute(&mut *connection).await?;
        }
        Ok(connection)
    }

    async fn read_one(&self, connection: &mut PgConnection, verb: Verb, tenant: &Tenant, id: i64) -> Result<Customer> {
        let mut query = sqlx::query_as(AssertSqlSafe(self.texts.get(verb, tenant)));
        if self.way.is_by_row() {
            query = query.bind(tenant.uuid);
        }
        Ok(query.bind(id).fetch_one(connection).await?)
    }

    async fn set_credit(&self, connection: &mut PgConnection, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
        let mut query = sqlx::query(AssertSqlSafe(self.texts.get(Verb::Update, tenant)));
        if self.way.is_by_row() {
            query = query.bind(tenant.uuid);
        }
        Ok(query.bind(id).bind(credit).execute(connection).await?.rows_affected())
    }
}

/// A pool that hands out its connections without a ping.
pub(super) async fn pool(target: &Target) -> Result<PgPool> {
    let connections = u32::try_from(target.connections)?;
    let pool = PgPoolOptions::new().max_connections(connections).test_before_acquire(false);
    Ok(pool.connect_with(options(target)?).await?)
}

/// The same connection as the driver's, whose connection strings have forms that sqlx does not read.
fn options(target: &Target) -> Result<PgConnectOptions> {
    let driver = target.config()?;
    let mut options = PgConnectOptions::new().application_name(&target.application).ssl_mode(PgSslMode::Disable);
    match driver.get_hosts().first() {
        Some(Host::Tcp(host)) => options = options.host(host),
        Some(Host::Unix(folder)) => options = options.socket(folder),
        None => {}
    }
    if let Some(port) = driver.get_ports().first() {
        options = options.port(*port);
    }
    if let Some(user) = driver.get_user() {
        options = options.username(user);
    }
    if let Some(password) = driver.get_password() {
        options = options.password(std::str::from_utf8(password)?);
    }
    if let Some(database) = driver.get_dbname() {
        options = options.database(database);
    }
    Ok(options)
}

impl Reader for Sqlx {
    type Customer = Customer;

    async fn connect(target: &Target) -> Result<Self> {
        Ok(Self { way: target.way, texts: Texts::new(target.way), pool: pool(target).await? })
    }

    async fn find(&self, tenant: &Tenant, id: i64) -> Result<Customer> {
        let mut connection = self.acquire(tenant).await?;
        self.read_one(&mut connection, Verb::Find, tenant, id).await
    }

    async fn list(&self, tenant: &Tenant, credit: i32) -> Result<Vec<Customer>> {
        let mut connection = self.acquire(tenant).await?;
        let mut query = sqlx::query_as(AssertSqlSafe(self.texts.get(Verb::List, tenant)));
        if self.way.is_by_row() {
            query = query.bind(tenant.uuid);
        }
        Ok(query.bind(credit).fetch_all(&mut *connection).await?)
    }
}

impl System for Sqlx {
    async fn insert(&self, tenant: &Tenant, rows: Vec<NewRow>) -> Result<u64> {
        let mut connection = self.acquire(tenant).await?;
        let by_row = self.way.is_by_row();
        let columns = if by_row { "tenant_id, email, name, phone" } else { "email, name, phone" };
        let table = table(self.way, &tenant.schema);
        let mut query = QueryBuilder::<Postgres>::new(format!("INSERT INTO {table} ({columns}) "));
        query.push_values(rows, |mut values, row| {
            if by_row {
                values.push_bind(tenant.uuid);
            }
            values.push_bind(row.email).push_bind(row.name).push_bind(row.phone);
        });
        Ok(query.build().execute(&mut *connection).await?.rows_affected())
    }

    async fn update(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
        let mut connection = self.acquire(tenant).await?;
        self.set_credit(&mut connection, tenant, id, credit).await
    }

    async fn transact(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<Customer> {
        let mut connection = self.acquire(tenant).await?;
        let mut transaction = connection.begin().await?;
        self.read_one(&mut transaction, Verb::Find, tenant, id).await?;
        self.set_credit(&mut transaction, tenant, id, credit).await?;
        let row = self.read_one(&mut transaction, Verb::Find, tenant, id).await?;
        transaction.commit().await?;
        Ok(row)
    }

    async fn find_slow(&self, tenant: &Tenant, id: i64) -> Result<Customer> {
        let mut connection = self.acquire(tenant).await?;
        self.read_one(&mut connection, Verb::FindSlow, tenant, id).await
    }
}
