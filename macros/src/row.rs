//! The selection of a struct that is no table: `#[derive(TenantRow)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, FieldsNamed, Path, parse_quote};

use crate::attributes::RowAttributes;
use crate::errors::Errors;

pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let krate = RowAttributes::read(&input.attrs, &mut errors).krate.unwrap_or_else(|| parse_quote!(::tenantry));
    let mut tokens = match fields(input, &mut errors) {
        Some(fields) => selection(input, fields, &krate),
        None => TokenStream::new(),
    };
    tokens.extend(errors.into_compile_errors());
    tokens
}

fn fields<'i>(input: &'i DeriveInput, errors: &mut Errors) -> Option<&'i FieldsNamed> {
    let Data::Struct(data) = &input.data else {
        errors.at(&input.ident, "a row is read as a struct with named fields");
        return None;
    };
    let Fields::Named(fields) = &data.fields else {
        errors.at(&input.ident, "a row is read as a struct with named fields: each is an expression of the query");
        return None;
    };
    if !input.generics.params.is_empty() {
        errors.at(&input.generics, "the struct of a row cannot be generic: its fields have one type each");
        return None;
    }
    if fields.named.is_empty() {
        errors.at(&input.ident, "a row needs at least one field");
        return None;
    }
    Some(fields)
}

fn selection(input: &DeriveInput, fields: &FieldsNamed, krate: &Path) -> TokenStream {
    let (ident, visibility) = (&input.ident, &input.vis);
    let selection = format_ident!("{}Selection", ident.unraw());
    let idents: Vec<_> = fields.named.iter().filter_map(|field| field.ident.as_ref()).collect();
    let visibilities = fields.named.iter().map(|field| &field.vis);
    let types: Vec<_> = fields.named.iter().map(|field| &field.ty).collect();
    let parameters: Vec<_> = (0..idents.len()).map(|position| format_ident!("E{position}")).collect();
    let about = format!(" What a query selects to be read as [`{}`].", ident.unraw());
    let abouts = idents.iter().map(|ident| format!(" Gives the field `{}`.", ident.unraw()));
    let name = selection.to_string();
    let hidden = quote!(#krate::__);
    quote! {
        #[doc = #about]
        #[allow(deprecated, dead_code, clippy::all, clippy::pedantic)]
        #visibility struct #selection<#(#parameters),*> {
            #(
                #[doc = #abouts]
                #visibilities #idents: #parameters,
            )*
        }

        #[allow(deprecated, dead_code, clippy::all, clippy::pedantic)]
        #[automatically_derived]
        impl<Query, #(#parameters: #krate::Gives<Query, #types>),*> #krate::Projection<Query> for #selection<#(#parameters),*> {
            type Row = #ident;

            fn append_to(self, list: &mut #hidden::Expressions) {
                #(#krate::Gives::<Query, #types>::append_to(self.#idents, list);)*
            }

            fn decode(row: &mut #hidden::Row<'_>) -> ::core::result::Result<#ident, #krate::Error> {
                ::core::result::Result::Ok(#ident {
                    #(#idents: <#parameters as #krate::Gives<Query, #types>>::decode(row)?,)*
                })
            }
        }

        #[automatically_derived]
        impl<#(#parameters),*> ::core::fmt::Debug for #selection<#(#parameters),*> {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(#name)
            }
        }
    }
}
