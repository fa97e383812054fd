//! E0308: mismatched types; expected `CustomerRepository<TenantId>`, found `CustomerRepository`
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers: CustomerRepository<TenantId> = Customer::repository();
    println!("{}", customers.find(7).sql());
}
