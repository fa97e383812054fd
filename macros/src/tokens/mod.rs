//! What the derive writes: data, and methods of one line. Nothing here decides anything.

mod changes;
mod columns;
mod definition;
mod key;
mod new;
mod relations;
mod repository;
mod table;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Ident, Path};

use crate::model::{Column, Model};
use crate::statements::Statements;

/// What every part of the expansion needs.
struct Expansion<'m> {
    model: &'m Model,
    statements: Statements,
    /// Path of the runtime crate.
    tenantry: &'m Path,
    repository: Ident,
    columns: Ident,
    new: Ident,
    changes: Ident,
    key: Ident,
}

pub(crate) fn expand(model: &Model) -> TokenStream {
    let ident = model.ident.unraw();
    let expansion = Expansion {
        model,
        statements: Statements::new(model),
        tenantry: &model.krate,
        repository: format_ident!("{ident}Repository"),
        columns: format_ident!("{ident}Columns"),
        new: format_ident!("New{ident}"),
        changes: format_ident!("{ident}Changes"),
        key: format_ident!("{ident}Key"),
    };
    let parts = [
        expansion.repository(),
        expansion.columns(),
        expansion.new_row(),
        expansion.changes(),
        expansion.key(),
        expansion.table(),
        expansion.relations(),
    ];
    parts.into_iter().collect()
}

impl Expansion<'_> {
    /// Goes before each item: the hidden parts of the runtime are deprecated for everybody else, and a
    /// repository may have more methods than its application calls.
    fn allowed(&self) -> TokenStream {
        quote!(#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)])
    }

    /// A name for a generic parameter that no type of the user's in this struct has.
    fn free_name(&self, wanted: &str) -> Ident {
        let mut name = wanted.to_owned();
        let types = self.model.columns.iter().map(|column| column.field_type.to_token_stream());
        let mut taken = Vec::new();
        idents(types.chain([self.model.ident.to_token_stream()]).collect(), &mut taken);
        while taken.contains(&name) {
            name.push('_');
        }
        Ident::new(&name, Span::call_site())
    }

    /// `Debug` without any value: rows hold what must not reach a log, and fields need no `Debug` for it.
    fn debug(&self, ident: &Ident) -> TokenStream {
        let name = ident.to_string();
        quote! {
            #[automatically_derived]
            impl ::core::fmt::Debug for #ident {
                fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    formatter.write_str(#name)
                }
            }
        }
    }

    /// The hidden part of the runtime.
    fn hidden(&self) -> TokenStream {
        let tenantry = self.tenantry;
        quote!(#tenantry::__)
    }
}

/// All identifiers in the tokens.
fn idents(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => found.push(ident.to_string()),
            TokenTree::Group(group) => idents(group.stream(), found),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// `///` lines.
fn doc(lines: impl AsRef<str>) -> TokenStream {
    lines.as_ref().lines().map(|line| quote!(#[doc = #line])).collect()
}

/// What a statement runs, for a method's documentation.
fn doc_with_sql(sentence: impl AsRef<str>, sql: impl AsRef<str>) -> TokenStream {
    doc(format!(" {}\n\n ```sql\n {}\n ```", sentence.as_ref(), sql.as_ref()))
}

/// The user's documentation of a field, or the column's name.
fn doc_of(column: &Column, otherwise: String) -> TokenStream {
    match &*column.docs {
        [] => doc(format!(" {otherwise}")),
        docs => docs.iter().map(Attribute::to_token_stream).collect(),
    }
}

/// `Some("text")` or `None`.
fn option(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}

/// The tokens with their place taken from others, so that an error points there.
fn respan(tokens: TokenStream, place: impl ToTokens) -> TokenStream {
    let span = place.into_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    tokens
        .into_iter()
        .map(|mut token| {
            token.set_span(span.resolved_at(Span::call_site()));
            token
        })
        .collect()
}
