//! E0308: mismatched types; expected `&dyn Executor`, found `Database`
use tenantry::{Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(executor: tenantry::Database, tenant: &TenantId) -> Result<u64, Error> {
    let statement = Customer::repository().for_tenant(tenant).delete(7);
    statement.execute(executor).await
}

fn main() {}
