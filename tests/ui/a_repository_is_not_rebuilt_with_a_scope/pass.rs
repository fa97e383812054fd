//! Twin: the repository is a tenant's
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn of_the_tenant(tenant: &TenantId) -> CustomerRepository<TenantId> {
    let customers = Customer::repository().for_tenant(tenant);
    CustomerRepository { repository: customers.repository }
}

fn main() {}
