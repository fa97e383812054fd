//! error: the logical schema's name has 67 bytes, and PostgreSQL cuts names off after 63
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer", schema = "the_sales_of_all_our_subsidiaries_and_of_their_subsidiaries_as_well")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
