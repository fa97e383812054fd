use proc_macro2::TokenStream;
use quote::quote;

use super::{Expansion, doc, doc_of, respan};
use crate::model::Column;

impl Expansion<'_> {
    /// `CustomerColumns`: the typed columns for filters and order.
    pub(super) fn columns(&self) -> TokenStream {
        let (allowed, columns) = (self.allowed(), &self.columns);
        let visibility = &self.model.visibility;
        let about = doc(format!(" The columns of `{}`, for filters and order.", self.model.table.as_str()));
        let fields = self.model.columns.iter().map(|column| {
            let (ident, visibility) = (&column.ident, &column.visibility);
            let column_type = self.column_type(column);
            let about = doc_of(column, format!("The column `{}`.", column.name.as_str()));
            quote!(#about #visibility #ident: #column_type)
        });
        let debug = self.debug(columns);
        let values = self.model.columns.iter().map(|column| self.column_value(column));
        quote! {
            #about
            #allowed
            #visibility struct #columns { #(#fields,)* }

            #allowed
            impl #columns {
                const ALL: Self = Self { #(#values,)* };
            }

            #[automatically_derived]
            impl ::core::clone::Clone for #columns {
                fn clone(&self) -> Self { *self }
            }

            #[automatically_derived]
            impl ::core::marker::Copy for #columns {}

            #debug
        }
    }

    /// `email: Column::new("\"email\"", &const { Codec::<String>::new() })`
    fn column_value(&self, column: &Column) -> TokenStream {
        let hidden = self.hidden();
        let (ident, name, value) = (&column.ident, column.name.quoted(), &column.value_type);
        // The one place where the field's type is judged: an error points at it.
        // The type keeps its own tokens, or the compiler would report a misspelt one twice.
        let (open, close) = (respan(quote!(#hidden::Codec::<), value), respan(quote!(>::new()), value));
        quote!(#ident: #hidden::column(#name, &const { #open #value #close }))
    }

    /// `CustomerColumns::ALL`
    pub(super) fn all_columns(&self) -> TokenStream {
        let columns = &self.columns;
        quote!(#columns::ALL)
    }

    /// `Column<Customer, String>`
    pub(super) fn column_type(&self, column: &Column) -> TokenStream {
        let (tenantry, table, value) = (self.tenantry, &self.model.ident, &column.value_type);
        let nullable = column.nullable.then(|| quote!(, #tenantry::Nullable));
        quote!(#tenantry::Column<#table, #value #nullable>)
    }
}
