//! Twin: it is a struct
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "event", keyless)]
#[rustfmt::skip]
struct Event { what: String }

fn main() {}
