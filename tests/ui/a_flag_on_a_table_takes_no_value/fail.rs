//! error: `shared` takes no value: write `shared` alone
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer", shared = true, schema = "app")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

fn main() {
    println!("{}", Customer::repository().find(7).sql());
}
