//! E0277: this repository names no tenant
use tenantry::{Cursor, Database, Error, Page, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(db: &Database, tenant: &TenantId, at: Option<&Cursor>) -> Result<Page<Customer>, Error> {
    let customers = Customer::repository();
    customers.all().page(50).at(at).fetch_page(db).await
}

fn main() {}
