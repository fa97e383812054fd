//! Twin: there is no scope of one's own
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

struct Everybody;

fn main() {}
