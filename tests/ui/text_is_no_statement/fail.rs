//! E0599: no method named `execute` found for reference `&str`
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<u64, Error> {
    let statement = "DELETE FROM customer";
    statement.execute(db).await
}

fn main() {}
