//! Twin: it has the same tenants
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
    phone: Option<String>,
    credit: i32,
}

#[derive(TenantTable)]
#[tenant_table(name = "note", tenant = i64)]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(references = Note)]
    customer_id: i64,
}

fn main() {
    let _: Option<TenantId> = None;
    let _ = Note::repository();
}
