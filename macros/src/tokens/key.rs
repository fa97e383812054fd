use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Ident;

use super::{Expansion, doc};
use crate::model::Column;

impl Expansion<'_> {
    /// `CustomerKey`: the keys on which a row to insert can be in conflict.
    pub(super) fn key(&self) -> TokenStream {
        let (allowed, hidden, key) = (self.allowed(), self.hidden(), &self.key);
        let (visibility, table, tenantry) = (&self.model.visibility, &self.model.ident, self.tenantry);
        let about = doc(format!(
            " The keys of `{}` on which a row to insert can be in conflict with one that is there.",
            self.model.table.as_str()
        ));
        let (mut variants, mut columns) = (Vec::new(), Vec::new());
        if self.model.gives_key() {
            let variant = Ident::new("PrimaryKey", Span::call_site());
            let of_key: Vec<_> = self.model.key().collect();
            let about = doc(format!(" The primary key, {}.", listed(&of_key)));
            variants.push(quote!(#about #variant));
            columns.push(columns_of(&variant, &of_key));
        }
        for unique in &self.model.unique_keys {
            let Some(variant) = &unique.variant else { continue };
            let of_key: Vec<_> = self.model.columns_of(unique).collect();
            let about = doc(format!(" The unique key of {}.", listed(&of_key)));
            variants.push(quote!(#about #variant));
            columns.push(columns_of(variant, &of_key));
        }
        quote! {
            #about
            #allowed
            #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq, ::core::cmp::Eq)]
            #visibility enum #key { #(#variants,)* }

            #allowed
            #[automatically_derived]
            impl #tenantry::ConflictKey<#table> for #key {
                fn columns(self) -> &'static [&'static str] {
                    match self { #(#columns,)* }
                }

                fn only_the_derive_implements_this(_: #hidden::Derived) {}
            }
        }
    }
}

/// `Self::Email => &["\"email\""]`
fn columns_of(variant: &Ident, columns: &[&Column]) -> TokenStream {
    let names = columns.iter().map(|column| column.name.quoted());
    quote!(Self::#variant => &[#(#names),*])
}

fn listed(columns: &[&Column]) -> String {
    columns.iter().map(|column| format!("`{}`", column.name.as_str())).collect::<Vec<_>>().join(" and ")
}
