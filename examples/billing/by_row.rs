//! One set of tables for all tenants, with a tenant column.

crate::tables::tables!(, tenant_column(tenant_id: uuid::Uuid), schema = "billing");

#[path = "application.rs"]
pub(crate) mod application;
