//! Twin: the verb stands after the closure
use tenantry::{AcrossTenants, Database, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn report(access: &AcrossTenants, tenant: &TenantId, db: &Database) {
    let across = Customer::repository().across(access, [tenant]);
    let customers = across.in_each_tenant(|all| all.filter(|c| c.id.eq(1))).fetch_all(db);
    drop(customers);
}

fn main() {}
