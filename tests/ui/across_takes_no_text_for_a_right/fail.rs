//! E0308: mismatched types; expected `&AcrossTenants`, found `&str`
use tenantry::{AcrossTenants, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let access = AcrossTenants::because("a report");
    let across = Customer::repository().across("a report", [&tenant]);
    println!("{access:?} {}", across.sql());
}
