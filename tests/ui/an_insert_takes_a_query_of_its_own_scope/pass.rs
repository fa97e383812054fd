//! Twin: the query is the one that is given
use tenantry::{Select, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "order")]
struct Order {
    #[tenant_table(primary_key)]
    id: i64,
    product: String,
}

fn copy(acme: &TenantId, globex: &TenantId) -> String {
    let orders = Order::repository();
    let (of_acme, of_globex) = (orders.for_tenant(acme), orders.for_tenant(globex));
    of_acme.insert_from(|o| o.product, |orders: Select<Order, _, _>| orders.select(|o| o.product)).sql()
}

fn main() {}
