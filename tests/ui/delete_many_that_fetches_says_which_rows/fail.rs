//! E0277: this statement does not say which rows it changes
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    credit: i32,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<Vec<Customer>, Error> {
    let customers = Customer::repository().for_tenant(tenant);
    customers.delete_many().fetch_all(db).await
}

fn main() {}
