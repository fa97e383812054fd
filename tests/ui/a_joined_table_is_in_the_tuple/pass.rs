//! Twin: it is taken apart
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

#[derive(TenantTable)]
#[tenant_table(name = "order")]
struct Order {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(references = Customer)]
    customer_id: i64,
    total: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository().for_tenant(&tenant);
    println!("{}", customers.all().join::<Order>(|c, o| o.customer_id.eq(c.id)).filter(|(c, _)| c.id.eq(7)).sql());
}
