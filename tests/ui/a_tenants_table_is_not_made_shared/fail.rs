//! E0046: not all trait items implemented, missing: `only_the_derive_implements_this`
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}
impl tenantry::SharedTable for Customer {}

fn main() {}
