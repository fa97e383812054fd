//! A table as the attributes describe it, checked: every rule that spans more than one key is here.

use quote::format_ident;
use syn::ext::IdentExt;
use syn::{
    Attribute, Data, DeriveInput, Fields, GenericArgument, Ident, Path, PathArguments, Type, Visibility, parse_quote,
};

use crate::attributes::{FieldAttributes, TableAttributes};
use crate::errors::Errors;
use crate::names::{Name, snake_case};

pub(crate) struct Model {
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) table: Name,
    pub(crate) isolation: Isolation,
    pub(crate) columns: Vec<Column>,
    pub(crate) unique_keys: Vec<UniqueKey>,
    pub(crate) krate: Path,
    /// The type of the tenants' keys is lost in a mistake that is reported: any tenant has to do.
    pub(crate) any_tenant: bool,
}

/// How the rows of tenants are kept apart.
pub(crate) enum Isolation {
    /// A table per tenant, in the tenant's schema.
    Schema { tenant: Type },
    /// One table with a tenant column.
    Row { schema: Name, column: Name, tenant: Type },
    /// The same rows for all.
    Shared { schema: Name },
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
    pub(crate) references: Option<Type>,
    pub(crate) docs: Vec<Attribute>,
}

pub(crate) struct UniqueKey {
    /// `find_by_` goes before it.
    pub(crate) name: Ident,
    /// Positions in [`Model::columns`].
    pub(crate) columns: Vec<usize>,
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
        let (columns, unique_keys) = read_columns(&fields.named, errors);
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
            krate,
            any_tenant,
        };
        model.check_key(&attributes, errors);
        model.check_names(errors);
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
    let mistaken = attributes.meant("tenant_column") || attributes.meant("shared");
    if let Some((word, _)) = schema
        && !mistaken
    {
        let message = "this table is isolated by schema, so each tenant's own schema holds it: leave `schema` out, \
                       or add `shared` or `tenant_column(..)`";
        errors.at(word, message);
    }
    let tenant = attributes.tenant.as_ref().map(|(_, tenant)| tenant.clone());
    Isolation::Schema { tenant: tenant.unwrap_or_else(|| parse_quote!(#krate::Slug)) }
}

fn read_columns<'f>(
    fields: impl IntoIterator<Item = &'f syn::Field>,
    errors: &mut Errors,
) -> (Vec<Column>, Vec<UniqueKey>) {
    let mut columns = Vec::new();
    let mut unique_keys: Vec<UniqueKey> = Vec::new();
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let attributes = FieldAttributes::read(&field.attrs, errors);
        let column = read_column(field, ident, &attributes, errors);
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
            let position = columns.len();
            let named = unique.name.is_some();
            match unique_keys.iter_mut().find(|key| key.name == name) {
                Some(key) if key.named && named => key.columns.push(position),
                Some(_) => {
                    errors
                        .at(&unique.word, format!("there is a unique key `{name}` already: name this one differently"));
                }
                None => unique_keys.push(UniqueKey { name, columns: vec![position], named }),
            }
        }
        columns.push(column);
    }
    (columns, unique_keys)
}

fn read_column(field: &syn::Field, ident: &Ident, attributes: &FieldAttributes, errors: &mut Errors) -> Column {
    let name = match &attributes.column {
        Some(literal) => Name::from_literal(literal, "the column's name", errors),
        None => Name::from_ident(ident, "the column's name", errors),
    };
    let inner = inside_option(&field.ty);
    if let Some(generated) = &attributes.generated {
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
    Column {
        ident: ident.clone(),
        visibility: field.vis.clone(),
        name,
        field_type: field.ty.clone(),
        value_type: inner.unwrap_or(&field.ty).clone(),
        nullable: inner.is_some(),
        primary_key: attributes.primary_key.is_some(),
        generated: attributes.generated.is_some(),
        default: attributes.default.is_some(),
        references: attributes.references.as_ref().map(|(_, table)| table.clone()),
        docs: field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect(),
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
