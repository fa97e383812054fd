//! Twin: there is no such field
use tenantry::{TenantId, TenantTable};
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "customer", tenant_column(tenant_id: Uuid))]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

fn main() {
    let tenant: TenantId<Uuid> = Uuid::max().to_string().parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
