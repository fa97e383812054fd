//! E0046: not all trait items implemented, missing: `Columns`, `New`, `Changes`, `Isolation`, `DEFINITION`, `columns`, `SQL`, `decode`, `only_the_derive_implements_this`
struct Customer {
    id: i64,
}
impl tenantry::Table for Customer {}

fn main() {
    let customer = Customer { id: 7 };
    println!("{}", customer.id);
}
