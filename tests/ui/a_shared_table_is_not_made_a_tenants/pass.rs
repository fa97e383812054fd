//! Twin: the derive says it
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer", shared, schema = "app")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {}
