//! Twin: it has one
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
#[tenant_table(name = "line")]
struct Line {
    #[tenant_table(primary_key)]
    order_id: i64,
    #[tenant_table(primary_key)]
    line: i64,
}

#[derive(TenantTable)]
#[tenant_table(name = "note")]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(references = Customer)]
    customer_id: i64,
}

fn main() {
    let _: Option<TenantId> = None;
    let _ = Note::repository();
}
