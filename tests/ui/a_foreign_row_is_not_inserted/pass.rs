//! Twin: the row is the table's
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
    invoices.insert(NewInvoice { total: row.total }).sql()
}

fn main() {}
