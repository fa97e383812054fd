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

async fn run(db: &Database, tenant: &TenantId<Uuid>) -> Result<u64, Error> {
    let invoices = Invoice::repository().for_tenant(tenant);
    let rows = futures_util::stream::iter([Ok::<_, std::io::Error>(NewInvoice { total: 100 })]);
    invoices.copy_in(rows).on_progress(|progress| println!("{}", progress.rows())).execute(db).await
}

fn main() {}
