//! E0560: struct `NewNote` has no field named `version`
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
    println!("{}", notes.insert(NewNote { id: 1, text: String::new(), version: 1 }).sql());
}
