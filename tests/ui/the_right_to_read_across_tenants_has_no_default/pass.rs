//! Twin: it has a reason
use tenantry::AcrossTenants;

fn main() {
    let access = AcrossTenants::because("a report");
    println!("{access:?}");
}
