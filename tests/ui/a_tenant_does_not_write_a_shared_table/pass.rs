//! Twin: every tenant may see the change
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "plan", shared, schema = "catalog")]
struct Plan {
    #[tenant_table(primary_key)]
    code: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let plans = Plan::repository().for_shared_writes();
    println!("{} {}", tenant.schema(), plans.delete("free").sql());
}
