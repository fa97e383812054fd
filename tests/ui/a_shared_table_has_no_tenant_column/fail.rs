//! error: a table is isolated by `tenant_column` or it is `shared`, not both
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer", shared, schema = "app", tenant_column(tenant_id: uuid::Uuid))]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

fn main() {
    println!("{}", Customer::repository().find(7).sql());
}
