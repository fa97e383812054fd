//! Twin: a part of the rows
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

#[derive(TenantTable)]
#[tenant_table(name = "event", keyless)]
struct Event {
    customer_id: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository().for_tenant(&tenant);
    let with_events = customers.all().left_join::<Event>(|c, e| e.customer_id.eq(c.id));
    let part = with_events.order_by(|(c, _)| c.name.asc()).limit(50);
    println!("{}", part.sql());
}
