//! E0308: mismatched types; expected `&TenantId<_>`, found `&AcrossTenants`
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
    let customers = Customer::repository().for_tenant(&access);
    println!("{access:?} {tenant} {}", customers.all().sql());
}
