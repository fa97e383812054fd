use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{Expansion, doc, doc_of, respan};
use crate::model::Column;

impl Expansion<'_> {
    /// `CustomerColumns`: the typed columns for filters, order and selections.
    pub(super) fn columns(&self) -> TokenStream {
        let (allowed, hidden, tenantry, columns) = (self.allowed(), self.hidden(), self.tenantry, &self.columns);
        let (visibility, table) = (&self.model.visibility, &self.model.ident);
        let (query, nullability) = self.query_parameters();
        let about = doc(format!(
            " The columns of `{}` in a query, for filters, order and selections.",
            self.model.table.as_str()
        ));
        let fields = self.model.columns.iter().map(|column| {
            let (ident, visibility) = (&column.ident, &column.visibility);
            let column_type = self.column_type(column);
            let about = doc_of(column, format!("The column `{}`.", column.name.as_str()));
            quote!(#about #visibility #ident: #column_type)
        });
        let name = columns.to_string();
        let values = self.model.columns.iter().map(|column| self.column_value(column));
        quote! {
            #about
            #allowed
            #visibility struct #columns<#query = #table, #nullability = #tenantry::NotNull> {
                #(#fields,)*
                __relation: #hidden::TableIn<#query, #nullability>,
            }

            #allowed
            impl<#query, #nullability> #columns<#query, #nullability> {
                const fn __of(relation: u32) -> Self {
                    Self { #(#values,)* __relation: #hidden::table_in(relation) }
                }
            }

            #allowed
            impl #columns {
                const ALL: Self = Self::__of(0);
            }

            #[automatically_derived]
            impl<#query, #nullability> ::core::clone::Clone for #columns<#query, #nullability> {
                fn clone(&self) -> Self { *self }
            }

            #[automatically_derived]
            impl<#query, #nullability> ::core::marker::Copy for #columns<#query, #nullability> {}

            #[automatically_derived]
            impl<#query, #nullability> ::core::fmt::Debug for #columns<#query, #nullability> {
                fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    formatter.write_str(#name)
                }
            }

            #allowed
            #[automatically_derived]
            impl<#query, #nullability> #tenantry::ColumnsOf<#table, #query> for #columns<#query, #nullability> {
                fn relation(self) -> u32 { self.__relation.relation() }
            }

            #allowed
            #[automatically_derived]
            impl<#query, #nullability: #tenantry::Nullability> #tenantry::Projection<#query> for #columns<#query, #nullability> {
                type Row = #nullability::Field<#table>;

                fn append_to(self, list: &mut #hidden::Expressions) { self.__relation.append_to::<#table>(list) }
                fn decode(row: &mut #hidden::Row<'_>) -> ::core::result::Result<Self::Row, #tenantry::Error> {
                    #nullability::take_table::<#table>(row)
                }
            }
        }
    }

    /// Names for the parameters of the columns: their query, and whether the table is left-joined.
    pub(super) fn query_parameters(&self) -> (Ident, Ident) {
        (self.free_name("Q"), self.free_name("N"))
    }

    /// `email: Column::new("\"email\"", &const { Codec::<String>::new() })`
    fn column_value(&self, column: &Column) -> TokenStream {
        let hidden = self.hidden();
        let (ident, name, value) = (&column.ident, column.name.quoted(), &column.value_type);
        // The one place where the field's type is judged: an error points at it.
        // The type keeps its own tokens, or the compiler would report a misspelt one twice.
        let (open, close) = (respan(quote!(#hidden::Codec::<), value), respan(quote!(>::new()), value));
        quote!(#ident: #hidden::column(#name, &const { #open #value #close }, relation))
    }

    /// `<CustomerColumns>::ALL`
    pub(super) fn all_columns(&self) -> TokenStream {
        let columns = &self.columns;
        quote!(<#columns>::ALL)
    }

    /// `Column<Q, String, N>`
    fn column_type(&self, column: &Column) -> TokenStream {
        let (tenantry, value) = (self.tenantry, &column.value_type);
        let (query, nullability) = self.query_parameters();
        match column.nullable {
            true => quote!(#tenantry::Column<#query, #value, #tenantry::Nullable>),
            false => quote!(#tenantry::Column<#query, #value, #nullability>),
        }
    }
}
