//! E0451: field `reason` of struct `AcrossTenants` is private
use tenantry::AcrossTenants;

fn main() {
    let access = AcrossTenants { reason: "a report" };
    println!("{access:?}");
}
