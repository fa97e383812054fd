//! error: unknown key `generatd`: did you mean `generated`?
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer", schema = "pg_app")]
struct Customer {
    #[tenant_table(primary_key, generatd)]
    id: i64,
    #[tenant_table(unique = "e-mail")]
    email: String,
    #[tenant_table(generated, default)]
    credit: i32,
    score: u64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
