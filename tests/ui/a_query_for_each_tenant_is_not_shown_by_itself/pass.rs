//! Twin: the text is that of the whole
use tenantry::{AcrossTenants, Database, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn report(access: &AcrossTenants, tenant: &TenantId, db: &Database) {
    let across = Customer::repository().across(access, [tenant]).in_each_tenant(|all| all.limit(1));
    _ = across.sql();
    drop(across.fetch_all(db).await);
}

fn main() {}
