//! E0560: struct `InvoiceChanges` has no field named `id`
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
    let changes = InvoiceChanges { id: Some(8), total: None };
    println!("{changes:?} {}", Uuid::max());
}
