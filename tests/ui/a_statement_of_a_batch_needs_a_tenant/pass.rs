//! Twin: each statement has its tenant
use tenantry::{Database, Error, TenantId, TenantTable, batch};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    credit: i32,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<(Customer, i64), Error> {
    let customers = Customer::repository().for_tenant(tenant);
    let others = Customer::repository().for_tenant(tenant);
    batch((customers.find(7).to_fetch_one(), others.all().count().to_fetch_one())).run(db).await
}

fn main() {}
