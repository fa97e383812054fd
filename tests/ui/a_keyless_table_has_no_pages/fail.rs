//! E0277: a query on `Event` has no pages
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "event", keyless)]
struct Event {
    what: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let events = Event::repository().for_tenant(&tenant);
    let part = events.all().order_by(|e| e.what.asc()).page(50);
    println!("{}", part.sql());
}
