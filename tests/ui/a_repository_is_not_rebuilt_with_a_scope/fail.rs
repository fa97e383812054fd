//! E0308: mismatched types; expected `Repository<Customer, TenantId>`, found `Repository<Customer>`
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn of_the_tenant(tenant: &TenantId) -> CustomerRepository<TenantId> {
    let customers = Customer::repository();
    CustomerRepository { repository: customers.repository }
}

fn main() {}
