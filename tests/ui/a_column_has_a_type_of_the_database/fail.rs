//! E0277: `u64` cannot be the type of a column
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: u64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
