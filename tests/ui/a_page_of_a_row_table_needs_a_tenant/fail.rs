//! E0277: this repository names no tenant
use tenantry::{Database, Error, TenantId, TenantTable};
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "invoice", tenant_column(tenant_id: Uuid))]
struct Invoice {
    #[tenant_table(primary_key, generated)]
    id: i64,
    total: i32,
}

async fn run(db: &Database, tenant: &TenantId<Uuid>) -> Result<Vec<Invoice>, Error> {
    let invoices = Invoice::repository();
    invoices.all().order_by(|i| i.total.desc()).limit(50).fetch_all(db).await
}

fn main() {}
