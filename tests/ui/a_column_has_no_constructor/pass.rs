//! Twin: the columns are the table's
use tenantry::TenantTable;

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let make = |columns: CustomerColumns| columns.id;
    println!("{}", size_of_val(&make));
}
