//! E0599: no method named `delete_many` found for struct `Across<K, Q, R>`
use tenantry::{AcrossTenants, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let access = AcrossTenants::because("a report");
    let across = Customer::repository().across(&access, [&tenant]);
    println!("{}", across.sql());
    println!("{:?}", across.delete_many().all_rows());
}
