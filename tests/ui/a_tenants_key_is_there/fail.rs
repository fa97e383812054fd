//! E0425: cannot find type `Slugg` in this scope
use tenantry::{Slug, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer", tenant = Slugg)]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let slug: Slug = "acme".parse().unwrap();
    println!("{slug} {:?}", Customer::repository());
}
