//! Twin: parsing makes the tenant
use tenantry::TenantId;

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", tenant.schema());
}
