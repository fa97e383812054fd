//! E0599: no method named `tenant_id` found for struct `InvoiceChanges`
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
    InvoiceChanges::default().tenant_id(tenant_id)
}

fn main() {}
