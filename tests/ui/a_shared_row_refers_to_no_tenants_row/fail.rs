//! E0277: rows of this table cannot refer to `Customer` by a column of type `i64`
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
#[tenant_table(name = "plan", shared, schema = "catalog")]
struct Plan {
    #[tenant_table(primary_key)]
    id: i64,
}

#[derive(TenantTable)]
#[tenant_table(name = "note", shared, schema = "catalog")]
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
