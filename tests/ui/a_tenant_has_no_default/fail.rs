//! E0599: no function or associated item named `default` found
use tenantry::TenantId;

fn main() {
    let tenant: TenantId = TenantId::default();
    println!("{}", tenant.schema());
}
