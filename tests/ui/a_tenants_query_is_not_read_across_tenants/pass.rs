//! Twin: the query is the one that the closure is given
use tenantry::{AcrossTenants, Database, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn report(access: &AcrossTenants, tenant: &TenantId, db: &Database) {
    let across = Customer::repository().across(access, [tenant]);
    let across = across.in_each_tenant(|all| all);
    drop(across.fetch_all(db).await);
}

fn main() {}
