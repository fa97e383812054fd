//! E0277: `Option<_>` is no value of a column of type `String`
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
    phone: Option<String>,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository().for_tenant(&tenant);
    let found = customers.update(7, CustomerChanges::default().email(None));
    println!("{}", found.sql());
}
