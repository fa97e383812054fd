//! What stands in `#[tenant_table(..)]`, key by key.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Path, Token, Type};

use crate::errors::{Errors, nearest};

/// The keys on a struct.
#[derive(Default)]
pub(crate) struct TableAttributes {
    pub(crate) name: Option<LitStr>,
    pub(crate) tenant: Option<(Ident, Type)>,
    pub(crate) tenant_column: Option<(Ident, TenantColumn)>,
    pub(crate) shared: Option<Ident>,
    pub(crate) schema: Option<(Ident, LitStr)>,
    pub(crate) keyless: Option<Ident>,
    pub(crate) rls: Option<(Ident, Option<LitStr>)>,
    /// `check = "a < b"`, each time that it is given.
    pub(crate) checks: Vec<LitStr>,
    pub(crate) krate: Option<Path>,
    /// The keys that were meant, also where a mistake was reported: what is wrong is not missing as well.
    meant: Vec<&'static str>,
}

/// `tenant_id: Uuid`
pub(crate) struct TenantColumn {
    pub(crate) column: Ident,
    pub(crate) key: Type,
}

/// The keys of `#[tenant_row(..)]`.
#[derive(Default)]
pub(crate) struct RowAttributes {
    pub(crate) krate: Option<Path>,
}

/// The keys on a field. Each keeps the word that an error can point at.
#[derive(Default)]
pub(crate) struct FieldAttributes {
    pub(crate) primary_key: Option<Ident>,
    /// `generated`, and the expression of `generated = "lower(email)"`.
    pub(crate) generated: Option<(Ident, Option<LitStr>)>,
    /// `default`, and the expression of `default = "now()"`.
    pub(crate) default: Option<(Ident, Option<LitStr>)>,
    /// `unique`, and `unique = "name"` once for each name.
    pub(crate) unique: Vec<InKey>,
    /// `index`, and `index = "name"` once for each name.
    pub(crate) index: Vec<InKey>,
    /// `check = "credit >= 0"`, each time that it is given.
    pub(crate) checks: Vec<LitStr>,
    pub(crate) column: Option<LitStr>,
    pub(crate) references: Option<(Ident, Type)>,
    pub(crate) relation: Option<(Ident, LitStr)>,
    pub(crate) on_delete: Option<(Ident, LitStr)>,
    pub(crate) version: Option<Ident>,
    pub(crate) soft_delete: Option<Ident>,
    pub(crate) sql_type: Option<LitStr>,
}

/// The field's column is in a unique key or an index, alone or with those of the fields that give the same name.
pub(crate) struct InKey {
    pub(crate) word: Ident,
    pub(crate) name: Option<LitStr>,
}

const TABLE_KEYS: [&str; 9] =
    ["name", "tenant", "tenant_column", "shared", "schema", "keyless", "rls", "check", "crate"];
const FIELD_KEYS: [&str; 13] = [
    "primary_key",
    "generated",
    "default",
    "unique",
    "index",
    "check",
    "column",
    "references",
    "relation",
    "on_delete",
    "version",
    "soft_delete",
    "sql_type",
];

impl TableAttributes {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut table = Self::default();
        let readable = each_key("tenant_table", attributes, errors, |key, input, errors| {
            table.meant.extend(meant(key, &TABLE_KEYS));
            match key.unraw().to_string().as_str() {
                "name" => once(&mut table.name, key, value(key, input, "\"customer\"")?, errors),
                "tenant" => once(&mut table.tenant, key, (key.clone(), value(key, input, "Uuid")?), errors),
                "tenant_column" => {
                    let column = (key.clone(), TenantColumn::read(key, input)?);
                    once(&mut table.tenant_column, key, column, errors);
                }
                "shared" => flag(&mut table.shared, key, input, errors)?,
                "schema" => once(&mut table.schema, key, (key.clone(), value(key, input, "\"app\"")?), errors),
                "keyless" => flag(&mut table.keyless, key, input, errors)?,
                "rls" => {
                    let setting = match input.peek(Token![=]) {
                        true => Some(value(key, input, "\"app.tenant\"")?),
                        false => None,
                    };
                    once(&mut table.rls, key, (key.clone(), setting), errors);
                }
                "check" => table.checks.push(value(key, input, "\"starts < ends\"")?),
                "crate" => once(&mut table.krate, key, value(key, input, "path::to::tenantry")?, errors),
                _ => {
                    match meant(key, &TABLE_KEYS) {
                        Some("shared") => table.shared = Some(key.clone()),
                        Some("keyless") => table.keyless = Some(key.clone()),
                        _ => {}
                    }
                    return Err(unknown(key, "a table", &TABLE_KEYS, &FIELD_KEYS, "a field"));
                }
            }
            Ok(())
        });
        if !readable {
            table.meant.extend(TABLE_KEYS);
        }
        table
    }

    /// Whether the key was given, rightly or with a mistake that is reported already.
    pub(crate) fn meant(&self, key: &str) -> bool {
        self.meant.contains(&key)
    }
}

