//! Twin: the filter is made of columns
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<u64, Error> {
    let customers = Customer::repository().for_tenant(tenant);
    let customers = customers.filter(|c| c.id.eq(7));
    customers.execute(db).await
}

fn main() {}
