//! E0277: `String` is not a tenant key
use tenantry::{TenantId, TenantTable};

type Account = String;

#[derive(TenantTable)]
#[tenant_table(name = "customer", tenant = Account)]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

fn find(tenant: &TenantId<Account>) -> String {
    Customer::repository().for_tenant(tenant).find(7).sql()
}

fn main() {}
