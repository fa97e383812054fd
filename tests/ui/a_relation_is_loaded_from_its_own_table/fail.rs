//! E0277: `ToOne<Order, Customer>` is no relation of `Customer`
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
    _ = customers.all().with(Order::customer());
}
