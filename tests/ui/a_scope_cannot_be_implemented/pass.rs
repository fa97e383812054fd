//! Twin: it is a method as any other
#![allow(deprecated)]

use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

struct Everybody;

impl Everybody {
    fn binding(&self) -> tenantry::__::Binding {
        todo!()
    }
}

fn main() {}
