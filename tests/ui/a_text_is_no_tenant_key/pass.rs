//! Twin: a text is parsed
use tenantry::TenantId;

fn main() {
    let tenant = "acme".parse::<TenantId>();
    println!("{}", tenant.is_ok());
}
