//! Twin: the text was parsed
use tenantry::{Cursor, InvalidCursor, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn page(tenant: &TenantId, text: Option<&str>) -> Result<String, InvalidCursor> {
    let cursor: Option<Cursor> = text.map(str::parse).transpose()?;
    let customers = Customer::repository().for_tenant(tenant);
    Ok(customers.all().page(50).at(cursor.as_ref()).sql())
}

fn main() {}
