//! E0277: this repository names no tenant
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository();
    println!("{}", customers.insert(NewCustomer { email: "ada@example.com".into() }).sql());
}
