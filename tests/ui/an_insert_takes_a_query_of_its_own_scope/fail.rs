//! E0308: mismatched types; expected `Select<_, String, ToInsert>`, found `Select<Order, String>`
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
    of_acme.insert_from(|o| o.product, |orders: Select<Order, _, _>| of_globex.all().select(|o| o.product)).sql()
}

fn main() {}
