//! Twin: it is left out
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "note")]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(version)]
    version: i32,
}

fn main() {
    let _: Option<TenantId> = None;
    let _ = Note::repository();
}
