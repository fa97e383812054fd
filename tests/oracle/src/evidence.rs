//! What keeps a relation to a tenant: conditions that must hold for each of its rows.

use serde_json::Value;

use crate::check::Tenant;
use crate::together::is_each_tenant;
use crate::tree::{as_kind, column, kind, list, names, parameter, text, without_casts};

/// The conditions that are joined by AND at the top.
pub(crate) fn conjuncts(condition: &Value) -> Vec<&Value> {
    match as_kind(condition, "BoolExpr") {
        Some(joined) if text(joined, "boolop") == Some("AND_EXPR") => {
            list(joined, "args").iter().flat_map(conjuncts).collect()
        }
        _ => vec![condition],
    }
}

/// The names by which a query knows what it reads from.
pub(crate) fn aliases(from: &Value) -> Vec<&str> {
    if let Some(join) = as_kind(from, "JoinExpr") {
        let inside = [&join["larg"], &join["rarg"]].into_iter().flat_map(aliases);
        let own = ["alias", "join_using_alias"].into_iter().filter_map(|alias| text(&join[alias], "aliasname"));
        return inside.chain(own).collect();
    }
    if let Some(sample) = as_kind(from, "RangeTableSample") {
        return aliases(&sample["relation"]);
    }
    let Some((_, item)) = kind(from) else { return Vec::new() };
    text(&item["alias"], "aliasname").or_else(|| text(item, "relname")).into_iter().collect()
}

/// A relation by row, as the conditions beside it may name it.
pub(crate) struct Relation<'t> {
    pub(crate) relation: &'t Value,
    pub(crate) tenant_column: &'t str,
    /// It is all that the query reads from, so that a bare name of a column is its own.
    pub(crate) alone: bool,
}

impl Relation<'_> {
    /// The tenants that these conditions keep it to; literals are looked at where there are no parameters, and each of
    /// a list where that can be named.
    pub(crate) fn tenants(&self, conditions: &[&Value], each_tenant: bool, literals: bool) -> Vec<Tenant> {
        // Names of its own for the columns may hide which one is meant.
        if !list(&self.relation["alias"], "colnames").is_empty() {
            return Vec::new();
        }
        conditions.iter().filter_map(|condition| self.tenant(condition, each_tenant, literals)).collect()
    }

    fn tenant(&self, condition: &Value, each_tenant: bool, literals: bool) -> Option<Tenant> {
        let comparison = as_kind(condition, "A_Expr")?;
        if text(comparison, "kind") != Some("AEXPR_OP") || names(list(comparison, "name")) != ["="] {
            return None;
        }
        let (left, right) = (&comparison["lexpr"], &comparison["rexpr"]);
        let value = if self.is_tenant(left) {
            right
        } else if self.is_tenant(right) {
            left
        } else {
            return None;
        };
        if let Some(number) = parameter(without_casts(value)) {
            return Some(Tenant::Parameter(number));
        }
        if each_tenant && is_each_tenant(value) {
            return Some(Tenant::Each);
        }
        let literal = as_kind(without_casts(value), "A_Const").filter(|_| literals)?;
        let text = text(&literal["sval"], "sval").map(str::to_owned);
        let number = || Some(literal["ival"].get("ival").map_or_else(|| "0".to_owned(), Value::to_string));
        text.or_else(|| literal.get("ival").and_then(|_| number())).map(Tenant::Literal)
    }

    /// Whether this is the relation's tenant column.
    fn is_tenant(&self, node: &Value) -> bool {
        let Some(name) = column(node) else { return false };
        let Some((last, qualifier)) = name.split_last() else { return false };
        let relation = self.relation;
        let alias = text(&relation["alias"], "aliasname");
        *last == self.tenant_column
            && match qualifier {
                [] => self.alone,
                [name] => Some(*name) == alias.or_else(|| text(relation, "relname")),
                [schema, name] => {
                    alias.is_none()
                        && Some(*schema) == text(relation, "schemaname")
                        && Some(*name) == text(relation, "relname")
                }
                _ => false,
            }
    }
}
