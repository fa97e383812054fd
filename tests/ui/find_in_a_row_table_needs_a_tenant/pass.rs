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

async fn run(db: &Database, tenant: &TenantId<Uuid>) -> Result<i32, Error> {
    let invoices = Invoice::repository().for_tenant(tenant);
    let invoice = invoices.find(7).fetch_one(db).await?;
    Ok(invoice.total)
}

fn main() {}
