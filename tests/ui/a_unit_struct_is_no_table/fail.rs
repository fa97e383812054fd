//! error: a table needs a struct with named fields: each field is a column
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "event", keyless)]
#[rustfmt::skip]
struct Event;

fn main() {}
