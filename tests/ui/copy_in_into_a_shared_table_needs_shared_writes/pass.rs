//! Twin: every tenant may see the rows
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "plan", shared, schema = "catalog")]
struct Plan {
    #[tenant_table(primary_key)]
    code: String,
    price: i32,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<u64, Error> {
    let plans = Plan::repository().for_shared_writes();
    plans.copy_in([NewPlan { code: "free".into(), price: 0 }]).execute(db).await
}

fn main() {}
