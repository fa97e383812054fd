//! error: `account` is the name of a method already: name the relation by `relation = ".."`
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "account")]
struct Account {
    #[tenant_table(primary_key)]
    id: i64,
}

#[derive(TenantTable)]
#[tenant_table(name = "order")]
struct Order {
    #[tenant_table(primary_key)]
    id: i64,
    #[tenant_table(references = Account)]
    account_id: i64,
    #[tenant_table(references = Account)]
    account: i64,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Order::repository().for_tenant(&tenant).all().sql());
}
