//! E0277: a query for each of many tenants does not run by itself
use tenantry::{AcrossTenants, Database, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn report(access: &AcrossTenants, tenant: &TenantId, db: &Database) {
    let across = Customer::repository().across(access, [tenant]).in_each_tenant(|all| all.limit(1));
    _ = Customer::repository().across(access, [tenant]).in_each_tenant(|all| { drop(all.clone().sql()); all });
    drop(across.fetch_all(db).await);
}

fn main() {}
