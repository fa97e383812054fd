//! E0277: this is no column of `Customer`, nor several in a tuple
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

async fn save(db: &Database, tenant: &TenantId, new: NewCustomer) -> Result<Customer, Error> {
    let insert = Customer::repository().for_tenant(tenant).insert(new);
    insert.on_conflict(CustomerKey::Email).update(|c| "name").fetch_one(db).await
}

fn main() {}
