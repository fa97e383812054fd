//! Twin: it sets another column
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "note")]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    text: String,
    #[tenant_table(version)]
    version: i32,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let notes = Note::repository().for_tenant(&tenant);
    println!("{}", notes.update_many(NoteChanges::default().text("2")).all_rows().sql());
}
