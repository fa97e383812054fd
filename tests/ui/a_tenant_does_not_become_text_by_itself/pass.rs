//! Twin: the schema is asked for by name
use tenantry::TenantId;

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let text: &str = tenant.schema();
    println!("{text}");
}
