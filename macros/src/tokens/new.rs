use proc_macro2::TokenStream;
use quote::quote;

use super::{Expansion, doc, doc_of};

impl Expansion<'_> {
    /// `NewCustomer`: a row to insert. It has no field for the tenant.
    pub(super) fn new_row(&self) -> TokenStream {
        let (allowed, hidden, new) = (self.allowed(), self.hidden(), &self.new);
        let visibility = &self.model.visibility;
        let about = doc(format!(
            " A row to insert into `{}`. The scope of the repository says whose it is.",
            self.model.table.as_str()
        ));
        let fields = self.model.insertable().map(|column| {
            let (ident, visibility, field_type) = (&column.ident, &column.visibility, &column.field_type);
            let about = doc_of(column, format!("The value of `{}`.", column.name.as_str()));
            match column.default {
                true => {
                    let or_default = doc("\n `None` takes the database's default.");
                    quote!(#about #or_default #visibility #ident: ::core::option::Option<#field_type>)
                }
                false => quote!(#about #visibility #ident: #field_type),
            }
        });
        let debug = self.debug(new);
        let columns = self.all_columns();
        let values = self.model.insertable().map(|column| {
            let ident = &column.ident;
            match column.default {
                true => quote!(values.push_or_default(#columns.#ident, self.#ident);),
                false => quote!(values.push(#columns.#ident, self.#ident);),
            }
        });
        // A row whose columns are all the database's to make gives the first one as DEFAULT.
        let first = self.model.columns.first().filter(|_| self.model.insertable().next().is_none());
        let default = first.map(|column| {
            let ident = &column.ident;
            quote!(values.push_or_default(#columns.#ident, ::core::option::Option::None);)
        });
        let optional = self.model.insertable().all(|column| column.default || column.nullable);
        let default_row = optional.then(|| {
            let fields = self.model.insertable().map(|column| &column.ident);
            quote! {
                #[automatically_derived]
                impl ::core::default::Default for #new {
                    fn default() -> Self { Self { #(#fields: ::core::option::Option::None,)* } }
                }
            }
        });
        quote! {
            #about
            #allowed
            #visibility struct #new { #(#fields,)* }

            #allowed
            #[automatically_derived]
            impl #hidden::NewRow for #new {
                fn values(self, values: &mut #hidden::NewValues) {
                    #(#values)*
                    #default
                }
            }

            #default_row

            #debug
        }
    }
}
