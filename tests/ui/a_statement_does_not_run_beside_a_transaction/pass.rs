//! Twin: it runs in the transaction
use tenantry::{Connection, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(connection: &mut Connection, tenant: &TenantId) -> Result<(), Error> {
    let customers = Customer::repository().for_tenant(tenant);
    let transaction = connection.begin().await?;
    customers.delete(7).execute(&transaction).await?;
    transaction.commit().await?;
    Ok(())
}

fn main() {}
