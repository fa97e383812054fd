//! A table as the attributes describe it, checked: every rule that spans more than one key is here.

use proc_macro2::Span;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, Fields, GenericArgument, Ident, Lit, LitStr, Meta, MetaNameValue,
    Path, PathArguments, Type, Visibility, parse_quote,
};

use crate::attributes::{FieldAttributes, InKey, TableAttributes};
use crate::errors::Errors;
use crate::names::{Name, camel_case, snake_case};

pub(crate) struct Model {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) table: Name,
    pub(crate) isolation: Isolation,
    pub(crate) columns: Vec<Column>,
    pub(crate) unique_keys: Vec<UniqueKey>,
    pub(crate) indexes: Vec<Index>,
    /// What is true of each row, in SQL.
    pub(crate) checks: Vec<String>,
    /// The setting by which row-level security knows the tenant.
    pub(crate) rls: Option<String>,
    /// The struct's documentation.
    pub(crate) comment: String,
    pub(crate) krate: Path,
    /// The type of the tenants' keys is lost in a mistake that is reported: any tenant has to do.
    pub(crate) any_tenant: bool,
}

/// How the rows of tenants are kept apart.
pub(crate) enum Isolation {
    /// A table per tenant, in the tenant's schema, or in a logical one of its schemas.
    Schema { tenant: Type, logical: Option<LogicalSchema> },
    /// One table with a tenant column.
    Row { schema: Name, column: Name, tenant: Type },
    /// The same rows for all.
    Shared { schema: Name },
}

/// One of the schemas that each tenant has.
pub(crate) struct LogicalSchema {
    pub(crate) name: Name,
    /// Where it is named.
    pub(crate) literal: LitStr,
}

pub(crate) struct Column {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) name: Name,
    /// The field's type.
    pub(crate) field_type: Type,
    /// The field's type without its `Option`.
    pub(crate) value_type: Type,
    pub(crate) nullable: bool,
    pub(crate) primary_key: bool,
    pub(crate) generated: bool,
    pub(crate) default: bool,
    /// What it is generated from, in SQL.
    pub(crate) generated_sql: Option<String>,
    /// The default, in SQL.
    pub(crate) default_sql: Option<String>,
    /// What is true of each value, in SQL.
    pub(crate) checks: Vec<String>,
    /// Counts the changes of its row.
    pub(crate) version: bool,
    /// Holds when its row was deleted.
    pub(crate) soft_delete: bool,
    pub(crate) reference: Option<Reference>,
    pub(crate) sql_type: Option<String>,
    pub(crate) docs: Vec<Attribute>,
    /// The same as text.
    pub(crate) comment: String,
}

/// The column holds the key of a row of another table.
pub(crate) struct Reference {
    pub(crate) table: Type,
    /// What the referenced row is called: the field's name without `_id`.
    pub(crate) relation: Ident,
    pub(crate) on_delete: OnDelete,
}

/// What becomes of a row when the one is deleted to which it refers.
#[derive(Clone, Copy)]
pub(crate) enum OnDelete {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
}

pub(crate) struct Index {
    /// The name that its fields give, or that of its one field.
    pub(crate) name: String,
    /// Positions in [`Model::columns`].
    pub(crate) columns: Vec<usize>,
    /// It has a name of its own, so that other fields may join it.
    named: bool,
}

pub(crate) struct UniqueKey {
    /// `find_by_` goes before it.
    pub(crate) name: Ident,
    /// Positions in [`Model::columns`].
    pub(crate) columns: Vec<usize>,
    /// Its name among the keys of which an insert gives each column.
    pub(crate) variant: Option<Ident>,
    /// It has a name of its own, so that other fields may join it.
    named: bool,
}

impl Model {
    /// Reads a struct. Where there are mistakes the model is as good a guess as possible; where there is
    /// no struct to speak of there is none.
    pub(crate) fn read(input: &DeriveInput) -> (Option<Self>, Errors) {
        let mut errors = Errors::default();
        let model = Self::read_struct(input, &mut errors);
        (model, errors)
    }

