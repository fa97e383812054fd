use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt;

use super::{Expansion, doc, doc_with_sql};
use crate::model::{Column, Isolation};
use crate::statements::{ByKey, counted};

impl Expansion<'_> {
    /// `CustomerRepository<S>`, and `Customer::repository()`, which makes it.
    pub(super) fn repository(&self) -> TokenStream {
        let (allowed, hidden, repository) = (self.allowed(), self.hidden(), &self.repository);
        let (visibility, table, tenantry) = (&self.model.visibility, &self.model.ident, self.tenantry);
        let name = self.model.table.as_str();
        let about = doc(match &self.model.isolation {
            Isolation::Schema { logical: None, .. } => {
                format!(" The rows of `{name}`, which each tenant has in its own schema.")
            }
            Isolation::Schema { logical: Some(logical), .. } => {
                format!(" The rows of `{name}`, which each tenant has in its schema `{}`.", logical.name.as_str())
            }
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
        let (scopes, across) = (self.scopes(), self.across());
        let scope = self.free_name("S");
        let methods = [self.queries(), self.by_key(), self.by_unique(), self.related(), self.writes(), self.copies()];
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
            impl #repository { #scopes #across }

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

    /// The reads of many tenants' rows, by a right of their own.
    fn across(&self) -> TokenStream {
        let (visibility, table, tenantry) = (&self.model.visibility, &self.model.ident, self.tenantry);
        let (key, tenant_key) = (self.free_name("K"), quote!(<#table as #tenantry::TenantTable>::TenantKey));
        let all = self.sql_of_scope(&self.statements.scope_of("tenant.key"));
        let (sentence, across_all) = match &self.model.isolation {
            Isolation::Shared { .. } => return TokenStream::new(),
            Isolation::Schema { .. } => {
                ("Reads the rows of each of these tenants, each with its tenant, by a statement for each.", None)
            }
            Isolation::Row { .. } => {
                let about = doc_with_sql(
                    "Reads the rows of every tenant that has any, each with its tenant, by one statement for all. For each:",
                    &all,
                );
                let across_all = quote! {
                    #about
                    #visibility fn across_all(&self, access: &#tenantry::AcrossTenants) -> #tenantry::Across<#tenant_key, #table> {
                        self.repository.of_all_tenants(access)
                    }
                };
                (
                    "Reads the rows of each of these tenants, each with its tenant, by one statement for all. For each:",
                    Some(across_all),
                )
            }
        };
        let about = doc_with_sql(sentence, &all);
        let (of_the_table, body) = match self.model.any_tenant {
            true => (None, quote!(loop {})),
            false => {
                (Some(quote!(#tenantry::TenantKeyOf<#table> +)), quote!(self.repository.of_tenants(access, tenants)))
            }
        };
        quote! {
            #about
            #visibility fn across<'t, #key: #of_the_table 't>(
                &self,
                access: &#tenantry::AcrossTenants,
                tenants: impl ::core::iter::IntoIterator<Item = &'t #tenantry::TenantId<#key>>,
            ) -> #tenantry::Across<#tenant_key, #table> {
                #body
            }

            #across_all
        }
    }

    pub(super) fn reads(&self) -> TokenStream {
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
        let filtered = format!("{all} {} (..)", self.joined());
        let about_all = doc_with_sql("All rows, to be filtered, ordered and paged.", &all);
        let about_filter = doc_with_sql("The rows for which a condition is true.", filtered);
        quote! {
            #about_all
            #visibility fn all(&self) -> #tenantry::Select<#table> #scope {
                self.repository.all()
            }

            /// The column of a field, by the field's name: for an order or a filter that is chosen while the program runs.
            #[must_use]
            #visibility fn column(&self, field: &str) -> ::core::option::Option<#tenantry::AnyColumn<#table>> {
                self.repository.column(field)
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
        self.sql_of_scope(&self.statements.scope())
    }

    fn sql_of_scope(&self, scope: &[String]) -> String {
        let select = self.statements.select.readable();
        match scope.join(" AND ").as_str() {
            "" => select,
            scope => format!("{select} WHERE {scope}"),
        }
    }

    /// The word before a further condition.
    fn joined(&self) -> &'static str {
        if self.statements.scope().is_empty() { "WHERE" } else { "AND" }
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
            #visibility fn find(&self, #arguments) -> #tenantry::Find<#table> #scope {
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
                let joined = self.joined();
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
                #visibility fn #method(&self, #arguments) -> #tenantry::Find<#table> #scope {
                    self.repository.select_one_by(#query, #values)
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
            format!("{}{returning}", statements.insert_many.text.readable()),
        );
        let condition = self.with_scope(["(..)".to_owned()]);
        let about_insert_from = doc_with_sql(
            "Inserts into the columns what a query in this scope selects, given as a closure: `|orders: Select<Order, _, _>| ..`.",
            format!("INSERT INTO {} (..) SELECT ..{returning}", statements.relation.readable()),
        );
        let (columns, other) = (&self.columns, self.free_name("U"));
        let (targets, query) = (self.free_name("C"), self.free_name("Q"));
        let about_update = doc_with_sql(
            "Updates rows: go on with `.filter(..)`, or `.all_rows()`.",
            format!("{} WHERE {condition}{returning}", self.update_head()),
        );
        let about_delete = doc_with_sql(
            "Deletes rows: go on with `.filter(..)`, or `.all_rows()`.",
            format!("{} WHERE {condition}{returning}", self.delete_head()),
        );
        let by_key = statements.by_key.as_ref().map(|by_key| self.writes_by_key(by_key));
        quote! {
            #about_insert
            #visibility fn insert(&self, new: #new) -> #tenantry::Insert<#table> #scope {
                self.repository.insert(new)
            }

            #about_insert_many
            #visibility fn insert_many(
                &self,
                news: impl ::core::iter::IntoIterator<Item = #new>,
            ) -> #tenantry::Insert<#table> #scope {
                self.repository.insert_many(news)
            }

            #about_insert_from
            #visibility fn insert_from<#other, #targets, #query>(
                &self,
                columns: impl ::core::ops::FnOnce(#columns) -> #targets,
                rows: impl ::core::ops::FnOnce(#tenantry::Select<#other, #other, #tenantry::ToInsert>) -> #tenantry::Select<#query, #targets::Row, #tenantry::ToInsert>,
            ) -> #tenantry::InsertFrom<#table>
            #scope,
                #other: #tenantry::Table + #tenantry::Beside<#table>,
                #targets: #tenantry::Targets<#table>,
                #query: #tenantry::Source,
            {
                self.repository.insert_from(columns, rows)
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

    fn copies(&self) -> TokenStream {
        let (visibility, table, tenantry, new) = (&self.model.visibility, &self.model.ident, self.tenantry, &self.new);
        let (source, kind) = (self.free_name("R"), self.free_name("K"));
        let (reads, writes) = (self.reads(), self.writes_scope());
        let statements = &self.statements;
        let tenant = Some(&statements.tenant).filter(|column| !column.is_empty());
        let columns: Vec<_> = tenant.into_iter().chain(&statements.inserted).map(String::as_str).collect();
        let about_in = doc_with_sql(
            "Copies rows of an iterator or a stream into the table, all or none: the fastest way for many.",
            format!("COPY {} ({}) FROM STDIN (FORMAT binary)", statements.relation.readable(), columns.join(", ")),
        );
        let select = statements.select.readable();
        let rows = tenant.map_or(select.clone(), |column| format!("{select} WHERE {column} = '..'"));
        let about_out = doc_with_sql(
            "Copies all rows out of the table: the lightest way for many.",
            format!("COPY ({rows}) TO STDOUT (FORMAT binary)"),
        );
        quote! {
            #about_in
            #visibility fn copy_in<#source, #kind>(&self, rows: #source) -> #tenantry::CopyIn<#table, #source::Rows>
            #writes,
                #source: #tenantry::RowSource<#new, #kind>,
            {
                self.repository.copy_in(rows)
            }

            #about_out
            #visibility fn copy_out(&self) -> #tenantry::CopyOut<#table> #reads {
                self.repository.copy_out()
            }
        }
    }

    fn writes_by_key(&self, by_key: &ByKey) -> TokenStream {
        let (visibility, table, tenantry, changes) =
            (&self.model.visibility, &self.model.ident, self.tenantry, &self.changes);
        let scope = self.writes_scope();
        let key: Vec<_> = self.model.key().collect();
        let (arguments, values) = self.key_arguments(&key);
        let new_values = self.free_argument("changes", &key);
        let returning = &self.statements.returning;
        let key_condition = by_key.columns.iter().map(|column| format!("{column} = ..")).collect::<Vec<_>>();
        let version = self.model.version();
        let of_version = version.map(|column| format!("{} = ..", column.name.quoted()));
        let condition = self.with_scope(key_condition.into_iter().chain(of_version));
        let sentence = match version {
            None => "Updates the row with this primary key: only the columns that the changes set.",
            Some(_) => {
                "Updates the row with this primary key, if it still has this version: only the columns that the changes \
                 set. Otherwise the error's `is_version_conflict()` is true."
            }
        };
        let about_update = doc_with_sql(sentence, format!("{} WHERE {condition}{returning}", self.update_head()));
        let about_delete = doc_with_sql(
            "Deletes the row with this primary key, and brings it back where a verb asks for it.",
            format!("{}{returning}", by_key.delete.text.readable()),
        );
        let update = match version {
            None => quote! {
                #about_update
                #visibility fn update(&self, #arguments, #new_values: #changes) -> #tenantry::ChangeChosen<#table> #scope {
                    self.repository.update_by_key(#values, #new_values)
                }
            },
            Some(column) => {
                let (value, columns) = (&column.value_type, self.all_columns());
                let (ident, version) = (&column.ident, self.free_argument("version", &key));
                quote! {
                    #about_update
                    #visibility fn update(
                        &self,
                        #arguments,
                        #new_values: #changes,
                        #version: impl #tenantry::IntoValue<#value>,
                    ) -> #tenantry::ChangeChosen<#table> #scope {
                        self.repository.update_version(#values, #new_values, #columns.#ident.compared(#version))
                    }
                }
            }
        };
        let soft = self.model.soft_delete().map(|_| self.soft_deletes(&key));
        quote! {
            #update

            #soft

            #about_delete
            #visibility fn delete(&self, #arguments) -> #tenantry::Statement<#table> #scope {
                self.repository.delete_by_key(#values)
            }
        }
    }

    /// What only tables with soft deletion have.
    fn soft_deletes(&self, key: &[&Column]) -> TokenStream {
        let (visibility, table, tenantry) = (&self.model.visibility, &self.model.ident, self.tenantry);
        let scope = self.writes_scope();
        let (arguments, values) = self.key_arguments(key);
        let statements = &self.statements;
        let key_condition = key.iter().map(|column| format!("{} = ..", column.name.quoted()));
        let tenant = Some(format!("{} = $1", statements.tenant)).filter(|_| !statements.tenant.is_empty());
        let condition = tenant.clone().into_iter().chain(key_condition).collect::<Vec<_>>().join(" AND ");
        let purged = tenant.into_iter().chain(["(..)".to_owned()]).collect::<Vec<_>>().join(" AND ");
        let (relation, returning) = (statements.relation.readable(), &statements.returning);
        let about_restore = doc_with_sql(
            "Takes the deletion of the row with this primary key back.",
            format!(
                "UPDATE {relation} SET {} = NULL{} WHERE {condition}{returning}",
                statements.deleted,
                counted(self.model)
            ),
        );
        let about_purge = doc_with_sql(
            "Removes rows for good, whether they were deleted or not: go on with `.filter(..)`, or `.all_rows()`.",
            format!("DELETE FROM {relation} WHERE {purged}{returning}"),
        );
        quote! {
            #about_restore
            #visibility fn restore(&self, #arguments) -> #tenantry::ChangeChosen<#table> #scope {
                self.repository.restore_by_key(#values)
            }

            #about_purge
            #visibility fn purge_many(&self) -> #tenantry::ChangeMany<#table> #scope {
                self.repository.purge_rows()
            }
        }
    }

    /// `UPDATE table SET ..`
    fn update_head(&self) -> String {
        format!("UPDATE {} SET ..", self.statements.relation.readable())
    }

    /// `DELETE FROM table`, or what stands for it where rows are deleted softly.
    fn delete_head(&self) -> String {
        let relation = self.statements.relation.readable();
        match self.statements.deleted.as_str() {
            "" => format!("DELETE FROM {relation}"),
            deleted => format!("UPDATE {relation} SET {deleted} = now(){}", counted(self.model)),
        }
    }

    /// Conditions after those of the scope.
    fn with_scope(&self, conditions: impl IntoIterator<Item = String>) -> String {
        self.statements.scope().into_iter().chain(conditions).collect::<Vec<_>>().join(" AND ")
    }

    /// A name for an argument that no column of the key has.
    fn free_argument(&self, wanted: &str, key: &[&Column]) -> Ident {
        let mut name = wanted.to_owned();
        while key.iter().any(|column| column.ident == name) {
            name.insert_str(0, "new_");
        }
        Ident::new(&name, Span::call_site())
    }

    /// `id: impl IntoValue<i64>`, and `[columns.id.compared(id)]`.
    fn key_arguments(&self, columns: &[&Column]) -> (TokenStream, TokenStream) {
        let (tenantry, all) = (self.tenantry, self.all_columns());
        let idents: Vec<&Ident> = columns.iter().map(|column| &column.ident).collect();
        let types = columns.iter().map(|column| &column.value_type);
        (quote!(#(#idents: impl #tenantry::IntoValue<#types>),*), quote!([#(#all.#idents.compared(#idents)),*]))
    }
}
