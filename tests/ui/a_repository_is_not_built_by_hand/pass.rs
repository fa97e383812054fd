//! Twin: the table makes its repository
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
    let copy = customers.clone();
    println!("{customers:?} {copy:?}");
}
