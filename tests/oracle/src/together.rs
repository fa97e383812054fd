//! Reads across tenants: one statement, in which the query of each tenant stands beside a list of them.

use serde_json::Value;

use crate::check::{Check, Scope, Tenant, Visible};
use crate::parser::parse;
use crate::tables::Isolation;
use crate::tree::{as_kind, column, list, quoted, relations, text, without_places};

/// The name of the list of tenants.
pub(crate) const LIST: &str = "tenant";

/// Whether this is the tenant whose turn it is.
pub(crate) fn is_each_tenant(node: &Value) -> bool {
    column(node).is_some_and(|name| name == [LIST, "key"])
}

/// All that the library writes but for the query of each tenant, which is `SELECT` here: for listed tenants, and for
/// all that there are.
fn forms(tenant_column: &str, relation: &str) -> [String; 2] {
    [
        format!(
            "SELECT tenant.position, of_tenant.* FROM unnest(coalesce($1, \
             ARRAY(SELECT nullif({tenant_column}, {tenant_column}) FROM {relation} LIMIT 0))) \
             WITH ORDINALITY AS tenant(key, position) CROSS JOIN LATERAL (SELECT) AS of_tenant"
        ),
        format!(
            "SELECT tenant.key, of_tenant.* FROM (SELECT DISTINCT {tenant_column} FROM {relation} \
             WHERE {tenant_column} IS NOT NULL) AS tenant(key) CROSS JOIN LATERAL (SELECT) AS of_tenant"
        ),
    ]
}

/// Where the query of each tenant stands.
const QUERY: &str = "/SelectStmt/fromClause/0/JoinExpr/rarg/RangeSubselect/subquery";

impl Check<'_> {
    /// Looks at a whole statement, if it is written in one of the two forms.
    pub(crate) fn read_together(&mut self, statement: &Value) -> Option<Scope> {
        let query = as_kind(statement.pointer(QUERY)?, "SelectStmt")?;
        let join = as_kind(list(as_kind(statement, "SelectStmt")?, "fromClause").first()?, "JoinExpr")?;
        let relation = *relations(&join["larg"]).first()?;
        let (schema, name) = text(relation, "schemaname").zip(text(relation, "relname"))?;
        let Some(Isolation::Row(tenant_column)) = self.tables.isolation(schema, name) else { return None };

        let place = format!("{}.{}", quoted(schema), quoted(name));
        let written = without_query(statement);
        let mut forms = forms(&quoted(&tenant_column), &place).into_iter().flat_map(|form| parse(&form));
        if !forms.any(|form| matches!(&form[..], [form] if without_query(form) == written)) {
            return None;
        }
        self.isolation(relation);
        let of_each = self.select(query, &Visible::of_each_tenant());
        Some(self.both(Scope::of_rows(Tenant::Each), of_each))
    }
}

fn without_query(statement: &Value) -> Value {
    let mut statement = without_places(statement);
    if let Some(query) = statement.pointer_mut(QUERY) {
        *query = Value::Null;
    }
    statement
}
