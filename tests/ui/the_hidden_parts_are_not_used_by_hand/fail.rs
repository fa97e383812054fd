//! error: use of deprecated type alias `tenantry::__::Repository`: this is an implementation detail
#![deny(deprecated)]

use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let customers = tenantry::__::Repository::<Customer>::unscoped();
    println!("{customers:?}");
}
