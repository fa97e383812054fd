//! Twin: the repository is a tenant's
use tenantry::{Database, Error, TenantId, TenantTable};
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "invoice", tenant_column(tenant_id: Uuid))]
struct Invoice {
    #[tenant_table(primary_key, generated)]
    id: i64,
    total: i32,
}

async fn run(db: &Database, tenant: &TenantId<Uuid>) -> Result<Option<Invoice>, Error> {
    let invoices = Invoice::repository().for_tenant(tenant);
    invoices.copy_out().fetch(db).try_next().await
}

fn main() {}
