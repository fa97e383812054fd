//! Twin: the repository makes the statement
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<u64, Error> {
    let delete = Customer::repository().for_tenant(tenant).delete(7);
    let delete = delete.clone();
    delete.execute(db).await
}

fn main() {}
