//! error: a table is a struct with named fields, not a union
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "event", keyless)]
#[rustfmt::skip]
union Event { what: i32 }

fn main() {}
