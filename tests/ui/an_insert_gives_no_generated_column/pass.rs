//! Twin: the database makes the value
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
    let new = NewInvoice { total: 100 };
    println!("{new:?} {}", Uuid::max());
}
