//! E0596: cannot borrow `*connection` as mutable, as it is behind a `&` reference
use tenantry::Connection;

fn begin(connection: &Connection) {
    let transaction = connection.begin();
    drop(transaction);
}

fn main() {}
