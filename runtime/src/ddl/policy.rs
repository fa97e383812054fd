//! Row-level security: which rows a tenant sees and writes.

use super::names::GeneratedName;
use super::text::{literal, quoted};

/// The setting says who the tenant is. Where it says nothing no row is anybody's: unset it is NULL, and after a
/// transaction that set it the empty text.
///
/// No sub-select, though it would be read once a statement: Citus refuses it.
pub(crate) fn condition(column: &str, setting: &str, sql_type: &str) -> String {
    format!("{} = NULLIF(current_setting({}, true), '')::{sql_type}", quoted(column), literal(setting))
}

/// The name of the policy that keeps the tenants apart.
pub(crate) fn tenant_policy(table: &'static str) -> String {
    GeneratedName::new(table, Vec::new(), "tenant").whole()
}

/// The name of the policy without which nothing is allowed.
pub(crate) fn rows_policy(table: &'static str) -> String {
    GeneratedName::new(table, Vec::new(), "rows").whole()
}

/// The statements that turn it on, for a table by its qualified name.
///
/// Permissive policies widen each other: whatever others are added, the restrictive one holds.
pub(super) fn statements(table: &'static str, qualified: &str, condition: &str) -> String {
    let (tenant, rows) = (quoted(&tenant_policy(table)), quoted(&rows_policy(table)));
    format!(
        "ALTER TABLE {qualified} ENABLE ROW LEVEL SECURITY;\n\
         ALTER TABLE {qualified} FORCE ROW LEVEL SECURITY;\n\
         CREATE POLICY {tenant} ON {qualified} AS RESTRICTIVE FOR ALL TO PUBLIC\n    \
             USING ({condition})\n    \
             WITH CHECK ({condition});\n\
         CREATE POLICY {rows} ON {qualified} AS PERMISSIVE FOR ALL TO PUBLIC\n    \
             USING (true)\n    \
             WITH CHECK (true);\n"
    )
}
