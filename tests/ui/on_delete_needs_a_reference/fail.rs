//! error: `on_delete` says what becomes of a row when the one is deleted to which it refers: add `references = Account`
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(on_delete = "cascade")]
    name: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).all().sql());
}
