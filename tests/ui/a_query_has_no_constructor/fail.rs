//! E0624: associated function `new` is private
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let make = tenantry::Select::<Customer>::new;
    println!("{}", size_of_val(&make));
}
