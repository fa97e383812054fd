//! Twin: it has the same tenants
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

#[derive(TenantTable)]
#[tenant_table(name = "note", tenant_column(tenant_id: i64))]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    customer_id: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository().for_tenant(&tenant);
    println!("{}", customers.delete_many().join::<Order>(|c, n| n.customer_id.eq(c.id)).sql());
}
