//! Twin: a name of 23 bytes, beside 39 of a UUID and a dot
use tenantry::{TenantId, TenantTable};
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "report", tenant = Uuid, schema = "reporting_and_forecast1")]
struct Report {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let tenant = TenantId::new(Uuid::from_u128(7)).unwrap();
    println!("{}", Report::repository().for_tenant(&tenant).find(7).sql());
}
