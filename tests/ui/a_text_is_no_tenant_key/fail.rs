//! E0277: `&str` is not a tenant key
use tenantry::TenantId;

fn main() {
    let tenant = TenantId::new("acme");
    println!("{}", tenant.is_ok());
}