impl RowAttributes {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut row = Self::default();
        each_key("tenant_row", attributes, errors, |key, input, errors| {
            match key.unraw().to_string().as_str() {
                "crate" => once(&mut row.krate, key, value(key, input, "path::to::tenantry")?, errors),
                _ => return Err(unknown(key, "a row", &["crate"], &[], "a table")),
            }
            Ok(())
        });
        row
    }
}

impl FieldAttributes {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut field = Self::default();
        each_key("tenant_table", attributes, errors, |key, input, errors| {
            match key.unraw().to_string().as_str() {
                "primary_key" => flag(&mut field.primary_key, key, input, errors)?,
                "generated" => flag_or_sql(&mut field.generated, key, input, "lower(email)", errors)?,
                "default" => flag_or_sql(&mut field.default, key, input, "now()", errors)?,
                "unique" => in_key(&mut field.unique, key, input, "key_name", errors)?,
                "index" => in_key(&mut field.index, key, input, "index_name", errors)?,
                "check" => field.checks.push(value(key, input, "\"credit >= 0\"")?),
                "column" => once(&mut field.column, key, value(key, input, "\"e-mail\"")?, errors),
                "references" => once(&mut field.references, key, (key.clone(), value(key, input, "Account")?), errors),
                "relation" => once(&mut field.relation, key, (key.clone(), value(key, input, "\"payer\"")?), errors),
                "on_delete" => {
                    once(&mut field.on_delete, key, (key.clone(), value(key, input, "\"cascade\"")?), errors)
                }
                "version" => flag(&mut field.version, key, input, errors)?,
                "soft_delete" => flag(&mut field.soft_delete, key, input, errors)?,
                "sql_type" => once(&mut field.sql_type, key, value(key, input, "\"numeric(12, 2)\"")?, errors),
                _ => {
                    match meant(key, &FIELD_KEYS) {
                        Some("primary_key") => field.primary_key = Some(key.clone()),
                        Some("generated") => field.generated = Some((key.clone(), None)),
                        Some("default") => field.default = Some((key.clone(), None)),
                        Some("version") => field.version = Some(key.clone()),
                        Some("soft_delete") => field.soft_delete = Some(key.clone()),
                        _ => {}
                    }
                    return Err(unknown(key, "a field", &FIELD_KEYS, &TABLE_KEYS, "the struct"));
                }
            }
            Ok(())
        });
        field
    }
}

impl TenantColumn {
    fn read(key: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        let problem = || syn::Error::new(key.span(), "write the tenant column as `tenant_column(tenant_id: Uuid)`");
        let Ok(TokenTree::Group(group)) = input.parse() else { return Err(problem()) };
        syn::parse2(group.stream()).map_err(|_| problem())
    }
}

impl Parse for TenantColumn {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let column = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        Ok(Self { column, key: input.parse()? })
    }
}

/// One `key`, `key = value` or `key(..)`, its rest still unread.
struct Item {
    key: Ident,
    rest: TokenStream,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input
            .call(Ident::parse_any)
            .map_err(|error| syn::Error::new(error.span(), "expected a key, like `name = \"customer\"`"))?;
        let mut rest = TokenStream::new();
        while !input.is_empty() && !(input.peek(Token![,])) {
            // A comma within `<..>` belongs to a type, not to the list of keys.
            if input.peek(Token![<]) {
                angle_brackets(input, &mut rest)?;
            } else {
                rest.extend([input.parse::<TokenTree>()?]);
            }
        }
        Ok(Self { key, rest })
    }
}

fn angle_brackets(input: ParseStream<'_>, rest: &mut TokenStream) -> syn::Result<()> {
    let mut depth = 0_usize;
    while !input.is_empty() {
        if input.peek(Token![<]) {
            depth += 1;
        } else if input.peek(Token![>]) {
            depth -= 1;
        }
        rest.extend([input.parse::<TokenTree>()?]);
        if depth == 0 {
            break;
        }
    }
    Ok(())
}

