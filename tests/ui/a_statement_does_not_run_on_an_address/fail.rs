//! E0277: `String` runs no statements
use tenantry::{Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(executor: &String, tenant: &TenantId) -> Result<u64, Error> {
    let statement = Customer::repository().for_tenant(tenant).delete(7);
    statement.execute(executor).await
}

fn main() {}
