//! diesel-async, in a deadpool.

use diesel::prelude::{ExpressionMethods, Insertable, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use tokio_postgres::NoTls;
use uuid::Uuid;

use crate::Result;
use crate::data::{NewRow, Tenant};
use crate::system::{Reader, System, Target, customer};
use crate::texts::set_search_path;

/// The table with a tenant column.
mod row {
    diesel::table! {
        app.customer (tenant_id, id) {
            tenant_id -> Uuid, id -> BigInt, email -> Text, name -> Text, phone -> Nullable<Text>, credit -> Integer,
        }
    }
}

/// The same through the view that takes its time.
mod slow {
    diesel::table! {
        app.slow_customer (tenant_id, id) {
            tenant_id -> Uuid, id -> BigInt, email -> Text, name -> Text, phone -> Nullable<Text>, credit -> Integer,
        }
    }
}

/// The table of whichever tenant the search path names.
mod search_path {
    diesel::table! {
        customer (id) {
            id -> BigInt, email -> Text, name -> Text, phone -> Nullable<Text>, credit -> Integer,
        }
    }
}

/// A row of the table with a tenant column.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = row::customer, check_for_backend(diesel::pg::Pg))]
#[allow(dead_code, reason = "all columns are decoded, as an application would")]
pub(crate) struct RowCustomer {
    id: i64,
    email: String,
    name: String,
    phone: Option<String>,
    credit: i32,
}

/// A row of a tenant's own table.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = search_path::customer, check_for_backend(diesel::pg::Pg))]
#[allow(dead_code, reason = "all columns are decoded, as an application would")]
pub(crate) struct SchemaCustomer {
    id: i64,
    email: String,
    name: String,
    phone: Option<String>,
    credit: i32,
}

customer!(RowCustomer, SchemaCustomer);

/// A new row with its tenant.
#[derive(Debug, Insertable)]
#[diesel(table_name = row::customer)]
struct NewRowCustomer {
    tenant_id: Uuid,
    email: String,
    name: String,
    phone: Option<String>,
}

/// A new row.
#[derive(Debug, Insertable)]
#[diesel(table_name = search_path::customer)]
struct NewSchemaCustomer {
    email: String,
    name: String,
    phone: Option<String>,
}

/// One table with a tenant column.
pub(crate) struct ByRow(Pool<AsyncPgConnection>);

impl ByRow {
    async fn acquire(&self, _: &Tenant) -> Result<Object<AsyncPgConnection>> {
        Ok(self.0.get().await?)
    }
}

/// A schema for each tenant, named by the search path.
pub(crate) struct BySearchPath(Pool<AsyncPgConnection>);

impl BySearchPath {
    async fn acquire(&self, tenant: &Tenant) -> Result<Object<AsyncPgConnection>> {
        let mut connection = self.0.get().await?;
        connection.batch_execute(&set_search_path(tenant)).await?;
        Ok(connection)
    }
}

fn pool(target: &Target) -> Result<Pool<AsyncPgConnection>> {
    let driver = target.config()?;
    let mut config = ManagerConfig::default();
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |_| {
        let driver = driver.clone();
        Box::pin(async move {
            let connected = driver.connect(NoTls).await;
            let (client, connection) =
                connected.map_err(|error| diesel::ConnectionError::BadConnection(error.to_string()))?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        })
    });
    let manager = AsyncDieselConnectionManager::new_with_config(target.url.as_str(), config);
    Ok(Pool::builder(manager).max_size(target.connections).build()?)
}

/// The statements of both are the same but for the types, and for what says whose rows they are.
macro_rules! system {
    ($system:ident, $table:ident, $row:ident, |$of:ident| $rows:expr, |$new_of:ident, $new:ident| $new_row:expr) => {
        impl Reader for $system {
            type Customer = $row;

            async fn connect(target: &Target) -> Result<Self> {
                pool(target).map(Self)
            }

            async fn find(&self, tenant: &Tenant, id: i64) -> Result<$row> {
                let mut connection = self.acquire(tenant).await?;
                let $of = tenant;
                let rows = $rows.filter($table::customer::id.eq(id));
                Ok(rows.select($row::as_select()).get_result(&mut connection).await?)
            }

            async fn list(&self, tenant: &Tenant, credit: i32) -> Result<Vec<$row>> {
                let mut connection = self.acquire(tenant).await?;
                let $of = tenant;
                let rows = $rows.filter($table::customer::credit.ge(credit));
                Ok(rows.select($row::as_select()).load(&mut connection).await?)
            }
        }

        impl System for $system {
            async fn insert(&self, tenant: &Tenant, rows: Vec<NewRow>) -> Result<u64> {
                let mut connection = self.acquire(tenant).await?;
                let $new_of = tenant;
                let mut rows: Vec<_> = rows.into_iter().map(|$new| $new_row).collect();
                let insert = diesel::insert_into($table::customer::table);
                let written = match rows.pop() {
                    Some(row) if rows.is_empty() => insert.values(row).execute(&mut connection).await?,
                    last => {
                        rows.extend(last);
                        insert.values(rows).execute(&mut connection).await?
                    }
                };
                Ok(written as u64)
            }

            async fn update(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
                let mut connection = self.acquire(tenant).await?;
                let $of = tenant;
                let rows = $rows.filter($table::customer::id.eq(id));
                let update = diesel::update(rows).set($table::customer::credit.eq(credit));
                Ok(update.execute(&mut connection).await? as u64)
            }

            async fn transact(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<$row> {
                let mut connection = self.acquire(tenant).await?;
                let row = connection.transaction::<_, diesel::result::Error, _>(async |connection| {
                    let $of = tenant;
                    let rows = $rows.filter($table::customer::id.eq(id));
                    rows.select($row::as_select()).get_result(connection).await?;
                    let update = diesel::update(rows).set($table::customer::credit.eq(credit));
                    update.execute(connection).await?;
                    rows.select($row::as_select()).get_result(connection).await
                });
                Ok(row.await?)
            }

            async fn find_slow(&self, tenant: &Tenant, id: i64) -> Result<$row> {
                let mut connection = self.acquire(tenant).await?;
                let rows = slow::slow_customer::table.filter(slow::slow_customer::tenant_id.eq(tenant.uuid));
                let row = rows.filter(slow::slow_customer::id.eq(id)).select((
                    slow::slow_customer::id,
                    slow::slow_customer::email,
                    slow::slow_customer::name,
                    slow::slow_customer::phone,
                    slow::slow_customer::credit,
                ));
                let (id, email, name, phone, credit) = row.get_result(&mut connection).await?;
                Ok($row { id, email, name, phone, credit })
            }
        }
    };
}

system!(
    ByRow,
    row,
    RowCustomer,
    |tenant| row::customer::table.filter(row::customer::tenant_id.eq(tenant.uuid)),
    |tenant, new| NewRowCustomer { tenant_id: tenant.uuid, email: new.email, name: new.name, phone: new.phone }
);
system!(BySearchPath, search_path, SchemaCustomer, |_tenant| search_path::customer::table, |_tenant, new| {
    NewSchemaCustomer { email: new.email, name: new.name, phone: new.phone }
});
