//! Each tenant has the tables in a schema of its own.

crate::tables::tables!(, tenant = uuid::Uuid);

#[path = "application.rs"]
pub(crate) mod application;
