//! E0599: no method named `find` found
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "event", keyless)]
struct Event {
    what: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let events = Event::repository().for_tenant(&tenant);
    let found = events.find(7);
    println!("{}", found.sql());
}