/// Reads every key of every attribute of a name; a mistake in one does not hide those in the others.
/// Answers whether all attributes are lists of keys.
fn each_key(
    name: &str,
    attributes: &[Attribute],
    errors: &mut Errors,
    mut read: impl FnMut(&Ident, ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) -> bool {
    let mut readable = true;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        let items = match attribute.parse_args_with(Punctuated::<Item, Token![,]>::parse_terminated) {
            Ok(items) => items,
            Err(error) => {
                errors.push(error);
                readable = false;
                continue;
            }
        };
        for item in items {
            let reader = |input: ParseStream<'_>| {
                let result = read(&item.key, input, errors);
                let rest: TokenStream = input.parse()?; // unread tokens are reported here, not by syn
                match (result, rest.is_empty()) {
                    (Ok(()), false) => errors.at(rest, format!("nothing more can follow `{}`", item.key.unraw())),
                    (Ok(()), true) => {}
                    (Err(error), _) => errors.push(error),
                }
                Ok(())
            };
            if let Err(error) = syn::parse::Parser::parse2(reader, item.rest.clone()) {
                errors.push(error);
            }
        }
    }
    readable
}

/// `= value`
fn value<V: Parse>(key: &Ident, input: ParseStream<'_>, example: &str) -> syn::Result<V> {
    let written = |span| syn::Error::new(span, format!("write `{} = {example}`", key.unraw()));
    if !input.peek(Token![=]) {
        return Err(written(if input.is_empty() { key.span() } else { input.span() }));
    }
    input.parse::<Token![=]>()?;
    let span = if input.is_empty() { key.span() } else { input.span() };
    input.parse().map_err(|_| written(span))
}

fn flag(slot: &mut Option<Ident>, key: &Ident, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
    once(slot, key, key.clone(), errors);
    if !input.is_empty() {
        return Err(syn::Error::new(key.span(), format!("`{key}` takes no value: write `{key}` alone")));
    }
    Ok(())
}

/// `key`, or `key = "an SQL expression"`.
fn flag_or_sql(
    slot: &mut Option<(Ident, Option<LitStr>)>,
    key: &Ident,
    input: ParseStream<'_>,
    example: &str,
    errors: &mut Errors,
) -> syn::Result<()> {
    let sql = match input.is_empty() {
        true => None,
        false => match value(key, input, "") {
            Ok(sql) => Some(sql),
            Err(_) => {
                once(slot, key, (key.clone(), None), errors);
                let message = format!("write `{key}` alone, or with an SQL expression: `{key} = \"{example}\"`");
                return Err(syn::Error::new(key.span(), message));
            }
        },
    };
    once(slot, key, (key.clone(), sql), errors);
    Ok(())
}

/// `unique`, or `unique = "name"`, which several fields may give.
fn in_key(
    keys: &mut Vec<InKey>,
    word: &Ident,
    input: ParseStream<'_>,
    example: &str,
    errors: &mut Errors,
) -> syn::Result<()> {
    let name: Option<LitStr> = match input.peek(Token![=]) {
        true => Some(value(word, input, &format!("\"{example}\""))?),
        false => None,
    };
    let same = |known: &InKey| known.name.as_ref().map(LitStr::value) == name.as_ref().map(LitStr::value);
    if keys.iter().any(same) {
        errors.at(word, format!("`{word}` is given twice"));
    } else {
        keys.push(InKey { word: word.clone(), name });
    }
    Ok(())
}

fn once<V>(slot: &mut Option<V>, key: &Ident, value: V, errors: &mut Errors) {
    if slot.is_some() {
        errors.at(key, format!("`{}` is given twice", key.unraw()));
    } else {
        *slot = Some(value);
    }
}

/// The known key that this is, or that it most likely meant.
fn meant(key: &Ident, known: &[&'static str]) -> Option<&'static str> {
    nearest(&key.unraw().to_string(), known)
}

fn unknown(key: &Ident, place: &str, known: &[&str], elsewhere: &[&str], other_place: &str) -> syn::Error {
    let name = key.unraw().to_string();
    let message = if elsewhere.contains(&name.as_str()) {
        format!("`{name}` belongs on {other_place}, not on {place}")
    } else if let Some(near) = nearest(&name, known) {
        format!("unknown key `{name}`: did you mean `{near}`?")
    } else {
        format!("unknown key `{name}`: {place} takes {}", list(known))
    };
    syn::Error::new(key.span(), message)
}

fn list(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}
