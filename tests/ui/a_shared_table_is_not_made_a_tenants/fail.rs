//! E0046: not all trait items implemented, missing: `TenantKey`, `only_the_derive_implements_this`
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer", shared, schema = "app")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}
impl tenantry::TenantTable for Customer {}

fn main() {}
