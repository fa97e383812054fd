//! E0277: a tenant keyed by `i64` is not a tenant of `Customer`
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
    let tenant = TenantId::new(42_i64).unwrap();
    println!("{access:?} {}", Customer::repository().across(&access, [&tenant, &tenant]).sql());
}
