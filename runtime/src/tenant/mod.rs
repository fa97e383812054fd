//! Who a tenant is: a checked key, and the names of the schemas that follow from it.

mod id;
mod key;
mod literal;
mod logical;
mod schema;

pub(crate) use id::AnyTenant;
pub use id::{InvalidTenantId, TenantId};
pub use key::{KeyValue, Slug, TenantKey};
pub(crate) use literal::literal;
pub use logical::LogicalSchemas;
use logical::TenantSchemas;
pub(crate) use schema::{SchemaName, quoted};
