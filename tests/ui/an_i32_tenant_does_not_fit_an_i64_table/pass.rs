//! Twin: the tenant has an `i64`
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer", tenant_column(tenant_id: i64))]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn find(tenant: &TenantId<i64>) -> String {
    Customer::repository().for_tenant(tenant).find(7).sql()
}

fn main() {}
