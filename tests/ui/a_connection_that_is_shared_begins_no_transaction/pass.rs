//! Twin: the connection is lent alone
use tenantry::Connection;

fn begin(connection: &mut Connection) {
    let transaction = connection.begin();
    drop(transaction);
}

fn main() {}
