//! E0277: `Everybody` is not a scope, and cannot be made one
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

struct Everybody;
impl tenantry::TenantScope<Customer> for Everybody {}

fn main() {}
