//! E0277: `String` cannot be the value of a tenant key
use tenantry::{InvalidTenantId, TenantKey};

struct Wish(String);

impl TenantKey for Wish {
    type Value = String;

    fn from_value(_: Self::Value) -> Result<Self, InvalidTenantId> {
        todo!()
    }

    fn value(&self) -> &Self::Value {
        todo!()
    }
}

fn main() {}
