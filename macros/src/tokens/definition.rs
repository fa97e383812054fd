use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::{Expansion, option};
use crate::model::{Column, Isolation, Model, OnDelete};

impl Expansion<'_> {
    /// What the struct says of its table, for DDL and for an audit.
    pub(super) fn definition(&self) -> TokenStream {
        let (hidden, model) = (self.hidden(), self.model);
        let (rust, name, comment) = (model.ident.unraw().to_string(), model.table.as_str(), &model.comment);
        let isolation = self.isolation_parts();
        let columns = model.columns.iter().map(|column| self.column_parts(column));
        let primary_key = positions(model, |column| column.primary_key);
        let unique_keys = model.unique_keys.iter().map(|key| {
            let (name, columns) = (key.name.unraw().to_string(), &key.columns);
            quote!(#hidden::KeyParts { name: #name, columns: &[#(#columns),*] })
        });
        let indexes = model.indexes.iter().map(|index| {
            let (name, columns) = (&index.name, &index.columns);
            quote!(#hidden::KeyParts { name: #name, columns: &[#(#columns),*] })
        });
        let checks = &model.checks;
        let setting = option(model.rls.as_deref());
        quote! {
            &const {
                #[allow(unused_imports)]
                use #hidden::NoSqlType as _;
                #hidden::table_definition(#hidden::TableParts {
                    rust: #rust,
                    name: #name,
                    isolation: #isolation,
                    columns: &const { [#(#columns),*] },
                    primary_key: &[#(#primary_key),*],
                    unique_keys: &[#(#unique_keys),*],
                    indexes: &[#(#indexes),*],
                    checks: &[#(#checks),*],
                    setting: #setting,
                    comment: #comment,
                })
            }
        }
    }

    fn isolation_parts(&self) -> TokenStream {
        let (hidden, table) = (self.hidden(), &self.model.ident);
        let tenants = quote!(#hidden::kind_of_tenants::<#table>);
        match &self.model.isolation {
            Isolation::Schema { logical, .. } => {
                let logical = option(logical.as_ref().map(|logical| logical.name.as_str()));
                quote!(#hidden::IsolationParts::Schema { logical: #logical, tenants: #tenants })
            }
            Isolation::Row { schema, column, .. } => {
                let (schema, column) = (schema.as_str(), column.as_str());
                let sql_type = quote!(#hidden::tenant_sql_type::<#table>());
                quote! {
                    #hidden::IsolationParts::Row {
                        schema: #schema,
                        column: #column,
                        sql_type: #sql_type,
                        tenants: #tenants,
                    }
                }
            }
            Isolation::Shared { schema } => {
                let schema = schema.as_str();
                quote!(#hidden::IsolationParts::Shared { schema: #schema })
            }
        }
    }

    fn column_parts(&self, column: &Column) -> TokenStream {
        let (hidden, table, columns) = (self.hidden(), &self.model.ident, self.all_columns());
        let Column { ident, value_type, nullable, .. } = column;
        let (field, name, comment) = (ident.unraw().to_string(), column.name.as_str(), &column.comment);
        let given_type = option(column.sql_type.as_deref());
        let (default, generated) = (option(column.default_sql.as_deref()), option(column.generated_sql.as_deref()));
        let checks = &column.checks;
        let given = match column {
            Column { version: true, .. } => quote!(Version),
            Column { soft_delete: true, .. } => quote!(SoftDelete),
            Column { generated: true, .. } => quote!(Never),
            Column { default: true, .. } => quote!(OrDefault),
            _ => quote!(Always),
        };
        let reference = match &column.reference {
            None => quote!(::core::option::Option::None),
            Some(reference) => {
                let relation = &reference.relation;
                let on_delete = match reference.on_delete {
                    OnDelete::NoAction => quote!(NoAction),
                    OnDelete::Restrict => quote!(Restrict),
                    OnDelete::Cascade => quote!(Cascade),
                    OnDelete::SetNull => quote!(SetNull),
                };
                quote! {
                    ::core::option::Option::Some(
                        || #hidden::reference_parts(<#table>::#relation(), #hidden::OnDelete::#on_delete),
                    )
                }
            }
        };
        quote! {
            #hidden::ColumnParts {
                field: #field,
                name: #name,
                given_type: #given_type,
                sql_type: <#hidden::SqlTypeOf<#value_type>>::SQL_TYPE,
                makes_value: <#hidden::SqlTypeOf<#value_type>>::GENERATED,
                accepts: #columns.#ident.codec().accepts(),
                nullable: #nullable,
                given: #hidden::Given::#given,
                default: #default,
                generated: #generated,
                checks: &[#(#checks),*],
                reference: #reference,
                comment: #comment,
            }
        }
    }
}

fn positions(model: &Model, is_such: impl Fn(&Column) -> bool) -> impl Iterator<Item = usize> {
    model.columns.iter().enumerate().filter(move |(_, column)| is_such(column)).map(|(position, _)| position)
}
