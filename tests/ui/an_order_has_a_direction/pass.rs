//! Twin: the direction is said
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository().for_tenant(&tenant).all();
    let ordered = customers.order_by(|c| c.id.asc());
    println!("{}", ordered.sql());
}
