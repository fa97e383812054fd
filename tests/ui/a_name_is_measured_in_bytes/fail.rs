//! error: the table's name has 66 bytes, and PostgreSQL cuts names off after 63
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "客客客客客客客客客客客客客客客客客客客客客客")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
