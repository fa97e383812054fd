//! Twin: it runs on the database
use tenantry::{Error, TenantId, TenantTable, batch};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    credit: i32,
}

async fn run(executor: &tenantry::Database, tenant: &TenantId) -> Result<(u64,), Error> {
    let statement = Customer::repository().for_tenant(tenant).delete(7);
    batch((statement.to_execute(),)).run(executor).await
}

fn main() {}
