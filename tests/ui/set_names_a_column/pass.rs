//! Twin: it says which column
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
    phone: Option<String>,
    credit: i32,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository().for_tenant(&tenant);
    let changes = CustomerChanges::default();
    println!("{}", customers.update_many(changes).set(|c| c.credit.set(c.credit + 5)).all_rows().sql());
}
