//! error: a table needs at least one column: add a field
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "event", keyless)]
#[rustfmt::skip]
struct Event {}

fn main() {}
