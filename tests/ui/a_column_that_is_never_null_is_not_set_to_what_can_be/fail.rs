//! E0277: this column is never NULL, but what it is set to can be
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
    println!("{}", customers.update_many(changes).set(|c| c.name.set(c.phone)).all_rows().sql());
}
