//! Twin: there is no need for one
use tenantry::SharedWrites;

fn scope() -> Option<SharedWrites> {
    None
}

fn main() {
    println!("{:?}", scope());
}
