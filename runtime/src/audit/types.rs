//! Whether a column has the type that the model says.

use std::collections::BTreeSet;

use tokio_postgres::types::Type;

use super::facts::{Column, Facts};
use super::model::Model;
use crate::definition::{ColumnParts, IsolationParts};

/// How a column's type is to the model.
pub(super) enum Fit {
    Same,
    /// Values are written and read, though DDL would have made another type.
    Readable,
    Other,
}

/// The types that the model names, to be looked up by the server. None but words, brackets and names in quotes is sent.
pub(super) fn names(model: &Model) -> BTreeSet<&'static str> {
    let columns = model.tables.iter().flat_map(|parts| parts.columns);
    let tenants = model.tables.iter().filter_map(|parts| match parts.isolation {
        IsolationParts::Row { sql_type, .. } => Some(sql_type),
        _ => None,
    });
    columns
        .filter_map(ColumnParts::ddl_type)
        .map(|(name, _)| name)
        .chain(tenants)
        .filter(|name| is_plain(name))
        .collect()
}

/// Whether the server can read it as the name of a type, or says that it knows none.
fn is_plain(name: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || " _.,\"()[]".contains(character);
    let (mut depth, mut is_closed) = (0_i32, true);
    for character in name.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        is_closed &= (0..=1).contains(&depth);
    }
    !name.trim().is_empty()
        && name.chars().all(is_word)
        && is_closed
        && depth == 0
        && name.matches('"').count().is_multiple_of(2)
}

impl Facts {
    /// The name of a column's type, as it stands in SQL.
    pub(super) fn type_name(&self, column: &Column) -> String {
        match (&column.type_name, self.type_of(column.type_oid)) {
            (Some(name), _) => name.clone(),
            (None, ty) if ty.schema() == "pg_catalog" => ty.name().to_owned(),
            (None, ty) => format!("{}.{}", ty.schema(), ty.name()),
        }
    }

    pub(super) fn type_of(&self, oid: u32) -> Type {
        Type::from_oid(oid).or_else(|| self.types.get(&oid).cloned()).unwrap_or(Type::UNKNOWN)
    }

    /// Whether the type of a column is the one of this name.
    pub(super) fn is_type(&self, column: &Column, name: &'static str) -> bool {
        match self.known_types.get(name) {
            Some(oid) => *oid == column.type_oid && is_modified_alike(name, column.type_name.as_deref()),
            // The server found none by that name alone: it may be in the tenant's schema.
            None => serial(name).is_some_and(|oid| oid == column.type_oid) || self.is_named(column, name),
        }
    }

    fn is_named(&self, column: &Column, name: &str) -> bool {
        !name.contains('.') && self.type_of(column.type_oid).name() == name.trim().trim_matches('"')
    }

    /// How the type of a column is to the model.
    pub(super) fn fit(&self, column: &Column, parts: &ColumnParts) -> Fit {
        let accepts = (parts.accepts)(&self.type_of(column.type_oid));
        match parts.ddl_type() {
            Some((name, _)) if accepts && self.is_type(column, name) => Fit::Same,
            Some((_, false)) if accepts => Fit::Readable,
            None if accepts => Fit::Same,
            _ => Fit::Other,
        }
    }
}

/// Words of DDL that are no types.
fn serial(name: &str) -> Option<u32> {
    match name.trim() {
        "smallserial" | "serial2" => Some(Type::INT2.oid()),
        "serial" | "serial4" => Some(Type::INT4.oid()),
        "bigserial" | "serial8" => Some(Type::INT8.oid()),
        _ => None,
    }
}

/// Whether what stands in parentheses after the type's name is the same: the length, the precision.
fn is_modified_alike(model: &str, live: Option<&str>) -> bool {
    let base = model.split('(').next().unwrap_or_default().trim();
    let expected = match base {
        // The number chose the type.
        "float" => String::new(),
        // One character is what PostgreSQL takes these for.
        "char" | "character" | "bit" if modifier(model).is_empty() => "1".to_owned(),
        _ => modifier(model),
    };
    let live = live.map(modifier).unwrap_or_default();
    // A precision alone has no digits after the point.
    expected == live || format!("{expected},0") == live
}

fn modifier(name: &str) -> String {
    let inside = name.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    inside
        .map(|(inside, _)| inside.chars().filter(|character| !character.is_whitespace()).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{is_modified_alike, is_plain};

    #[test]
    fn lengths_and_precisions_are_compared() {
        for (model, live, alike) in [
            ("bigint", None, true),
            ("varchar(20)", Some("character varying(20)"), true),
            ("varchar(20)", Some("character varying(30)"), false),
            ("varchar(20)", None, false),
            ("varchar", Some("character varying(30)"), false),
            ("numeric(12, 2)", Some("numeric(12,2)"), true),
            ("numeric(12)", Some("numeric(12,0)"), true),
            ("timestamptz(3)", Some("timestamp(3) with time zone"), true),
            ("varchar(20)[]", Some("character varying(20)[]"), true),
            ("char", Some("character(1)"), true),
            ("char", Some("character(2)"), false),
            ("float(8)", None, true),
        ] {
            assert_eq!(is_modified_alike(model, live), alike, "{model} {live:?}");
        }
    }

    #[test]
    fn only_names_are_sent() {
        for name in ["bigint", "double precision", "\"char\"", "app.mood", "numeric(12, 2)", "text[]"] {
            assert!(is_plain(name), "{name}");
        }
        for name in ["", " ", "text)", "(", "a((1))", "\"open", "text'; drop", "text -- x", "a;b"] {
            assert!(!is_plain(name), "{name}");
        }
    }
}
