//! error: the table's name has 71 bytes, and PostgreSQL cuts names off after 63
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "the_customers_of_all_our_subsidiaries_and_of_their_subsidiaries_as_well")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
