//! Twin: a list has any number
use tenantry::{Database, Error, TenantId, TenantTable, batch};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    credit: i32,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<(), Error> {
    let customers = Customer::repository().for_tenant(tenant);
    let [a, b, c, d, e, f, g, h, i] = [7; 9].map(|id| customers.delete(id).to_execute());
    let statements = vec![a, b, c, d, e, f, g, h, i];
    batch(statements).run(db).await.map(drop)
}

fn main() {}
