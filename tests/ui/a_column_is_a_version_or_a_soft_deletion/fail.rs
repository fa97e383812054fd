//! error: a column is a `version` or a `soft_delete`, not both
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "note")]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(version, soft_delete)]
    deleted: i32,
}

fn main() {
    let _: Option<TenantId> = None;
    let _ = Note::repository();
}
