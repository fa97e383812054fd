//! E0277: `Note` cannot stand in a statement on `Archive`
use tenantry::{Select, TenantId, TenantTable};

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
#[tenant_table(name = "order")]
struct Order {
    #[tenant_table(primary_key)]
    id: i64,
    product: String,
}

#[derive(TenantTable)]
#[tenant_table(name = "note", tenant = i64)]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    product: String,
}

#[derive(TenantTable)]
#[tenant_table(name = "archive")]
struct Archive {
    #[tenant_table(primary_key)]
    id: i64,
    product: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let archive = Archive::repository().for_tenant(&tenant);
    let rows = archive.insert_from(|a| a.product, |rows: Select<Note, _, _>| rows.select(|r| r.product));
    println!("{}", rows.sql());
}
