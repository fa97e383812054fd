//! Twin: the text has been parsed
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn find(tenant: &tenantry::TenantId) -> String {
    Customer::repository().for_tenant(tenant).find(7).sql()
}

fn main() {}
