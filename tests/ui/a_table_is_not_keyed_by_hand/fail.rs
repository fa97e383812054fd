//! E0046: not all trait items implemented, missing: `BY_KEY`
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer", keyless)]
struct Customer {
    id: i64,
}
impl tenantry::KeyedTable for Customer {}

fn main() {}
