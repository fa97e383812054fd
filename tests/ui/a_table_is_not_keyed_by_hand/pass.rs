//! Twin: the derive says it
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer", keyless)]
struct Customer {
    id: i64,
}

fn main() {}
