//! Twin: the repository makes the query
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let make = Customer::repository;
    println!("{}", size_of_val(&make));
}
