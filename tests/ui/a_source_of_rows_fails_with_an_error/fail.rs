//! E0277: `Vec<Result<NewInvoice, u8>>` is no source of `NewInvoice` to copy in
use tenantry::{Database, Error, TenantId, TenantTable};
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "invoice", tenant_column(tenant_id: Uuid))]
struct Invoice {
    #[tenant_table(primary_key, generated)]
    id: i64,
    total: i32,
}

type Read = Result<NewInvoice, u8>;

async fn run(db: &Database, tenant: &TenantId<Uuid>, rows: Vec<Read>) -> Result<u64, Error> {
    let invoices = Invoice::repository().for_tenant(tenant);
    invoices.copy_in(rows).execute(db).await
}

fn main() {}
