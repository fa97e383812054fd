//! E0451: fields `node` and `query` of struct `tenantry::Filter` are private
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<u64, Error> {
    let customers = Customer::repository().for_tenant(tenant);
    let customers = customers.filter(|c| tenantry::Filter { ..c.id.eq(7) });
    customers.execute(db).await
}

fn main() {}
