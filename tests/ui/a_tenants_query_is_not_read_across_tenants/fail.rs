//! E0308: mismatched types; expected `Select<_, _, InEachTenant>`, found `Select<Customer>`
use tenantry::{AcrossTenants, Database, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn report(access: &AcrossTenants, tenant: &TenantId, db: &Database) {
    let across = Customer::repository().across(access, [tenant]);
    let across = across.in_each_tenant(|_| Customer::repository().for_tenant(tenant).all());
    drop(across.fetch_all(db).await);
}

fn main() {}
