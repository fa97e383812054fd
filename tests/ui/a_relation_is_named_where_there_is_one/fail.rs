//! error: `relation` names what `references` leads to: add `references = Account`
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
#[tenant_table(name = "note")]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(relation = "owner")]
    customer_id: i64,
}

fn main() {
    let _: Option<TenantId> = None;
    let _ = Note::repository();
}
