//! Twin: the table makes its repository
#![deny(deprecated)]

use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let customers = Customer::repository();
    println!("{customers:?}");
}
