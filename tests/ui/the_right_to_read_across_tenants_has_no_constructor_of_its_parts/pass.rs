//! Twin: it says why
use tenantry::AcrossTenants;

fn main() {
    let access = AcrossTenants::because("a report");
    println!("{access:?}");
}
