//! What keeps a relation to a tenant: conditions that must hold for each of its rows.

use serde_json::Value;

use crate::check::Tenant;
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

/// A list of tenants that a query reads from: the `key` of `unnest($1) AS t(key)`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TenantList {
    alias: String,
    column: String,
    parameter: u64,
}

/// The lists of tenants among what a query reads from.
pub(crate) fn tenant_lists(from: &Value) -> Vec<TenantList> {
    if let Some(join) = as_kind(from, "JoinExpr") {
        return [&join["larg"], &join["rarg"]].into_iter().flat_map(tenant_lists).collect();
    }
    let Some(function) = as_kind(from, "RangeFunction") else { return Vec::new() };
    let [call] = list(function, "functions") else { return Vec::new() };
    let Some(call) = as_kind(call, "List").and_then(|call| as_kind(list(call, "items").first()?, "FuncCall")) else {
        return Vec::new();
    };
    if !matches!(names(list(call, "funcname"))[..], ["unnest"] | ["pg_catalog", "unnest"]) {
        return Vec::new();
    }
    let alias = text(&function["alias"], "aliasname").unwrap_or_default();
    let columns = names(list(&function["alias"], "colnames"));
    let of_column = |(argument, column): (&Value, &str)| {
        let parameter = parameter(without_casts(argument))?;
        Some(TenantList { alias: alias.to_owned(), column: column.to_owned(), parameter })
    };
    list(call, "args").iter().zip(columns).filter_map(of_column).collect()
}

/// The names by which a query knows what it reads from.
pub(crate) fn aliases(from: &Value) -> Vec<&str> {
    if let Some(join) = as_kind(from, "JoinExpr") {
        let inside = [&join["larg"], &join["rarg"]].into_iter().flat_map(aliases);
        return inside.chain(text(&join["alias"], "aliasname")).collect();
    }
    let Some((_, item)) = kind(from) else { return Vec::new() };
    text(&item["alias"], "aliasname").or_else(|| text(item, "relname")).into_iter().collect()
}

/// The lists of tenants that can be named in a query: its own, and those around it that it does not hide.
pub(crate) fn visible_lists(around: &[TenantList], from: &[Value]) -> Vec<TenantList> {
    let hiding: Vec<_> = from.iter().flat_map(aliases).collect();
    let around = around.iter().filter(|list| !hiding.contains(&&*list.alias)).cloned();
    around.chain(from.iter().flat_map(tenant_lists)).collect()
}

/// A relation by row, as the conditions beside it may name it.
pub(crate) struct Relation<'t> {
    pub(crate) relation: &'t Value,
    pub(crate) tenant_column: &'t str,
    /// It is all that the query reads from, so that a bare name of a column is its own.
    pub(crate) alone: bool,
}

impl Relation<'_> {
    /// The tenants that these conditions keep it to; literals are looked at where there are no parameters.
    pub(crate) fn tenants(&self, conditions: &[&Value], lists: &[TenantList], literals: bool) -> Vec<Tenant> {
        // Names of its own for the columns may hide which one is meant.
        if !list(&self.relation["alias"], "colnames").is_empty() {
            return Vec::new();
        }
        conditions.iter().filter_map(|condition| self.tenant(condition, lists, literals)).collect()
    }

    fn tenant(&self, condition: &Value, lists: &[TenantList], literals: bool) -> Option<Tenant> {
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
        if let Some([alias, column]) = column(value).as_deref() {
            let list = lists.iter().find(|list| list.alias == *alias && list.column == *column)?;
            return Some(Tenant::Each(list.parameter));
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
