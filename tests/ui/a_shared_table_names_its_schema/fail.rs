//! error: a shared table names its schema: write `shared, schema = "public"`
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer", shared)]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

fn main() {
    println!("{}", Customer::repository().find(7).sql());
}
