//! Twin: the scope asks for it
use tenantry::TenantTable;
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "invoice", tenant_column(tenant_id: Uuid))]
struct Invoice {
    #[tenant_table(primary_key, generated)]
    id: i64,
    total: i32,
}

fn find(tenant: &tenantry::TenantId<Uuid>) -> String {
    let invoices = Invoice::repository().for_tenant(tenant);
    invoices.filter(|i| i.total.ne(0)).sql()
}

fn main() {}
