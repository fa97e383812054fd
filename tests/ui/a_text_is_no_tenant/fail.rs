//! E0308: mismatched types; expected `&TenantId<_>`, found `&str`
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn find(tenant: &str) -> String {
    Customer::repository().for_tenant(tenant).find(7).sql()
}

fn main() {}
