use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::{Expansion, option, respan};
use crate::model::{Isolation, LogicalSchema};
use crate::statements::{Statement, Statements, Text};

impl Expansion<'_> {
    /// What the runtime knows of the table: its columns, its texts, and how a row is read.
    pub(super) fn table(&self) -> TokenStream {
        let (allowed, hidden, tenantry) = (self.allowed(), self.hidden(), self.tenantry);
        let table = &self.model.ident;
        let (columns, new, changes) = (&self.columns, &self.new, &self.changes);
        let idents: Vec<_> = self.model.columns.iter().map(|column| &column.ident).collect();
        let positions = 0..idents.len();
        let sql = self.sql();
        let (query, nullability) = self.query_parameters();
        let (isolation, definition) = (self.isolation(), self.definition());
        quote! {
            #allowed
            #[automatically_derived]
            impl #tenantry::Table for #table {
                type Columns<#query, #nullability: #tenantry::Nullability> = #columns<#query, #nullability>;
                type New = #new;
                type Changes = #changes;
                type Isolation = #isolation;

                fn columns<#query, #nullability: #tenantry::Nullability>(relation: u32) -> #columns<#query, #nullability> {
                    #columns::__of(relation)
                }

                const SQL: &'static #hidden::TableSql<Self> = &const { #hidden::table_sql(#sql) };

                const DEFINITION: &'static #tenantry::TableDefinition = #definition;

                fn decode(row: &#hidden::Row<'_>) -> ::core::result::Result<Self, #tenantry::Error> {
                    ::core::result::Result::Ok(Self {
                        #(#idents: <#columns>::ALL.#idents.decode(row, #positions)?,)*
                    })
                }

                fn only_the_derive_implements_this(_: #hidden::Derived) {}
            }
        }
        .into_iter()
        .chain(self.keyed())
        .chain(self.isolated())
        .chain(self.schema_of_tenants())
        .chain(self.key_for_references())
        .chain(quote!(#allowed const _: () = { #hidden::register!(#table); };))
        .collect()
    }

    fn sql(&self) -> TokenStream {
        let hidden = self.hidden();
        let statements = &self.statements;
        let Statements { tenant, version, deleted, columns, inserted, primary_key, returning, .. } = statements;
        let name = self.model.table.as_str();
        let fields = self.model.columns.iter().map(|column| column.ident.unraw().to_string());
        let [relation, select, insert, insert_into, insert_one] = [
            &statements.relation,
            &statements.select,
            &statements.insert,
            &statements.insert_into,
            &statements.insert_one.text,
        ]
        .map(fragments);
        let logical_schema = option(self.logical_schema().map(|logical| logical.name.as_str()));
        let setting = option(self.model.rls.as_deref());
        quote! {
            #hidden::TableTexts {
                table: #name,
                tenant: #tenant,
                setting: #setting,
                logical_schema: #logical_schema,
                deleted: #deleted,
                version: #version,
                fields: &[#(#fields),*],
                columns: &[#(#columns),*],
                inserted: &[#(#inserted),*],
                primary_key: &[#(#primary_key),*],
                relation: #relation,
                select: #select,
                insert: #insert,
                insert_into: #insert_into,
                insert_one: #insert_one,
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
            Isolation::Schema { tenant, .. } | Isolation::Row { tenant, .. } => quote! {
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

    fn logical_schema(&self) -> Option<&LogicalSchema> {
        match &self.model.isolation {
            Isolation::Schema { logical, .. } => logical.as_ref(),
            Isolation::Row { .. } | Isolation::Shared { .. } => None,
        }
    }

    /// The one place where it is asked whether the tenants have such a schema: an error points at its name.
    fn schema_of_tenants(&self) -> TokenStream {
        let (allowed, hidden, table) = (self.allowed(), self.hidden(), &self.model.ident);
        let Some(LogicalSchema { name, literal }) = self.logical_schema() else { return TokenStream::new() };
        let name = name.as_str();
        let check = respan(quote!(#hidden::check_logical_schema::<#table>(#name)), literal);
        quote!(#allowed const _: () = #check;)
    }

    /// Rows of other tables refer to a key of one column.
    fn key_for_references(&self) -> TokenStream {
        let (allowed, tenantry, table) = (self.allowed(), self.tenantry, &self.model.ident);
        let mut key = self.model.key();
        let (Some(column), None) = (key.next(), key.next()) else { return TokenStream::new() };
        let (ident, value, name) = (&column.ident, &column.value_type, column.name.quoted());
        if column.nullable {
            // A mistake that is reported.
            return TokenStream::new();
        }
        let isolation = self.isolation();
        // Everybody's rows can refer to those that all share.
        let (parameters, isolation) = match self.model.isolation {
            Isolation::Shared { .. } => {
                let any = self.free_name("I");
                (quote!(<#any>), quote!(#any))
            }
            _ => (TokenStream::new(), isolation),
        };
        quote! {
            #allowed
            #[automatically_derived]
            impl #parameters #tenantry::KeyFor<#isolation, #value> for #table {
                const KEY: &'static str = #name;

                fn key(&self) -> &#value { &self.#ident }
            }
        }
    }

    /// `ByRow<Uuid>`
    fn isolation(&self) -> TokenStream {
        let tenantry = self.tenantry;
        match &self.model.isolation {
            Isolation::Schema { tenant, .. } => quote!(#tenantry::BySchema<#tenant>),
            Isolation::Row { tenant, .. } => quote!(#tenantry::ByRow<#tenant>),
            Isolation::Shared { .. } => quote!(#tenantry::Shared),
        }
    }
}

fn fragments(text: &Text) -> TokenStream {
    let fragments = text.fragments();
    quote!(&[#(#fragments),*])
}
