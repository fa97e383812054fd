//! E0382: borrow of moved value: `transaction`
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<(), Error> {
    let customers = Customer::repository().for_tenant(tenant);
    let transaction = db.begin().await?;
    transaction.commit().await?;
    customers.delete(7).execute(&transaction).await?;
    Ok(())
}

fn main() {}
