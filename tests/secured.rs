//! The tables with a tenant column, under row-level security.

use tenantry::TenantTable;
use uuid::Uuid;

/// A customer, in one table with a tenant column and row-level security.
#[derive(Debug, Clone, PartialEq, Eq, TenantTable)]
#[tenant_table(name = "customer", tenant_column(tenant_id: Uuid), schema = "app", rls)]
pub struct Customer {
    /// The key, which both tenants count from 1.
    #[tenant_table(primary_key, generated)]
    pub id: i64,
    /// Unique within a tenant.
    #[tenant_table(unique)]
    pub email: String,
    /// The full name.
    pub name: String,
    /// May be missing.
    pub phone: Option<String>,
    /// Points.
    #[tenant_table(default)]
    pub credit: i32,
}

/// A line of an order, in one table with a tenant column and row-level security.
#[derive(Debug, Clone, PartialEq, Eq, TenantTable)]
#[tenant_table(name = "order_line", tenant_column(tenant_id: Uuid), schema = "app", rls)]
pub struct OrderLine {
    /// The order.
    #[tenant_table(primary_key)]
    pub order_id: i64,
    /// The line, counted from 1.
    #[tenant_table(primary_key)]
    pub line: i32,
    /// What was ordered.
    #[tenant_table(unique = "product_of_customer")]
    pub product: String,
    /// Who ordered.
    #[tenant_table(unique = "product_of_customer", references = Customer)]
    pub customer_id: i64,
    /// Whatever the customer wishes.
    pub note: String,
}

/// Row-level security on both tables, and what a role that is no owner may do with them.
#[must_use]
pub fn policies(role: &str) -> String {
    let tables = ["customer", "order_line"].map(|table| {
        let is_own = "tenant_id = nullif(current_setting('tenantry.tenant', true), '')::uuid";
        format!(
            "alter table app.{table} enable row level security, force row level security;
             create policy {table}_tenant on app.{table} as restrictive using ({is_own}) with check ({is_own});
             create policy {table}_rows on app.{table} using (true) with check (true);
             grant select, insert, update, delete on app.{table} to {role};"
        )
    });
    format!(
        "create role {role} login;
         grant usage on schema app, catalog to {role};
         grant select on all tables in schema catalog to {role};
         {}",
        tables.concat()
    )
}
