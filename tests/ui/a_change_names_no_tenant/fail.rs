//! E0560: struct `InvoiceChanges` has no field named `tenant_id`
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
    InvoiceChanges { tenant_id: Some(tenant_id), total: Some(100) }
}

fn main() {}
