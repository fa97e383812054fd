//! E0277: a tenant keyed by `Slug` is not a tenant of `Customer`
use tenantry::{TenantId, TenantTable};
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "customer", tenant_column(tenant_id: Uuid))]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn find(tenant: &TenantId) -> String {
    Customer::repository().for_tenant(tenant).find(7).sql()
}

fn main() {}
