//! The words of the SQL that mends: names with their quotes, and never a value.

use super::model::Expected;
use crate::ddl::policy::condition;
pub(super) use crate::tenant::quoted;

/// A table, or what else is in a schema.
pub(super) fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", quoted(schema), quoted(name))
}

/// Names with commas between them, in parentheses.
pub(super) fn columns<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<_> = names.into_iter().map(quoted).collect();
    format!("({})", names.join(", "))
}

/// The condition of a policy: it finds nothing where no tenant is named, on a connection that has never named one as on
/// one that has.
pub(super) fn tenant_condition(expected: &Expected, setting: &str) -> String {
    let (column, sql_type) = (expected.tenant_column().unwrap_or_default(), expected.tenant_type().unwrap_or("text"));
    condition(column, setting, sql_type)
}
