//! E0308: mismatched types; expected `Filter<Customer>`, found `&str`
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<u64, Error> {
    let customers = Customer::repository().for_tenant(tenant).filter(|_| "id = 7");
    customers.execute(db).await
}

fn main() {}
