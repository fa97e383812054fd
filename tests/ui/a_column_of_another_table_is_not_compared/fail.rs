//! E0277: a column of type `i64` cannot be compared with `tenantry::Column<Invoice, i64>`
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
    customers.filter(|c| c.id.eq(i.id)).sql()
}

fn main() {}
