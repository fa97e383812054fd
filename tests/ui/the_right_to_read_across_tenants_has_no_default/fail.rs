//! E0599: no function or associated item named `default` found
use tenantry::AcrossTenants;

fn main() {
    let access = AcrossTenants::default();
    println!("{access:?}");
}
