//! E0599: no method named `id` found for struct `InvoiceChanges`
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
    let changes = InvoiceChanges::default().id(8);
    println!("{changes:?} {}", Uuid::max());
}
