//! Twin: the columns are the table's
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
    name: String,
}

#[derive(TenantTable)]
#[tenant_table(name = "invoice")]
struct Invoice {
    #[tenant_table(primary_key)]
    id: i64,
    total: i32,
}

async fn save(db: &Database, tenant: &TenantId, new: NewCustomer, i: InvoiceColumns) -> Result<Customer, Error> {
    let insert = Customer::repository().for_tenant(tenant).insert(new);
    insert.on_conflict(CustomerKey::Email).update(|c| (c.name, c.email)).fetch_one(db).await
}

fn main() {}
