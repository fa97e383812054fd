//! error: a row that is not deleted has NULL here: make the field an `Option` of a time
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "note")]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(soft_delete)]
    deleted: std::time::SystemTime,
}

fn main() {
    let _: Option<TenantId> = None;
    let _ = Note::repository();
}
