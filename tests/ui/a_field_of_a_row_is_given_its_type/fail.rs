//! E0277: `tenantry::Column<Customer, i32>` does not give a `String`
use tenantry::{TenantId, TenantRow, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
    phone: Option<String>,
    credit: i32,
}

#[derive(TenantRow)]
struct Summary {
    name: String,
    credit: i32,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository().for_tenant(&tenant);
    println!("{}", customers.all().select(|c| SummarySelection { name: c.credit, credit: c.credit }).sql());
}