    fn read_struct(input: &DeriveInput, errors: &mut Errors) -> Option<Self> {
        let fields = match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => fields,
                Fields::Unnamed(_) | Fields::Unit => {
                    errors.at(&input.ident, "a table needs a struct with named fields: each field is a column");
                    return None;
                }
            },
            Data::Enum(data) => {
                errors.at(data.enum_token, "a table is a struct with named fields, not an enum");
                return None;
            }
            Data::Union(data) => {
                errors.at(data.union_token, "a table is a struct with named fields, not a union");
                return None;
            }
        };
        if !input.generics.params.is_empty() {
            errors.at(&input.generics, "the struct of a table cannot be generic: its columns have one type each");
            return None;
        }
        if fields.named.is_empty() {
            errors.at(&input.ident, "a table needs at least one column: add a field");
            return None;
        }

        let attributes = TableAttributes::read(&input.attrs, errors);
        let Columns { columns, unique_keys, indexes } = read_columns(&fields.named, errors);
        let table = match &attributes.name {
            Some(name) => Name::from_literal(name, "the table's name", errors),
            None => {
                if !attributes.meant("name") {
                    let proposal = snake_case(&input.ident);
                    let message = format!("the table's name is missing: add `#[tenant_table(name = \"{proposal}\")]`");
                    errors.at(&input.ident, message);
                }
                Name::from_ident(&input.ident, "the table's name", &mut Errors::default())
            }
        };
        let krate = attributes.krate.clone().unwrap_or_else(|| parse_quote!(::tenantry));
        let isolation = read_isolation(&attributes, &krate, errors);
        let any_tenant = (attributes.meant("tenant_column") && attributes.tenant_column.is_none())
            || (attributes.meant("tenant") && attributes.tenant.is_none());
        let mut model = Self {
            ident: input.ident.clone(),
            visibility: input.vis.clone(),
            table,
            isolation,
            columns,
            unique_keys,
            indexes,
            checks: filled_all(&attributes.checks, "a check", errors),
            rls: read_rls(&attributes, errors),
            comment: comment(&input.attrs),
            krate,
            any_tenant,
        };
        model.check_key(&attributes, errors);
        model.check_once(|column| column.version, "version", errors);
        model.check_once(|column| column.soft_delete, "soft_delete", errors);
        model.check_names(errors);
        model.check_relations(errors);
        model.check_indexes(&fields.named, errors);
        model.name_variants(errors);
        Some(model)
    }

    pub(crate) fn key(&self) -> impl Iterator<Item = &Column> + Clone {
        self.columns.iter().filter(|column| column.primary_key)
    }

    pub(crate) fn has_key(&self) -> bool {
        self.key().next().is_some()
    }

    /// The columns that an insert gives.
    pub(crate) fn insertable(&self) -> impl Iterator<Item = &Column> + Clone {
        self.columns.iter().filter(|column| !column.generated)
    }

    /// The columns that an update can set.
    pub(crate) fn changeable(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| !column.generated && !column.primary_key)
    }

    pub(crate) fn columns_of<'m>(&'m self, key: &'m UniqueKey) -> impl Iterator<Item = &'m Column> + Clone {
        key.columns.iter().filter_map(|position| self.columns.get(*position))
    }

    /// Whether an insert gives each column of the primary key.
    pub(crate) fn gives_key(&self) -> bool {
        self.has_key() && self.key().all(|column| !column.generated)
    }

    fn check_key(&mut self, attributes: &TableAttributes, errors: &mut Errors) {
        match &attributes.keyless {
            Some(keyless) if self.has_key() => {
                errors.at(keyless, "this table is `keyless` and has a `primary_key`: leave one of them out");
            }
            None if !self.has_key() && !attributes.meant("keyless") => {
                let message = "the primary key is missing: mark its field with `#[tenant_table(primary_key)]`, \
                               or the table with `keyless`";
                errors.at(&self.ident, message);
                // A guess, so that methods by key exist and report nothing more.
                if let Some(first) = self.columns.first_mut() {
                    first.primary_key = true;
                }
            }
            _ => {}
        }
    }

    pub(crate) fn version(&self) -> Option<&Column> {
        self.columns.iter().find(|column| column.version)
    }

    pub(crate) fn soft_delete(&self) -> Option<&Column> {
        self.columns.iter().find(|column| column.soft_delete)
    }

    fn check_once(&self, is_such: impl Fn(&Column) -> bool, name: &str, errors: &mut Errors) {
        for column in self.columns.iter().filter(|column| is_such(column)).skip(1) {
            errors.at(&column.ident, format!("a table has one `{name}` column"));
        }
    }

    /// A key is an index already.
    fn check_indexes<'f>(&self, fields: impl IntoIterator<Item = &'f syn::Field>, errors: &mut Errors) {
        let mut key = self.key();
        let (Some(only), None) = (key.next(), key.next()) else { return };
        let is_alone = |index: &&Index| matches!(*index.columns, [position] if self.columns.get(position).is_some_and(|column| column.ident == only.ident));
        if self.indexes.iter().any(|index| is_alone(&index))
            && let Some(field) = fields.into_iter().find(|field| field.ident.as_ref() == Some(&only.ident))
        {
            errors.at(&field.ident, "the primary key has an index already: leave `index` out");
        }
    }

    /// Each unique key becomes a variant of an enum, beside that of the primary key.
    fn name_variants(&mut self, errors: &mut Errors) {
        let mut named: Vec<(String, String)> = vec![("PrimaryKey".to_owned(), "the primary key's".to_owned())];
        for key in &mut self.unique_keys {
            let columns = &self.columns;
            if key.columns.iter().any(|position| columns.get(*position).is_some_and(|column| column.generated)) {
                continue;
            }
            let (name, variant) = (&key.name, camel_case(&key.name));
            let taken = named.iter().find(|(other, _)| *other == variant).map(|(_, whose)| whose.clone());
            let problem = match syn::parse_str::<Ident>(&variant) {
                Ok(_) => taken,
                Err(_) => Some("no name of a variant".to_owned()),
            };
            if let Some(problem) = problem {
                let (table, name) = (self.ident.unraw(), name.unraw());
                let message = format!(
                    "the unique key `{name}` would be `{table}Key::{variant}`, which is {problem}: name it differently"
                );
                errors.at(&key.name, message);
                continue;
            }
            key.variant = Some(Ident::new(&variant, key.name.span().resolved_at(Span::call_site())));
            named.push((variant, format!("the unique key `{name}`'s")));
        }
    }

    /// Each relation becomes a method of the struct's.
    fn check_relations(&mut self, errors: &mut Errors) {
        let mut taken = vec!["repository".to_owned()];
        for column in &mut self.columns {
            let Some(reference) = &column.reference else { continue };
            let name = reference.relation.unraw().to_string();
            if taken.contains(&name) {
                let message =
                    format!("`{name}` is the name of a method already: name the relation by `relation = \"..\"`");
                errors.at(&reference.relation, message);
                // The compiler would say it again, in its words.
                column.reference = None;
            }
            taken.push(name);
        }
    }

    fn check_names(&self, errors: &mut Errors) {
        for (position, column) in self.columns.iter().enumerate() {
            let earlier = self.columns.iter().take(position).find(|earlier| earlier.name == column.name);
            if let Some(earlier) = earlier {
                let message = format!("the column `{}` is the field `{}` already", column.name.as_str(), earlier.ident);
                errors.at(&column.ident, message);
            }
            if let Isolation::Row { column: tenant, .. } = &self.isolation
                && *tenant == column.name
            {
                let message = format!(
                    "`{}` is the tenant column, which the library writes from the scope: remove the field",
                    tenant.as_str()
                );
                errors.at(&column.ident, message);
            }
        }
    }
}

