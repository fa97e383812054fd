//! E0599: no method named `for_update` found for struct `tenantry::Statement<R>`
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
    phone: Option<String>,
    credit: i32,
}

fn main() {
    let _ = run();
}

async fn run() -> Result<(), Error> {
    let tenant: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository().for_tenant(&tenant);
    let db = Database::connect("").await?;
    let transaction = db.begin().await?;
    customers.delete(7).for_update().fetch_one(&transaction).await?;
    transaction.commit().await
}
