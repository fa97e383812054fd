//! Who a tenant is: a checked key, and the name of the schema that follows from it.

mod id;
mod key;
mod schema;

pub use id::{InvalidTenantId, TenantId};
pub use key::{KeyValue, Slug, TenantKey};
pub(crate) use schema::SchemaName;
