//! E0277: `tenantry::Select<Customer>` does not say how its answer is read in a batch
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
    batch((query.clone(), query.count().to_fetch_one())).run(db).await
}

fn main() {}
