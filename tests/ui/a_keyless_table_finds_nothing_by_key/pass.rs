//! Twin: the table has a primary key
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "event", keyless)]
struct Event {
    what: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let events = Event::repository().for_tenant(&tenant);
    let found = events.filter(|e| e.what.eq("login"));
    println!("{}", found.sql());
}