fn read_isolation(attributes: &TableAttributes, krate: &Path, errors: &mut Errors) -> Isolation {
    let schema = attributes.schema.as_ref();
    let schema_name =
        |errors: &mut Errors| schema.map(|(_, literal)| Name::from_literal(literal, "the schema's name", errors));
    let public = || Name::from_ident(&format_ident!("public"), "", &mut Errors::default());

    if let Some(shared) = &attributes.shared {
        if let Some((word, _)) = &attributes.tenant_column {
            errors.at(word, "a table is isolated by `tenant_column` or it is `shared`, not both");
        }
        if let Some((word, _)) = &attributes.tenant {
            errors.at(word, "a `shared` table belongs to no tenant: leave `tenant` out");
        }
        if !attributes.meant("schema") {
            errors.at(shared, "a shared table names its schema: write `shared, schema = \"public\"`");
        }
        return Isolation::Shared { schema: schema_name(errors).unwrap_or_else(public) };
    }
    if let Some((_, column)) = &attributes.tenant_column {
        if let Some((word, _)) = &attributes.tenant {
            errors.at(word, "the type of the tenants' keys stands in `tenant_column(..)`: leave `tenant` out");
        }
        return Isolation::Row {
            schema: schema_name(errors).unwrap_or_else(public),
            column: Name::from_ident(&column.column, "the tenant column's name", errors),
            tenant: column.key.clone(),
        };
    }
    // Where another isolation was meant, a mistake in that is reported.
    let mistaken = attributes.meant("tenant_column") || attributes.meant("shared");
    let logical = schema.filter(|_| !mistaken).and_then(|(_, literal)| {
        let name = Name::of_logical_schema(literal, errors)?;
        Some(LogicalSchema { name, literal: literal.clone() })
    });
    let tenant = attributes.tenant.as_ref().map(|(_, tenant)| tenant.clone());
    Isolation::Schema { tenant: tenant.unwrap_or_else(|| parse_quote!(#krate::Slug)), logical }
}

/// The name of a setting that belongs to nobody else.
const SETTING: &str = "tenantry.tenant";

fn read_rls(attributes: &TableAttributes, errors: &mut Errors) -> Option<String> {
    let (word, setting) = attributes.rls.as_ref()?;
    if !attributes.meant("tenant_column") {
        errors.at(
            word,
            "row-level security tells rows apart by their tenant column: add `tenant_column(tenant_id: Uuid)`",
        );
    }
    let Some(literal) = setting else { return Some(SETTING.to_owned()) };
    let name = literal.value();
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
            && word
                .chars()
                .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_')
    };
    let words: Vec<_> = name.split('.').collect();
    if words.len() < 2 || !words.into_iter().all(is_word) || name.len() > 63 {
        errors.at(literal, "a setting of your own is named like `app.tenant`: two words of `a-z`, `0-9` and `_`, and a dot between them");
        return Some(SETTING.to_owned());
    }
    Some(name)
}

/// Texts that are not empty.
fn filled_all(literals: &[LitStr], what: &str, errors: &mut Errors) -> Vec<String> {
    literals.iter().filter_map(|literal| filled(literal, what, errors)).collect()
}

/// A text that is not empty.
fn filled(literal: &LitStr, what: &str, errors: &mut Errors) -> Option<String> {
    let text = literal.value();
    if text.trim().is_empty() || text.contains('\0') {
        errors.at(literal, format!("{what} cannot be empty"));
        return None;
    }
    Some(text)
}

/// What the documentation says, line by line.
fn comment(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(MetaNameValue { path, value: Expr::Lit(ExprLit { lit: Lit::Str(line), .. }), .. })
            if path.is_ident("doc") =>
        {
            let line = line.value();
            Some(line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned())
        }
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

struct Columns {
    columns: Vec<Column>,
    unique_keys: Vec<UniqueKey>,
    indexes: Vec<Index>,
}

fn read_columns<'f>(fields: impl IntoIterator<Item = &'f syn::Field>, errors: &mut Errors) -> Columns {
    let mut columns = Vec::new();
    let mut unique_keys: Vec<UniqueKey> = Vec::new();
    let mut indexes: Vec<Index> = Vec::new();
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let attributes = FieldAttributes::read(&field.attrs, errors);
        let position = columns.len();
        columns.push(read_column(field, ident, &attributes, errors));
        let is_unique = attributes.unique.iter().any(|unique| unique.name.is_none());
        for index in attributes.index {
            if is_unique && index.name.is_none() {
                errors.at(&index.word, "a unique key has an index already: leave `index` out");
                continue;
            }
            join_index(&mut indexes, (ident, position), &index, errors);
        }
        for unique in attributes.unique {
            let name = match &unique.name {
                None => ident.unraw(),
                Some(literal) => match literal.parse_with(Ident::parse_any) {
                    Ok(name) => name,
                    Err(_) => {
                        errors.at(literal, "the name of a unique key becomes a method's: letters, digits and `_`");
                        continue;
                    }
                },
            };
            let named = unique.name.is_some();
            match unique_keys.iter_mut().find(|key| key.name == name) {
                Some(key) if key.named && named => key.columns.push(position),
                Some(_) => {
                    errors
                        .at(&unique.word, format!("there is a unique key `{name}` already: name this one differently"));
                }
                None => unique_keys.push(UniqueKey { name, columns: vec![position], variant: None, named }),
            }
        }
    }
    Columns { columns, unique_keys, indexes }
}

fn join_index(indexes: &mut Vec<Index>, (ident, position): (&Ident, usize), index: &InKey, errors: &mut Errors) {
    let (name, named) = match &index.name {
        None => (ident.unraw().to_string(), false),
        Some(literal) => match filled(literal, "the name of an index", errors) {
            Some(name) => (name, true),
            None => return,
        },
    };
    match indexes.iter_mut().find(|known| known.name == name) {
        Some(known) if known.named && named => known.columns.push(position),
        Some(_) => errors.at(&index.word, format!("there is an index `{name}` already: name this one differently")),
        None => indexes.push(Index { name, columns: vec![position], named }),
    }
}

fn read_column(field: &syn::Field, ident: &Ident, attributes: &FieldAttributes, errors: &mut Errors) -> Column {
    let name = match &attributes.column {
        Some(literal) => Name::from_literal(literal, "the column's name", errors),
        None => Name::from_ident(ident, "the column's name", errors),
    };
    let inner = inside_option(&field.ty);
    if let Some((generated, _)) = &attributes.generated {
        if attributes.default.is_some() {
            let message = "`generated` and `default` exclude each other: a generated value is never given, \
                           one with a default may be";
            errors.at(generated, message);
        }
        if attributes.references.is_some() {
            errors.at(generated, "a reference is chosen, not `generated` by the database: leave one of them out");
        }
    }
    if attributes.primary_key.is_some() && inner.is_some() {
        errors.at(&field.ty, "a primary key cannot be NULL: take the `Option` away");
    }
    check_written_by_the_library(field, inner.is_some(), attributes, errors);
    Column {
        ident: ident.clone(),
        visibility: field.vis.clone(),
        name,
        field_type: field.ty.clone(),
        value_type: inner.unwrap_or(&field.ty).clone(),
        nullable: inner.is_some(),
        primary_key: attributes.primary_key.is_some(),
        // What the library writes itself is given by nobody.
        generated: attributes.generated.is_some() || attributes.version.is_some() || attributes.soft_delete.is_some(),
        default: attributes.default.is_some(),
        generated_sql: sql_of(&attributes.generated, "what a column is generated from", errors),
        default_sql: sql_of(&attributes.default, "a default", errors),
        checks: filled_all(&attributes.checks, "a check", errors),
        version: attributes.version.is_some(),
        soft_delete: attributes.soft_delete.is_some(),
        reference: read_reference(ident, inner.is_some(), attributes, errors),
        sql_type: attributes.sql_type.as_ref().and_then(|literal| filled(literal, "an SQL type", errors)),
        comment: comment(&field.attrs),
        docs: field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect(),
    }
}

/// The version and the time of a soft deletion, which the library writes.
fn check_written_by_the_library(field: &syn::Field, nullable: bool, attributes: &FieldAttributes, errors: &mut Errors) {
    let keys = [("version", &attributes.version), ("soft_delete", &attributes.soft_delete)];
    for (name, word) in keys.iter().filter_map(|(name, word)| Some((name, word.as_ref()?))) {
        let others = [
            ("primary_key", attributes.primary_key.is_some()),
            ("generated", attributes.generated.is_some()),
            ("default", attributes.default.is_some()),
            ("references", attributes.references.is_some()),
        ];
        if let Some((other, _)) = others.iter().find(|(_, given)| *given) {
            errors.at(word, format!("the library writes a `{name}` column by itself: leave `{other}` out"));
        }
    }
    if attributes.version.is_some() && nullable {
        errors.at(&field.ty, "a version is never NULL: take the `Option` away");
    }
    if let Some(word) = &attributes.soft_delete {
        if let Some(version) = &attributes.version {
            errors.at(version, "a column is a `version` or a `soft_delete`, not both");
        } else if !nullable {
            errors.at(word, "a row that is not deleted has NULL here: make the field an `Option` of a time");
        }
    }
}

/// The expression of `default = "now()"`.
fn sql_of(attribute: &Option<(Ident, Option<LitStr>)>, what: &str, errors: &mut Errors) -> Option<String> {
    attribute.as_ref().and_then(|(_, sql)| filled(sql.as_ref()?, what, errors))
}

fn read_reference(
    ident: &Ident,
    nullable: bool,
    attributes: &FieldAttributes,
    errors: &mut Errors,
) -> Option<Reference> {
    let Some((_, table)) = &attributes.references else {
        if let Some((word, _)) = &attributes.relation {
            errors.at(word, "`relation` names what `references` leads to: add `references = Account`");
        }
        if let Some((word, _)) = &attributes.on_delete {
            let message = "`on_delete` says what becomes of a row when the one is deleted to which it refers: \
                           add `references = Account`";
            errors.at(word, message);
        }
        return None;
    };
    let name = ident.unraw().to_string();
    let relation = match &attributes.relation {
        None => {
            let name = name.strip_suffix("_id").filter(|name| !name.is_empty()).unwrap_or(&name);
            match syn::parse_str::<Ident>(name) {
                Ok(_) => Ident::new(name, ident.span()),
                Err(_) => Ident::new_raw(name, ident.span()),
            }
        }
        Some((_, literal)) => literal.parse_with(Ident::parse_any).unwrap_or_else(|_| {
            errors.at(literal, "the name of a relation becomes a method's: letters, digits and `_`");
            ident.clone()
        }),
    };
    let on_delete = read_on_delete(nullable, attributes, errors);
    Some(Reference { table: table.clone(), relation, on_delete })
}

fn read_on_delete(nullable: bool, attributes: &FieldAttributes, errors: &mut Errors) -> OnDelete {
    let Some((_, literal)) = &attributes.on_delete else { return OnDelete::NoAction };
    match literal.value().as_str() {
        "cascade" => OnDelete::Cascade,
        "restrict" => OnDelete::Restrict,
        "set null" => {
            if !nullable {
                errors.at(
                    literal,
                    "this column is never NULL: make the field an `Option`, or write `on_delete = \"cascade\"`",
                );
            }
            OnDelete::SetNull
        }
        _ => {
            errors.at(literal, "write `on_delete = \"cascade\"`, `\"restrict\"` or `\"set null\"`");
            OnDelete::NoAction
        }
    }
}

/// `T` of `Option<T>`, however its path is written. An alias is not seen through; a NULL in such a
/// column still never passes a comparison, which is checked when the value is bound.
fn inside_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let segments: Vec<_> = path.path.segments.iter().collect();
    let (last, leading) = segments.split_last()?;
    let leading: Vec<_> = leading.iter().map(|segment| segment.ident.to_string()).collect();
    let leading: Vec<_> = leading.iter().map(String::as_str).collect();
    if last.ident != "Option" || !matches!(*leading, [] | ["option"] | ["std" | "core", "option"]) {
        return None;
    }
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(inner) if arguments.args.len() == 1 => Some(inner),
            _ => None,
        },
        _ => None,
    }
}
