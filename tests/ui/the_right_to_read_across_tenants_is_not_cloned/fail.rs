//! E0599: no method named `clone` found
use tenantry::AcrossTenants;

fn main() {
    let access = AcrossTenants::because("a report").clone();
    println!("{access:?}");
}
