//! Twin: it is lent
use tenantry::AcrossTenants;

fn main() {
    let access = AcrossTenants::because("a report");
    println!("{access:?}");
}
