//! E0308: mismatched types; expected `NewInvoice`, found `Invoice`
use tenantry::TenantTable;
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "invoice", tenant_column(tenant_id: Uuid))]
struct Invoice {
    #[tenant_table(primary_key, generated)]
    id: i64,
    total: i32,
}

fn insert(invoices: &InvoiceRepository<tenantry::TenantId<Uuid>>, row: Invoice) -> String {
    invoices.insert(row).sql()
}

fn main() {}
