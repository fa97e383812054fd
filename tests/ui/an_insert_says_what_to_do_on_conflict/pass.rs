//! Twin: it says so
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
    name: String,
}

async fn save(db: &Database, tenant: &TenantId, new: NewCustomer) -> Result<u64, Error> {
    let insert = Customer::repository().for_tenant(tenant).insert(new);
    insert.on_conflict(CustomerKey::Email).do_nothing().execute(db).await
}

fn main() {}
