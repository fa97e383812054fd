//! Twin: every tenant may see the change
use tenantry::{Database, Error, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "plan", shared, schema = "catalog")]
struct Plan {
    #[tenant_table(primary_key)]
    code: String,
    price: i32,
}

async fn run(db: &Database, new: NewPlan) -> Result<u64, Error> {
    let plans = Plan::repository().for_shared_writes();
    plans.insert(new).on_conflict(PlanKey::PrimaryKey).update_all().execute(db).await
}

fn main() {}
