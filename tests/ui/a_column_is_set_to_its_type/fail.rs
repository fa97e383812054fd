//! E0277: a column of type `i32` cannot be compared with `i64`
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
    println!("{}", customers.update_many(CustomerChanges::default()).set(|c| c.credit.set(5_i64)).all_rows().sql());
}
