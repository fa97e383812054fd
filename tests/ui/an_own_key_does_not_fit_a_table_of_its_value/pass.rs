//! Twin: the tenant has the table's own key
use tenantry::{InvalidTenantId, TenantId, TenantKey, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer", tenant = i64)]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

struct Account(i64);

impl TenantKey for Account {
    type Value = i64;

    fn from_value(number: i64) -> Result<Self, InvalidTenantId> {
        Ok(Self(number))
    }

    fn value(&self) -> &i64 {
        &self.0
    }
}

fn find(tenant: &TenantId<i64>) -> String {
    Customer::repository().for_tenant(tenant).find(7).sql()
}

fn main() {}
