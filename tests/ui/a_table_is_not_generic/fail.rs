//! error: the struct of a table cannot be generic: its columns have one type each
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "event", keyless)]
#[rustfmt::skip]
struct Event<T> { what: T }

fn main() {}
