//! Twin: it has one
use tenantry::{TenantId, TenantRow, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
    phone: Option<String>,
    credit: i32,
}

#[derive(TenantRow)]
struct Summary {
    name: String,
}

fn main() {
    let _: Option<TenantId> = None;
    let _ = Customer::repository();
}
