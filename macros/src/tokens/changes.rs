use proc_macro2::TokenStream;
use quote::quote;

use super::{Expansion, doc, doc_of};

impl Expansion<'_> {
    /// `CustomerChanges`: a partial update. It has no field for the tenant, nor for the key.
    pub(super) fn changes(&self) -> TokenStream {
        let (allowed, hidden, changes) = (self.allowed(), self.hidden(), &self.changes);
        let (visibility, tenantry) = (&self.model.visibility, self.tenantry);
        let about = doc(format!(
            " Changes to rows of `{}`: only the columns that are set are written.\n\n \
             A column that can be NULL is set to it by `Some(None)`, or by giving its method `None`.",
            self.model.table.as_str()
        ));
        let idents: Vec<_> = self.model.changeable().map(|column| &column.ident).collect();
        let fields = self.model.changeable().map(|column| {
            let (ident, visibility, field_type) = (&column.ident, &column.visibility, &column.field_type);
            let about = doc_of(column, format!("The new value of `{}`.", column.name.as_str()));
            quote!(#about #visibility #ident: ::core::option::Option<#field_type>)
        });
        // A setter of this name would hide `Default::default`; the field itself can be set.
        let settable = self.model.changeable().filter(|column| column.ident != "default");
        let setters = settable.map(|column| {
            let (ident, visibility, field_type) = (&column.ident, &column.visibility, &column.field_type);
            let about = doc(format!(" Sets `{}`.", column.name.as_str()));
            quote! {
                #about
                #[must_use]
                #visibility fn #ident(mut self, #ident: impl #tenantry::IntoValue<#field_type>) -> Self {
                    self.#ident = ::core::option::Option::Some(#tenantry::IntoValue::into_value(#ident));
                    self
                }
            }
        });
        let debug = self.debug(changes);
        let columns = self.all_columns();
        let assignments = idents.iter().map(|ident| quote!(assignments.set(#columns.#ident, self.#ident);));
        quote! {
            #about
            #allowed
            #visibility struct #changes { #(#fields,)* }

            #allowed
            impl #changes { #(#setters)* }

            #[automatically_derived]
            impl ::core::default::Default for #changes {
                fn default() -> Self { Self { #(#idents: ::core::option::Option::None,)* } }
            }

            #allowed
            #[automatically_derived]
            impl #hidden::Changes for #changes {
                fn assignments(self, assignments: &mut #hidden::Assignments) { #(#assignments)* }
            }

            #debug
        }
    }
}
