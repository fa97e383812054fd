//! Twin: there is no mistake
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique = "email")]
    email: String,
    #[tenant_table(default)]
    credit: i32,
    score: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
