//! E0277: the trait bound `TenantId: From<&str>` is not satisfied
use tenantry::TenantId;

fn main() {
    let tenant: TenantId = "acme".into();
    println!("{}", tenant.schema());
}
