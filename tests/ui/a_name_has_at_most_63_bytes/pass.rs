//! Twin: it is short enough
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "the_customers_of_all_our_subsidiaries_and_of_their_subsidiaries")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
