//! E0046: not all trait items implemented, missing: `only_the_derive_implements_this`
use tenantry::TenantTable;
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "customer", tenant = Uuid)]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}
impl tenantry::TenantKeyOf<Customer> for i64 {}

fn main() {}
