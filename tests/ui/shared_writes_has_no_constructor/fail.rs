//! E0423: cannot initialize a tuple struct which contains private fields
use tenantry::SharedWrites;

fn scope() -> Option<SharedWrites> {
    Some(SharedWrites(()))
}

fn main() {
    println!("{:?}", scope());
}
