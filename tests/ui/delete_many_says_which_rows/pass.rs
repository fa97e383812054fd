//! Twin: the statement says which rows
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    credit: i32,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<u64, Error> {
    let customers = Customer::repository().for_tenant(tenant);
    customers.delete_many().filter(|c| c.credit.eq(0)).execute(db).await
}

fn main() {}
