//! E0277: `Database` is no transaction, so a lock would end at once
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
    customers.all().for_share().skip_locked().fetch_all(&db).await?;
    transaction.commit().await
}
