//! Twin: it runs in the savepoint
use tenantry::{Error, TenantId, TenantTable, Transaction};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(transaction: &mut Transaction<'_>, tenant: &TenantId) -> Result<(), Error> {
    let customers = Customer::repository().for_tenant(tenant);
    let savepoint = transaction.savepoint().await?;
    customers.delete(7).execute(&savepoint).await?;
    savepoint.commit().await?;
    Ok(())
}

fn main() {}
