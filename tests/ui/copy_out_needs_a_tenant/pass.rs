//! Twin: the repository is a tenant's
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<Vec<Customer>, Error> {
    let customers = Customer::repository().for_tenant(tenant);
    customers.copy_out().fetch_all(db).await
}

fn main() {}
