//! Twin: the tenant of a row never changes
use tenantry::TenantTable;
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "invoice", tenant_column(tenant_id: Uuid))]
struct Invoice {
    #[tenant_table(primary_key, generated)]
    id: i64,
    total: i32,
}

fn changes(tenant_id: Uuid) -> InvoiceChanges {
    println!("for {tenant_id}");
    InvoiceChanges { total: Some(100) }
}

fn main() {}
