//! error: there is a unique key `email` already: name this one differently
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
    #[tenant_table(unique = "email")]
    name: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
