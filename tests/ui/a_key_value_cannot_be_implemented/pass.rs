//! Twin: a key is made of a value that there is
use tenantry::{InvalidTenantId, TenantKey};

struct Wish(String);

impl TenantKey for Wish {
    type Value = tenantry::Slug;

    fn from_value(_: Self::Value) -> Result<Self, InvalidTenantId> {
        todo!()
    }

    fn value(&self) -> &Self::Value {
        todo!()
    }
}

fn main() {}
