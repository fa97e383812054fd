//! E0599: no variant or associated item named `PrimaryKey` found for enum `CustomerKey` in the current scope
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
    let customers = Customer::repository().for_tenant(tenant);
    customers.insert(new).on_conflict(CustomerKey::PrimaryKey).update_all().fetch_one(db).await
}

fn main() {}
