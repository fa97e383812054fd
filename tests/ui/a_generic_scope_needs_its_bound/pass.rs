//! Twin: the function asks for a tenant's scope
use tenantry::{Database, Error, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

async fn name_of<S>(customers: &CustomerRepository<S>, db: &Database) -> Result<String, Error>
where
    S: tenantry::TenantScope<Customer>,
{
    let customer = customers.find(7).fetch_one(db).await?;
    Ok(customer.name)
}

fn main() {}
