//! Twin: it is one of them
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "note")]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(version)]
    deleted: i32,
}

fn main() {
    let _: Option<TenantId> = None;
    let _ = Note::repository();
}
