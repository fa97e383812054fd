//! Twin: it asks a shared one
use tenantry::{TenantId, TenantTable, exists};

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

fn main() {
    let _: Option<TenantId> = None;
    println!("{}", Plan::repository().filter(|p| exists::<Plan>().matching(|c| c.id.eq(p.id))).sql());
}
