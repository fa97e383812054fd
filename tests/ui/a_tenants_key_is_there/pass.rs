//! Twin: it is spelt right
use tenantry::{Slug, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer", tenant = Slug)]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let slug: Slug = "acme".parse().unwrap();
    println!("{slug} {:?}", Customer::repository());
}
