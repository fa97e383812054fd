//! E0277: `Customer` cannot stand in a statement on `Plan`
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
    println!("{}", Plan::repository().filter(|p| exists::<Customer>().matching(|c| c.id.eq(p.id))).sql());
}
