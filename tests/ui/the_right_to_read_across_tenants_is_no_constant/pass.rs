//! Twin: it is handed on
use tenantry::AcrossTenants;

fn main() {
    let access = &AcrossTenants::because("a report");
    println!("{access:?}");
}
