use proc_macro2::TokenStream;
use quote::quote;

use super::{Expansion, respan};
use crate::model::Isolation;
use crate::statements::{Statement, Text};

impl Expansion<'_> {
    /// What the runtime knows of the table: its columns, its texts, and how a row is read.
    pub(super) fn table(&self) -> TokenStream {
        let (allowed, hidden, tenantry) = (self.allowed(), self.hidden(), self.tenantry);
        let table = &self.model.ident;
        let (columns, new, changes) = (&self.columns, &self.new, &self.changes);
        let idents: Vec<_> = self.model.columns.iter().map(|column| &column.ident).collect();
        let positions = 0..idents.len();
        let sql = self.sql();
        quote! {
            #allowed
            #[automatically_derived]
            impl #tenantry::Table for #table {
                type Columns = #columns;
                type New = #new;
                type Changes = #changes;

                const COLUMNS: #columns = #columns::ALL;
                const SQL: &'static #hidden::TableSql<Self> = &const { #hidden::table_sql(#sql) };

                fn decode(row: &#hidden::Row<'_>) -> ::core::result::Result<Self, #tenantry::Error> {
                    ::core::result::Result::Ok(Self {
                        #(#idents: #columns::ALL.#idents.decode(row, #positions)?,)*
                    })
                }

                fn only_the_derive_implements_this(_: #hidden::Derived) {}
            }
        }
        .into_iter()
        .chain(self.keyed())
        .chain(self.isolated())
        .chain(self.references())
        .collect()
    }

    fn sql(&self) -> TokenStream {
        let hidden = self.hidden();
        let statements = &self.statements;
        let (name, tenant, returning) = (self.model.table.as_str(), &statements.tenant, &statements.returning);
        let [select, count, exists, insert, insert_one, update, delete] = [
            &statements.select,
            &statements.count,
            &statements.exists,
            &statements.insert,
            &statements.insert_one.text,
            &statements.update,
            &statements.delete,
        ]
        .map(fragments);
        quote! {
            #hidden::TableTexts {
                table: #name,
                tenant: #tenant,
                select: #select,
                count: #count,
                exists: #exists,
                insert: #insert,
                insert_one: #insert_one,
                update: #update,
                delete: #delete,
                returning: #returning,
            }
        }
    }

    /// A query whose text is fixed.
    pub(super) fn query(&self, statement: &Statement) -> TokenStream {
        let (hidden, fragments) = (self.hidden(), fragments(&statement.text));
        quote!(&const { #hidden::query(#fragments) })
    }

    fn keyed(&self) -> TokenStream {
        let (allowed, hidden, tenantry, table) = (self.allowed(), self.hidden(), self.tenantry, &self.model.ident);
        let Some(by_key) = &self.statements.by_key else { return TokenStream::new() };
        let columns = &by_key.columns;
        let (find, delete) = (fragments(&by_key.find.text), fragments(&by_key.delete.text));
        let returning = &by_key.delete.returning;
        quote! {
            #allowed
            #[automatically_derived]
            impl #tenantry::KeyedTable for #table {
                const BY_KEY: &'static #hidden::KeySql<Self> =
                    &const { #hidden::key_sql(&[#(#columns),*], #find, #delete, #returning) };

                fn only_the_derive_implements_this(_: #hidden::Derived) {}
            }
        }
    }

    /// Whose the rows are.
    fn isolated(&self) -> TokenStream {
        let (allowed, hidden, tenantry, table) = (self.allowed(), self.hidden(), self.tenantry, &self.model.ident);
        match &self.model.isolation {
            Isolation::Shared { .. } => quote! {
                #allowed
                #[automatically_derived]
                impl #tenantry::SharedTable for #table {
                    fn only_the_derive_implements_this(_: #hidden::Derived) {}
                }
            },
            Isolation::Schema { tenant } | Isolation::Row { tenant, .. } => quote! {
                #allowed
                #[automatically_derived]
                impl #tenantry::TenantTable for #table {
                    type TenantKey = #tenant;

                    fn only_the_derive_implements_this(_: #hidden::Derived) {}
                }

                #allowed
                #[automatically_derived]
                impl #tenantry::TenantKeyOf<#table> for #tenant {
                    fn only_the_derive_implements_this(tenant: &#tenantry::TenantId<Self>, _: #hidden::Derived) -> &#tenantry::TenantId<Self> {
                        tenant
                    }
                }
            },
        }
    }

    /// Each reference names a table.
    fn references(&self) -> TokenStream {
        let tenantry = self.tenantry;
        let references = self.model.columns.iter().filter_map(|column| column.references.as_ref());
        references
            .map(|table| {
                let (open, close) = (respan(quote!(is_a_table::<), table), respan(quote!(>()), table));
                quote! {
                    const _: () = {
                        const fn is_a_table<T: #tenantry::Table>() {}
                        #open #table #close
                    };
                }
            })
            .collect()
    }
}

fn fragments(text: &Text) -> TokenStream {
    let fragments = text.fragments();
    quote!(&[#(#fragments),*])
}
