//! E0277: `Address` is not a table
use tenantry::{Table, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

struct Address;

fn describe<T: Table>() {}

fn main() {
    describe::<Address>();
}
