//! Twin: the derive writes it
struct Customer {
    id: i64,
}

fn main() {
    let customer = Customer { id: 7 };
    println!("{}", customer.id);
}
