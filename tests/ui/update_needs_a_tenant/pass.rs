//! Twin: the repository is a tenant's
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository().for_tenant(&tenant);
    println!("{}", customers.update(7, CustomerChanges::default().email("ada@example.com")).sql());
}
