//! Twin: the repository is a tenant's
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers: CustomerRepository<TenantId> = Customer::repository().for_tenant(&tenant);
    println!("{}", customers.find(7).sql());
}
