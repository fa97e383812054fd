//! E0560: struct `NewInvoice` has no field named `tenant_id`
use tenantry::TenantTable;
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "invoice", tenant_column(tenant_id: Uuid))]
struct Invoice {
    #[tenant_table(primary_key, generated)]
    id: i64,
    total: i32,
}

fn new(tenant_id: Uuid) -> NewInvoice {
    println!("for {tenant_id}");
    NewInvoice { tenant_id, total: 100 }
}

fn main() {}
