//! Twin: the columns stand in one table
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

#[derive(TenantTable)]
#[tenant_table(name = "invoice")]
struct Invoice {
    #[tenant_table(primary_key)]
    id: i64,
    total: i32,
}

fn find(tenant: &TenantId, i: InvoiceColumns) -> String {
    let customers = Customer::repository().for_tenant(tenant);
    customers.filter(|c| c.id.eq(c.id)).sql()
}

fn main() {}
