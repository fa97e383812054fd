//! Twin: a write is in one tenant's scope
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
    let across = Customer::repository().across(&access, [&tenant]);
    println!("{}", across.sql());
    println!("{:?}", Customer::repository().for_tenant(&tenant).update(1, CustomerChanges::default()));
}
