//! error: `unique` belongs on a field, not on a table
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer", unique = "name")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
