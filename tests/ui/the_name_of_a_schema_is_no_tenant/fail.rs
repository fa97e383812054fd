//! E0308: mismatched types; expected `&TenantId<_>`, found `&String`
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "report", schema = "reporting")]
struct Report {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    let schema = tenant.schema_of("reporting").unwrap();
    println!("{schema} {}", Report::repository().for_tenant(&schema).find(7).sql());
}
