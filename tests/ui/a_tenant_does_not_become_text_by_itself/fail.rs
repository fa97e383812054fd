//! E0308: mismatched types; expected `&str`, found `&TenantId`
use tenantry::TenantId;

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let text: &str = &tenant;
    println!("{text}");
}
