//! E0423: cannot initialize a tuple struct which contains private fields
use tenantry::TenantId;

fn main() {
    let tenant: TenantId = TenantId("acme".into());
    println!("{}", tenant.schema());
}
