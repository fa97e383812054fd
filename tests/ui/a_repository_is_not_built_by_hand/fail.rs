//! E0451: field `repository` of struct `CustomerRepository` is private
use tables::{Customer, CustomerRepository};

mod tables {
    use tenantry::TenantTable;

    #[derive(TenantTable)]
    #[tenant_table(name = "customer")]
    pub struct Customer {
        #[tenant_table(primary_key)]
        pub id: i64,
    }
}

fn main() {
    let customers: CustomerRepository = Customer::repository();
    let copy = CustomerRepository { ..customers.clone() };
    println!("{customers:?} {copy:?}");
}
