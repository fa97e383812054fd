//! error: a table is a struct with named fields, not an enum
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "event", keyless)]
#[rustfmt::skip]
enum Event { Login, Logout }

fn main() {}
