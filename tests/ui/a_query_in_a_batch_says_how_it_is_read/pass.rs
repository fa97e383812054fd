//! Twin: it says so
use tenantry::{Database, Error, TenantId, TenantTable, batch};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    credit: i32,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<(Vec<Customer>, i64), Error> {
    let customers = Customer::repository().for_tenant(tenant);
    let query = customers.filter(|c| c.credit.gt(7));
    batch((query.to_fetch_all(), query.count().to_fetch_one())).run(db).await
}

fn main() {}
