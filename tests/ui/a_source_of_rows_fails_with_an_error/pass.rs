//! Twin: what it fails with is an error
use tenantry::{Database, Error, TenantId, TenantTable};
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "invoice", tenant_column(tenant_id: Uuid))]
struct Invoice {
    #[tenant_table(primary_key, generated)]
    id: i64,
    total: i32,
}

#[derive(Debug)]
struct Unreadable;

async fn run(
    db: &Database,
    tenant: &TenantId<Uuid>,
    rows: Vec<Result<NewInvoice, std::io::Error>>,
) -> Result<u64, Error> {
    let invoices = Invoice::repository().for_tenant(tenant);
    invoices.copy_in(rows).execute(db).await
}

fn main() {}
