//! Twin: the value has the column's type
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
    phone: Option<String>,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository().for_tenant(&tenant);
    let found = customers.find_many([7]);
    println!("{}", found.sql());
}
