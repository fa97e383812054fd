//! error: `name` is the tenant column, which the library writes from the scope: remove the field
use tenantry::{TenantId, TenantTable};
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "customer", tenant_column(name: Uuid))]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

fn main() {
    let tenant: TenantId<Uuid> = Uuid::max().to_string().parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
