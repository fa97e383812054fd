//! Twin: a tuple of one
use tenantry::{Database, Error, TenantId, TenantTable, batch};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    credit: i32,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<(), Error> {
    let found = Customer::repository().for_tenant(tenant).find(7).to_fetch_one();
    let _ = batch((found,)).run(db).await?;
    Ok(())
}

fn main() {}
