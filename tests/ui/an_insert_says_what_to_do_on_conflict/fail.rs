//! E0277: this insert does not say what comes of a row that is there already
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
    insert.on_conflict(CustomerKey::Email).execute(db).await
}

fn main() {}
