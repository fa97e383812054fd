//! E0277: `InvoiceKey` is no key of `Customer`
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

async fn save(db: &Database, tenant: &TenantId, news: Vec<NewCustomer>) -> Result<u64, Error> {
    let customers = Customer::repository().for_tenant(tenant);
    customers.insert_many(news).on_conflict(InvoiceKey::PrimaryKey).do_nothing().execute(db).await
}

fn main() {}
