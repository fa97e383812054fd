//! E0277: this repository names no tenant, so it makes no statement on `Report`
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "report", schema = "reporting")]
struct Report {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{tenant} {}", Report::repository().find(7).sql());
}
