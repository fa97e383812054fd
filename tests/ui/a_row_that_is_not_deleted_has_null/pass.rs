//! Twin: it is an `Option`
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "note")]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(soft_delete)]
    deleted: Option<std::time::SystemTime>,
}

fn main() {
    let _: Option<TenantId> = None;
    let _ = Note::repository();
}
