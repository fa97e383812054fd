//! Twin: the scope names the tenant
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
    NewInvoice { total: 100 }
}

fn main() {}
