//! Twin: the way to another tenant begins at the table
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let [acme, globex]: [TenantId; 2] = ["acme", "globex"].map(|name| name.parse().unwrap());
    let of_acme = Customer::repository().for_tenant(&acme);
    let of_globex = Customer::repository().for_tenant(&globex);
    println!("{of_acme:?} {of_globex:?}");
}
