//! This library.

use tenantry::{Connection, Database, TenantTable};
use uuid::Uuid;

use crate::Result;
use crate::data::{NewRow, Tenant};
use crate::system::{Reader, System, Target, customer};

/// A row of the table with a tenant column.
#[derive(Debug, TenantTable)]
#[tenant_table(name = "customer", tenant_column(tenant_id: Uuid), schema = "app")]
#[allow(dead_code, reason = "all columns are decoded, as an application would")]
pub(crate) struct RowCustomer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
    name: String,
    phone: Option<String>,
    #[tenant_table(default)]
    credit: i32,
}

/// A row of the table with row-level security.
#[derive(Debug, TenantTable)]
#[tenant_table(name = "secured", tenant_column(tenant_id: Uuid), schema = "app", rls)]
#[allow(dead_code, reason = "all columns are decoded, as an application would")]
pub(crate) struct SecuredCustomer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
    name: String,
    phone: Option<String>,
    #[tenant_table(default)]
    credit: i32,
}

/// The same through the view that takes its time.
#[derive(Debug, TenantTable)]
#[tenant_table(name = "slow_customer", tenant_column(tenant_id: Uuid), schema = "app")]
struct SlowCustomer {
    #[tenant_table(primary_key)]
    id: i64,
    email: String,
    name: String,
    phone: Option<String>,
    credit: i32,
}

/// A row of a tenant's own table.
#[derive(Debug, TenantTable)]
#[tenant_table(name = "customer")]
#[allow(dead_code, reason = "all columns are decoded, as an application would")]
pub(crate) struct SchemaCustomer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
    name: String,
    phone: Option<String>,
    #[tenant_table(default)]
    credit: i32,
}

customer!(RowCustomer, SecuredCustomer, SchemaCustomer);

/// The pool of this library, and one table with a tenant column.
pub(crate) struct ByRow(Database);

/// The pool of this library, and one table with row-level security.
pub(crate) struct Secured(Database);

/// The pool of this library, and a schema for each tenant.
pub(crate) struct BySchema(Database);

async fn connect(target: &Target) -> Result<Database> {
    Ok(Database::options().pool_size(target.connections).connect_with(target.config()?).await?)
}

/// One connection of this library, and one table with a tenant column.
pub(crate) struct ConnectionByRow(Connection);

/// One connection of this library, and a schema for each tenant.
pub(crate) struct ConnectionBySchema(Connection);

async fn connection(target: &Target) -> Result<Connection> {
    Ok(connect(target).await?.connection().await?)
}

/// The statements of all are the same but for the types.
macro_rules! reader {
    ($system:ident, $connect:ident, $row:ident, $tenant:ident) => {
        impl Reader for $system {
            type Customer = $row;

            async fn connect(target: &Target) -> Result<Self> {
                $connect(target).await.map(Self)
            }

            async fn find(&self, tenant: &Tenant, id: i64) -> Result<$row> {
                let customers = $row::repository().for_tenant(&tenant.$tenant);
                Ok(customers.find(id).fetch_one(&self.0).await?)
            }

            async fn list(&self, tenant: &Tenant, credit: i32) -> Result<Vec<$row>> {
                let customers = $row::repository().for_tenant(&tenant.$tenant);
                Ok(customers.filter(|c| c.credit.ge(credit)).fetch_all(&self.0).await?)
            }
        }
    };
}

reader!(ByRow, connect, RowCustomer, by_row);
reader!(Secured, connect, SecuredCustomer, by_row);
reader!(BySchema, connect, SchemaCustomer, by_schema);
reader!(ConnectionByRow, connection, RowCustomer, by_row);
reader!(ConnectionBySchema, connection, SchemaCustomer, by_schema);

/// The statements of both are the same but for the types.
macro_rules! system {
    ($system:ident, $row:ident, $new:ident, $changes:ident, $tenant:ident, $find_slow:expr) => {
        impl System for $system {
            async fn insert(&self, tenant: &Tenant, rows: Vec<NewRow>) -> Result<u64> {
                let customers = $row::repository().for_tenant(&tenant.$tenant);
                let new = |NewRow { email, name, phone }| $new { email, name, phone, credit: None };
                let mut rows: Vec<NewRow> = rows;
                Ok(match rows.pop() {
                    Some(row) if rows.is_empty() => customers.insert(new(row)).execute(&self.0).await?,
                    last => customers.insert_many(rows.into_iter().chain(last).map(new)).execute(&self.0).await?,
                })
            }

            async fn copy_in(&self, tenant: &Tenant, rows: Vec<NewRow>) -> Result<u64> {
                let customers = $row::repository().for_tenant(&tenant.$tenant);
                let new = |NewRow { email, name, phone }| $new { email, name, phone, credit: None };
                Ok(customers.copy_in(rows.into_iter().map(new)).execute(&self.0).await?)
            }

            async fn copy_out(&self, tenant: &Tenant) -> Result<Vec<$row>> {
                Ok($row::repository().for_tenant(&tenant.$tenant).copy_out().fetch_all(&self.0).await?)
            }

            async fn update(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
                let customers = $row::repository().for_tenant(&tenant.$tenant);
                Ok(customers.update(id, $changes::default().credit(credit)).execute(&self.0).await?)
            }

            async fn transact(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<$row> {
                let customers = $row::repository().for_tenant(&tenant.$tenant);
                let transaction = self.0.begin().await?;
                customers.find(id).fetch_one(&transaction).await?;
                customers.update(id, $changes::default().credit(credit)).execute(&transaction).await?;
                let row = customers.find(id).fetch_one(&transaction).await?;
                transaction.commit().await?;
                Ok(row)
            }

            async fn find_slow(&self, tenant: &Tenant, id: i64) -> Result<$row> {
                $find_slow(&self.0, tenant, id).await
            }
        }
    };
}

system!(ByRow, RowCustomer, NewRowCustomer, RowCustomerChanges, by_row, async |database, tenant: &Tenant, id: i64| {
    let customers = SlowCustomer::repository().for_tenant(&tenant.by_row);
    let SlowCustomer { id, email, name, phone, credit } = customers.find(id).fetch_one(database).await?;
    Ok(RowCustomer { id, email, name, phone, credit })
});
system!(Secured, SecuredCustomer, NewSecuredCustomer, SecuredCustomerChanges, by_row, async |_, _, _| {
    Err("the slow view has no row-level security".into())
});
system!(BySchema, SchemaCustomer, NewSchemaCustomer, SchemaCustomerChanges, by_schema, async |_, _, _| {
    Err("the slow view has a tenant column".into())
});
