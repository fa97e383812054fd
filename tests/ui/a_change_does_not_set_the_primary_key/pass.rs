//! Twin: other columns change
use tenantry::TenantTable;
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "invoice", tenant_column(tenant_id: Uuid))]
struct Invoice {
    #[tenant_table(primary_key, generated)]
    id: i64,
    total: i32,
}

fn main() {
    let changes = InvoiceChanges::default().total(8);
    println!("{changes:?} {}", Uuid::max());
}
