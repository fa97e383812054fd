//! Twin: the derive has said it
use tenantry::TenantTable;
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "customer", tenant = Uuid)]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {}
