//! E0015: cannot call non-const associated function
use tenantry::AcrossTenants;

fn main() {
    const ACCESS: AcrossTenants = AcrossTenants::because("a report"); let access = &ACCESS;
    println!("{access:?}");
}
