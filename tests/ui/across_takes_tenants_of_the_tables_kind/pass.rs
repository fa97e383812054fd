//! Twin: the tenants are keyed as the table's
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
    let tenant = tenant.clone();
    println!("{access:?} {}", Customer::repository().across(&access, [&tenant, &tenant]).sql());
}
