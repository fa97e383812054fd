use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::{Expansion, doc, respan};
use crate::model::{Column, Reference};

impl Expansion<'_> {
    /// What each reference gives: the relation, from both sides.
    pub(super) fn relations(&self) -> TokenStream {
        let references = self.model.columns.iter().filter_map(|column| Some((column, column.reference.as_ref()?)));
        references.map(|(column, reference)| self.relation(column, reference)).collect()
    }

    /// The repository's methods by relation: what belongs to one row, as a statement.
    pub(super) fn related(&self) -> TokenStream {
        let references = self.model.columns.iter().filter_map(|column| Some((column, column.reference.as_ref()?)));
        references.map(|(column, reference)| self.related_by(column, reference)).collect()
    }

    fn related_by(&self, column: &Column, reference: &Reference) -> TokenStream {
        let (tenantry, visibility, table) = (self.tenantry, &self.model.visibility, &self.model.ident);
        let Reference { table: parent, relation, .. } = reference;
        let scope = self.reads();
        let name = relation.unraw();
        let (relation_of, of_relation) = (format_ident!("{name}_of"), format_ident!("of_{name}"));
        let (child, column) = (self.model.table.as_str(), column.name.as_str());
        let about = doc(format!(" The `{name}` to which a row of `{child}` refers by `{column}`, in this scope."));
        let about_of = doc(format!(" The rows of `{child}` that refer to this `{name}` by `{column}`."));
        quote! {
            #about
            #visibility fn #relation_of(&self, row: &#table) -> #tenantry::Select<#parent> #scope {
                self.repository.parent_of(<#table>::#relation(), row)
            }

            #about_of
            #visibility fn #of_relation(&self, row: &#parent) -> #tenantry::Select<#table> #scope {
                self.repository.children_of(<#table>::#of_relation(), row)
            }
        }
    }

    fn relation(&self, column: &Column, reference: &Reference) -> TokenStream {
        let (allowed, hidden, tenantry) = (self.allowed(), self.hidden(), self.tenantry);
        let (visibility, table) = (&self.model.visibility, &self.model.ident);
        let Reference { table: parent, relation, .. } = reference;
        let of_relation = format_ident!("of_{}", relation.unraw());
        let (ident, value, columns) = (&column.ident, &column.value_type, self.all_columns());
        let (name, child) = (relation.unraw(), self.model.table.as_str());
        let about = doc(format!(" The `{name}` of each row of `{child}`, by `{}`.", column.name.as_str()));
        let about_of = doc(format!(" The rows of `{child}` of each `{name}`, by `{}`.", column.name.as_str()));
        // The one place where the other table is judged: an error points at it.
        let (open, close) =
            (respan(quote!(#hidden::foreign_key::<), parent), respan(quote!(, #table, #value>), parent));
        let key = match column.nullable {
            true => quote!(|row: &#table| row.#ident.as_ref()),
            false => quote!(|row: &#table| ::core::option::Option::Some(&row.#ident)),
        };
        quote! {
            #allowed
            impl #table {
                #about
                #[must_use]
                #visibility const fn #relation() -> #tenantry::ToOne<#table, #parent> {
                    #hidden::to_one(&const { #open #parent #close(#columns.#ident.name(), #columns.#ident.codec(), #key) })
                }

                #about_of
                #[must_use]
                #visibility const fn #of_relation() -> #tenantry::ToMany<#parent, #table> {
                    <#table>::#relation().reversed()
                }
            }
        }
    }
}
