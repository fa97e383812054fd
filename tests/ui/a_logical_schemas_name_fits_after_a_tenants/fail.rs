//! E0080: evaluation panicked: this logical schema's name does not fit after the name of any tenant
use tenantry::{TenantId, TenantTable};
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "report", tenant = Uuid, schema = "reporting_and_forecasting")]
struct Report {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let tenant = TenantId::new(Uuid::from_u128(7)).unwrap();
    println!("{}", Report::repository().for_tenant(&tenant).find(7).sql());
}
