//! E0277: a tenant keyed by `Uuid` is not a tenant of `Customer`
use tenantry::{TenantId, TenantTable};
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn find(tenant: &TenantId<Uuid>) -> String {
    Customer::repository().for_tenant(tenant).find(7).sql()
}

fn main() {}
