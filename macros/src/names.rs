//! Names: what PostgreSQL keeps whole, how they are quoted, and Rust identifiers without `r#`.

use syn::ext::IdentExt;
use syn::{Ident, LitStr};

use crate::errors::Errors;

/// PostgreSQL cuts longer names off, and two names become one.
const MAX_NAME_BYTES: usize = 63;

/// Schemas that belong to PostgreSQL, to Citus, or to every application at once. So do all that begin with `pg_`.
const EVERYBODYS_SCHEMAS: [&str; 5] = ["public", "information_schema", "citus", "citus_internal", "columnar"];

/// A checked name of a table, column or schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Name {
    /// Checks what stands in an attribute; a bad name is reported and taken as it is.
    pub(crate) fn from_literal(literal: &LitStr, what: &str, errors: &mut Errors) -> Self {
        let name = literal.value();
        if let Some(problem) = problem(&name) {
            errors.at(literal, format!("{what} {problem}"));
        }
        Self(name)
    }

    /// The name of a field or a struct; an identifier can only be too long.
    pub(crate) fn from_ident(ident: &Ident, what: &str, errors: &mut Errors) -> Self {
        let name = ident.unraw().to_string();
        if let Some(problem) = problem(&name) {
            errors.at(ident, format!("{what} {problem}"));
        }
        Self(name)
    }

    /// The name of a logical schema; there is none where it is bad, which is reported.
    pub(crate) fn of_logical_schema(literal: &LitStr, errors: &mut Errors) -> Option<Self> {
        let name = literal.value();
        let problem = match problem(&name) {
            Some(problem) => format!("the logical schema's name {problem}"),
            None if is_everybodys_schema(&name) => format!(
                "`{name}` is no schema of a tenant's: leave `schema` out, or add `shared` or `tenant_column(..)`"
            ),
            None => return Some(Self(name)),
        };
        errors.at(literal, problem);
        None
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As it stands in SQL. Names are always quoted: reserved words and upper case need it.
    pub(crate) fn quoted(&self) -> String {
        format!("\"{}\"", self.0.replace('"', "\"\""))
    }
}

fn problem(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("cannot be empty".to_owned());
    }
    if name.contains('\0') {
        return Some("cannot hold the character NUL".to_owned());
    }
    if name.len() > MAX_NAME_BYTES {
        let bytes = name.len();
        return Some(format!("has {bytes} bytes, and PostgreSQL cuts names off after {MAX_NAME_BYTES}"));
    }
    None
}

fn is_everybodys_schema(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("pg_") || EVERYBODYS_SCHEMAS.contains(&name.as_str())
}

/// `CustomerAddress` -> `customer_address`, as a proposal in an error.
pub(crate) fn snake_case(ident: &Ident) -> String {
    let mut name = String::new();
    for character in ident.unraw().to_string().chars() {
        if character.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(character.to_lowercase());
    }
    name
}

/// `product_of_customer` -> `ProductOfCustomer`
pub(crate) fn camel_case(ident: &Ident) -> String {
    let mut name = String::new();
    for word in ident.unraw().to_string().split('_') {
        let mut characters = word.chars();
        name.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(characters.as_str());
    }
    name
}
