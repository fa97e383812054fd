//! E0277: this statement does not say which rows it changes
use tenantry::{Database, Error, TenantId, TenantTable, batch};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    credit: i32,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<(u64,), Error> {
    let update = Customer::repository().for_tenant(tenant).update_many(CustomerChanges::default().credit(0));
    batch((update.to_execute(),)).run(db).await
}

fn main() {}
