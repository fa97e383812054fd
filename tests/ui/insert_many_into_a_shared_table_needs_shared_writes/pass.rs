//! Twin: every tenant may see the change
use tenantry::{Database, Error, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "plan", shared, schema = "catalog")]
struct Plan {
    #[tenant_table(primary_key)]
    code: String,
    price: i32,
}

async fn run(db: &Database) -> Result<u64, Error> {
    let plans = Plan::repository().for_shared_writes();
    plans.insert_many([NewPlan { code: "free".into(), price: 0 }]).execute(db).await
}

fn main() {}
