use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt;

use super::{Expansion, doc, doc_with_sql};
use crate::model::{Column, Isolation};
use crate::statements::ByKey;

impl Expansion<'_> {
    /// `CustomerRepository<S>`, and `Customer::repository()`, which makes it.
    pub(super) fn repository(&self) -> TokenStream {
        let (allowed, hidden, repository) = (self.allowed(), self.hidden(), &self.repository);
        let (visibility, table, tenantry) = (&self.model.visibility, &self.model.ident, self.tenantry);
        let name = self.model.table.as_str();
        let about = doc(match &self.model.isolation {
            Isolation::Schema { .. } => format!(" The rows of `{name}`, which each tenant has in its own schema."),
            Isolation::Row { column, .. } => {
                format!(" The rows of `{name}`, which belong to tenants by the column `{}`.", column.as_str())
            }
            Isolation::Shared { .. } => format!(" The rows of `{name}`, which are the same for all tenants."),
        });
        let about_repository = doc(match &self.model.isolation {
            Isolation::Shared { .. } => {
                format!(" The repository of `{name}`: it reads; writes need `for_shared_writes()`.")
            }
            _ => format!(" The repository of `{name}`. It makes statements once it has a tenant: see `for_tenant`."),
        });
        let scopes = self.scopes();
        let scope = self.free_name("S");
        let methods = [self.queries(), self.by_key(), self.by_unique(), self.writes()];
        quote! {
            #about
            #allowed
            #visibility struct #repository<#scope = #tenantry::Unscoped> {
                repository: #hidden::Repository<#table, #scope>,
            }

            #allowed
            impl #table {
                #about_repository
                #[must_use]
                #visibility const fn repository() -> #repository {
                    #repository { repository: #hidden::Repository::unscoped() }
                }
            }

            #allowed
            impl #repository { #scopes }

            #allowed
            impl<#scope> #repository<#scope> { #(#methods)* }

            #[automatically_derived]
            impl<#scope: ::core::clone::Clone> ::core::clone::Clone for #repository<#scope> {
                fn clone(&self) -> Self { Self { repository: ::core::clone::Clone::clone(&self.repository) } }
            }

            #[automatically_derived]
            impl<#scope: ::core::fmt::Debug> ::core::fmt::Debug for #repository<#scope> {
                fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    ::core::fmt::Debug::fmt(&self.repository, formatter)
                }
            }
        }
    }

    /// From `Unscoped` on.
    fn scopes(&self) -> TokenStream {
        let (repository, visibility, table, tenantry) =
            (&self.repository, &self.model.visibility, &self.model.ident, self.tenantry);
        let (name, key) = (self.model.table.as_str(), self.free_name("K"));
        match &self.model.isolation {
            Isolation::Shared { .. } => {
                let for_tenant = doc(format!(" The rows of `{name}` as a tenant reads them: the same for all."));
                let for_writes =
                    doc(format!(" The repository that may write `{name}`. **Every tenant sees the change.**"));
                quote! {
                    #for_tenant
                    #[must_use]
                    #visibility fn for_tenant<#key: #tenantry::TenantKey>(&self, _: &#tenantry::TenantId<#key>) -> Self {
                        ::core::clone::Clone::clone(self)
                    }

                    #for_writes
                    #[must_use]
                    #visibility const fn for_shared_writes(&self) -> #repository<#tenantry::SharedWrites> {
                        #repository { repository: self.repository.for_shared_writes() }
                    }
                }
            }
            Isolation::Schema { .. } | Isolation::Row { .. } if self.model.any_tenant => quote! {
                #visibility fn for_tenant<#key>(&self, _: &#tenantry::TenantId<#key>) -> #repository<#tenantry::TenantId<<#table as #tenantry::TenantTable>::TenantKey>> {
                    loop {}
                }
            },
            Isolation::Schema { .. } | Isolation::Row { .. } => {
                let about = doc(format!(" The rows of `{name}` that belong to this tenant, and no others."));
                quote! {
                    #about
                    #[must_use]
                    #visibility fn for_tenant<#key>(&self, tenant: &#tenantry::TenantId<#key>) -> #repository<#tenantry::TenantId<<#table as #tenantry::TenantTable>::TenantKey>>
                    where
                        #key: #tenantry::TenantKeyOf<#table>,
                    {
                        #repository { repository: self.repository.for_tenant(tenant) }
                    }
                }
            }
        }
    }

    fn reads(&self) -> TokenStream {
        let (scope, table, tenantry) = (self.free_name("S"), &self.model.ident, self.tenantry);
        match self.model.isolation {
            Isolation::Shared { .. } => quote!(where #scope: #tenantry::Scope<#table>),
            _ => quote!(where #scope: #tenantry::TenantScope<#table>),
        }
    }

    fn writes_scope(&self) -> TokenStream {
        let (scope, table, tenantry) = (self.free_name("S"), &self.model.ident, self.tenantry);
        match self.model.isolation {
            Isolation::Shared { .. } => quote!(where #scope: #tenantry::SharedWriteScope<#table>),
            _ => quote!(where #scope: #tenantry::TenantScope<#table>),
        }
    }

    fn queries(&self) -> TokenStream {
        let (visibility, table, tenantry, columns) =
            (&self.model.visibility, &self.model.ident, self.tenantry, &self.columns);
        let scope = self.reads();
        let all = self.sql_of_all();
        let tenant = &self.statements.tenant;
        let filtered = match tenant.is_empty() {
            true => format!("{all} WHERE (..)"),
            false => format!("{all} AND (..)"),
        };
        let about_all = doc_with_sql("All rows, to be filtered, ordered and paged.", &all);
        let about_filter = doc_with_sql("The rows for which a condition is true.", filtered);
        quote! {
            #about_all
            #visibility fn all(&self) -> #tenantry::Select<#table> #scope {
                self.repository.all()
            }

            #about_filter
            #visibility fn filter(
                &self,
                condition: impl ::core::ops::FnOnce(#columns) -> #tenantry::Filter<#table>,
            ) -> #tenantry::Select<#table> #scope {
                self.repository.filter(condition)
            }
        }
    }

    fn sql_of_all(&self) -> String {
        let select = self.statements.select.readable();
        match self.statements.tenant.as_str() {
            "" => select,
            tenant => format!("{select} WHERE {tenant}"),
        }
    }

    fn by_key(&self) -> TokenStream {
        let Some(by_key) = &self.statements.by_key else { return TokenStream::new() };
        let (visibility, table, tenantry) = (&self.model.visibility, &self.model.ident, self.tenantry);
        let scope = self.reads();
        let key: Vec<_> = self.model.key().collect();
        let (arguments, values) = self.key_arguments(&key);
        let about = doc_with_sql("The row with this primary key.", by_key.find.text.readable());
        let find_many = self.find_many(by_key, &key);
        quote! {
            #about
            #visibility fn find(&self, #arguments) -> #tenantry::Statement<#table> #scope {
                self.repository.select_by_key(#values)
            }

            #find_many
        }
    }

    fn find_many(&self, by_key: &ByKey, key: &[&Column]) -> TokenStream {
        let (visibility, table, tenantry) = (&self.model.visibility, &self.model.ident, self.tenantry);
        let scope = self.reads();
        let columns = self.all_columns();
        match (&by_key.find_many, key) {
            (Some(statement), [column]) => {
                let about = doc_with_sql("The rows with these primary keys.", statement.text.readable());
                let (ident, value) = (&column.ident, &column.value_type);
                let query = self.query(statement);
                quote! {
                    #about
                    #visibility fn find_many(
                        &self,
                        keys: impl ::core::iter::IntoIterator<Item = impl #tenantry::IntoValue<#value>>,
                    ) -> #tenantry::Statement<#table> #scope {
                        self.repository.select_by(#query, [#columns.#ident.compared_with_any(keys)])
                    }
                }
            }
            _ => {
                let condition = format!("({}) IN ((..), ..)", by_key.columns.join(", "));
                let all = self.sql_of_all();
                let joined = if self.statements.tenant.is_empty() { "WHERE" } else { "AND" };
                let about = doc_with_sql("The rows with these primary keys.", format!("{all} {joined} {condition}"));
                let types = key.iter().map(|column| &column.value_type);
                let names: Vec<_> = key.iter().map(|column| &column.ident).collect();
                quote! {
                    #about
                    #visibility fn find_many(
                        &self,
                        keys: impl ::core::iter::IntoIterator<Item = (#(#types,)*)>,
                    ) -> #tenantry::Statement<#table> #scope {
                        let keys = ::core::iter::IntoIterator::into_iter(keys);
                        let keys = ::core::iter::Iterator::map(keys, |(#(#names,)*)| [#(#columns.#names.compared(#names)),*]);
                        self.repository.select_by_keys(::core::iter::Iterator::collect(keys))
                    }
                }
            }
        }
    }

    fn by_unique(&self) -> TokenStream {
        let (visibility, table, tenantry) = (&self.model.visibility, &self.model.ident, self.tenantry);
        let scope = self.reads();
        let keys = self.model.unique_keys.iter().zip(&self.statements.by_unique);
        keys.map(|(key, statement)| {
            let method = format_ident!("find_by_{}", key.name.unraw());
            let columns: Vec<_> = self.model.columns_of(key).collect();
            let (arguments, values) = self.key_arguments(&columns);
            let about = doc_with_sql("The row with these values of a unique key.", statement.text.readable());
            let query = self.query(statement);
            quote! {
                #about
                #visibility fn #method(&self, #arguments) -> #tenantry::Statement<#table> #scope {
                    self.repository.select_by(#query, #values)
                }
            }
        })
        .collect()
    }

    fn writes(&self) -> TokenStream {
        let (visibility, table, tenantry) = (&self.model.visibility, &self.model.ident, self.tenantry);
        let (new, changes) = (&self.new, &self.changes);
        let scope = self.writes_scope();
        let statements = &self.statements;
        let returning = &statements.returning;
        let about_insert = doc_with_sql(
            "Inserts a row, and brings it back where a verb asks for it.",
            format!("{}{returning}", statements.insert_one.text.readable()),
        );
        let about_insert_many = doc_with_sql(
            "Inserts rows, all or none, and brings them back where a verb asks for them.",
            format!("{}(..), (..){returning}", statements.insert.readable()),
        );
        let condition = match statements.tenant.as_str() {
            "" => "(..)".to_owned(),
            tenant => format!("{tenant} AND (..)"),
        };
        let about_update = doc_with_sql(
            "Updates rows: go on with `.filter(..)`, or `.all_rows()`.",
            format!("{}.. WHERE {condition}{returning}", statements.update.readable()),
        );
        let about_delete = doc_with_sql(
            "Deletes rows: go on with `.filter(..)`, or `.all_rows()`.",
            format!("{} WHERE {condition}{returning}", statements.delete.readable()),
        );
        let by_key = statements.by_key.as_ref().map(|by_key| self.writes_by_key(by_key));
        quote! {
            #about_insert
            #visibility fn insert(&self, new: #new) -> #tenantry::Statement<#table> #scope {
                self.repository.insert(new)
            }

            #about_insert_many
            #visibility fn insert_many(
                &self,
                news: impl ::core::iter::IntoIterator<Item = #new>,
            ) -> #tenantry::Statement<#table> #scope {
                self.repository.insert_many(news)
            }

            #about_update
            #visibility fn update_many(&self, changes: #changes) -> #tenantry::ChangeMany<#table> #scope {
                self.repository.update_many(changes)
            }

            #about_delete
            #visibility fn delete_many(&self) -> #tenantry::ChangeMany<#table> #scope {
                self.repository.delete_many()
            }

            #by_key
        }
    }

    fn writes_by_key(&self, by_key: &ByKey) -> TokenStream {
        let (visibility, table, tenantry, changes) =
            (&self.model.visibility, &self.model.ident, self.tenantry, &self.changes);
        let scope = self.writes_scope();
        let key: Vec<_> = self.model.key().collect();
        let (arguments, values) = self.key_arguments(&key);
        let new_values = if key.iter().any(|column| column.ident == "changes") { "new_values" } else { "changes" };
        let new_values = Ident::new(new_values, Span::call_site());
        let returning = &self.statements.returning;
        let key_condition = by_key.columns.iter().map(|column| format!("{column} = ..")).collect::<Vec<_>>();
        let tenant = Some(self.statements.tenant.clone()).filter(|tenant| !tenant.is_empty());
        let condition = tenant.into_iter().chain(key_condition).collect::<Vec<_>>().join(" AND ");
        let about_update = doc_with_sql(
            "Updates the row with this primary key: only the columns that the changes set.",
            format!("{}.. WHERE {condition}{returning}", self.statements.update.readable()),
        );
        let about_delete = doc_with_sql(
            "Deletes the row with this primary key, and brings it back where a verb asks for it.",
            format!("{}{returning}", by_key.delete.text.readable()),
        );
        quote! {
            #about_update
            #visibility fn update(&self, #arguments, #new_values: #changes) -> #tenantry::Statement<#table> #scope {
                self.repository.update_by_key(#values, #new_values)
            }

            #about_delete
            #visibility fn delete(&self, #arguments) -> #tenantry::Statement<#table> #scope {
                self.repository.delete_by_key(#values)
            }
        }
    }

    /// `id: impl IntoValue<i64>`, and `[columns.id.compared(id)]`.
    fn key_arguments(&self, columns: &[&Column]) -> (TokenStream, TokenStream) {
        let (tenantry, all) = (self.tenantry, self.all_columns());
        let idents: Vec<&Ident> = columns.iter().map(|column| &column.ident).collect();
        let types = columns.iter().map(|column| &column.value_type);
        (quote!(#(#idents: impl #tenantry::IntoValue<#types>),*), quote!([#(#all.#idents.compared(#idents)),*]))
    }
}
