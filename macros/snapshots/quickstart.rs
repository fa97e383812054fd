// /// Isolated by schema: each tenant has this table in a schema of its own.
// #[tenant_table(name = "customer")]
// struct Customer {
//     #[tenant_table(primary_key, generated)]
//     id: i64,
//     #[tenant_table(unique)]
//     email: String,
//     name: String,
// }

/// The rows of `customer`, which each tenant has in its own schema.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct CustomerRepository<S = ::tenantry::Unscoped> {
    repository: ::tenantry::__::Repository<Customer, S>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl Customer {
    /// The repository of `customer`. It makes statements once it has a tenant: see `for_tenant`.
    #[must_use]
    const fn repository() -> CustomerRepository {
        CustomerRepository {
            repository: ::tenantry::__::Repository::unscoped(),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl CustomerRepository {
    /// The rows of `customer` that belong to this tenant, and no others.
    #[must_use]
    fn for_tenant<K>(
        &self,
        tenant: &::tenantry::TenantId<K>,
    ) -> CustomerRepository<
        ::tenantry::TenantId<<Customer as ::tenantry::TenantTable>::TenantKey>,
    >
    where
        K: ::tenantry::TenantKeyOf<Customer>,
    {
        CustomerRepository {
            repository: self.repository.for_tenant(tenant),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl<S> CustomerRepository<S> {
    /// All rows, to be filtered, ordered and paged.
    ///
    /// ```sql
    /// SELECT "id", "email", "name" FROM "{tenant}"."customer"
    /// ```
    fn all(&self) -> ::tenantry::Select<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.all()
    }
    /// The rows for which a condition is true.
    ///
    /// ```sql
    /// SELECT "id", "email", "name" FROM "{tenant}"."customer" WHERE (..)
    /// ```
    fn filter(
        &self,
        condition: impl ::core::ops::FnOnce(
            CustomerColumns,
        ) -> ::tenantry::Filter<Customer>,
    ) -> ::tenantry::Select<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.filter(condition)
    }
    /// The row with this primary key.
    ///
    /// ```sql
    /// SELECT "id", "email", "name" FROM "{tenant}"."customer" WHERE "id" = $1
    /// ```
    fn find(
        &self,
        id: impl ::tenantry::IntoValue<i64>,
    ) -> ::tenantry::Statement<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.select_by_key([CustomerColumns::ALL.id.compared(id)])
    }
    /// The rows with these primary keys.
    ///
    /// ```sql
    /// SELECT "id", "email", "name" FROM "{tenant}"."customer" WHERE "id" = ANY($1)
    /// ```
    fn find_many(
        &self,
        keys: impl ::core::iter::IntoIterator<Item = impl ::tenantry::IntoValue<i64>>,
    ) -> ::tenantry::Statement<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository
            .select_by(
                &const {
                    ::tenantry::__::query(
                        &[
                            "SELECT \"id\", \"email\", \"name\" FROM ",
                            ".\"customer\" WHERE \"id\" = ANY($1)",
                        ],
                    )
                },
                [CustomerColumns::ALL.id.compared_with_any(keys)],
            )
    }
    /// The row with these values of a unique key.
    ///
    /// ```sql
    /// SELECT "id", "email", "name" FROM "{tenant}"."customer" WHERE "email" = $1
    /// ```
    fn find_by_email(
        &self,
        email: impl ::tenantry::IntoValue<String>,
    ) -> ::tenantry::Statement<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository
            .select_by(
                &const {
                    ::tenantry::__::query(
                        &[
                            "SELECT \"id\", \"email\", \"name\" FROM ",
                            ".\"customer\" WHERE \"email\" = $1",
                        ],
                    )
                },
                [CustomerColumns::ALL.email.compared(email)],
            )
    }
    /// Inserts a row, and brings it back where a verb asks for it.
    ///
    /// ```sql
    /// INSERT INTO "{tenant}"."customer" ("email", "name") VALUES ($1, $2) RETURNING "id", "email", "name"
    /// ```
    fn insert(&self, new: NewCustomer) -> ::tenantry::Statement<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.insert(new)
    }
    /// Inserts rows, all or none, and brings them back where a verb asks for them.
    ///
    /// ```sql
    /// INSERT INTO "{tenant}"."customer" ("email", "name") VALUES (..), (..) RETURNING "id", "email", "name"
    /// ```
    fn insert_many(
        &self,
        news: impl ::core::iter::IntoIterator<Item = NewCustomer>,
    ) -> ::tenantry::Statement<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.insert_many(news)
    }
    /// Updates rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// UPDATE "{tenant}"."customer" SET .. WHERE (..) RETURNING "id", "email", "name"
    /// ```
    fn update_many(&self, changes: CustomerChanges) -> ::tenantry::ChangeMany<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.update_many(changes)
    }
    /// Deletes rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// DELETE FROM "{tenant}"."customer" WHERE (..) RETURNING "id", "email", "name"
    /// ```
    fn delete_many(&self) -> ::tenantry::ChangeMany<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.delete_many()
    }
    /// Updates the row with this primary key: only the columns that the changes set.
    ///
    /// ```sql
    /// UPDATE "{tenant}"."customer" SET .. WHERE "id" = .. RETURNING "id", "email", "name"
    /// ```
    fn update(
        &self,
        id: impl ::tenantry::IntoValue<i64>,
        changes: CustomerChanges,
    ) -> ::tenantry::Statement<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.update_by_key([CustomerColumns::ALL.id.compared(id)], changes)
    }
    /// Deletes the row with this primary key, and brings it back where a verb asks for it.
    ///
    /// ```sql
    /// DELETE FROM "{tenant}"."customer" WHERE "id" = $1 RETURNING "id", "email", "name"
    /// ```
    fn delete(
        &self,
        id: impl ::tenantry::IntoValue<i64>,
    ) -> ::tenantry::Statement<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.delete_by_key([CustomerColumns::ALL.id.compared(id)])
    }
}
#[automatically_derived]
impl<S: ::core::clone::Clone> ::core::clone::Clone for CustomerRepository<S> {
    fn clone(&self) -> Self {
        Self {
            repository: ::core::clone::Clone::clone(&self.repository),
        }
    }
}
#[automatically_derived]
impl<S: ::core::fmt::Debug> ::core::fmt::Debug for CustomerRepository<S> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.repository, formatter)
    }
}
/// The columns of `customer`, for filters and order.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct CustomerColumns {
    /// The column `id`.
    id: ::tenantry::Column<Customer, i64>,
    /// The column `email`.
    email: ::tenantry::Column<Customer, String>,
    /// The column `name`.
    name: ::tenantry::Column<Customer, String>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl CustomerColumns {
    const ALL: Self = Self {
        id: ::tenantry::__::column(
            "\"id\"",
            &const { ::tenantry::__::Codec::<i64>::new() },
        ),
        email: ::tenantry::__::column(
            "\"email\"",
            &const { ::tenantry::__::Codec::<String>::new() },
        ),
        name: ::tenantry::__::column(
            "\"name\"",
            &const { ::tenantry::__::Codec::<String>::new() },
        ),
    };
}
#[automatically_derived]
impl ::core::clone::Clone for CustomerColumns {
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl ::core::marker::Copy for CustomerColumns {}
#[automatically_derived]
impl ::core::fmt::Debug for CustomerColumns {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("CustomerColumns")
    }
}
/// A row to insert into `customer`. The scope of the repository says whose it is.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct NewCustomer {
    /// The value of `email`.
    email: String,
    /// The value of `name`.
    name: String,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::__::NewRow for NewCustomer {
    fn values(self, values: &mut ::tenantry::__::NewValues) {
        values.push(CustomerColumns::ALL.email, self.email);
        values.push(CustomerColumns::ALL.name, self.name);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for NewCustomer {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("NewCustomer")
    }
}
/// Changes to rows of `customer`: only the columns that are set are written.
///
/// A column that can be NULL is set to it by `Some(None)`, or by giving its method `None`.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct CustomerChanges {
    /// The new value of `email`.
    email: ::core::option::Option<String>,
    /// The new value of `name`.
    name: ::core::option::Option<String>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl CustomerChanges {
    /// Sets `email`.
    #[must_use]
    fn email(mut self, email: impl ::tenantry::IntoValue<String>) -> Self {
        self.email = ::core::option::Option::Some(
            ::tenantry::IntoValue::into_value(email),
        );
        self
    }
    /// Sets `name`.
    #[must_use]
    fn name(mut self, name: impl ::tenantry::IntoValue<String>) -> Self {
        self.name = ::core::option::Option::Some(
            ::tenantry::IntoValue::into_value(name),
        );
        self
    }
}
#[automatically_derived]
impl ::core::default::Default for CustomerChanges {
    fn default() -> Self {
        Self {
            email: ::core::option::Option::None,
            name: ::core::option::Option::None,
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::__::Changes for CustomerChanges {
    fn assignments(self, assignments: &mut ::tenantry::__::Assignments) {
        assignments.set(CustomerColumns::ALL.email, self.email);
        assignments.set(CustomerColumns::ALL.name, self.name);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for CustomerChanges {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("CustomerChanges")
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::Table for Customer {
    type Columns = CustomerColumns;
    type New = NewCustomer;
    type Changes = CustomerChanges;
    const COLUMNS: CustomerColumns = CustomerColumns::ALL;
    const SQL: &'static ::tenantry::__::TableSql<Self> = &const {
        ::tenantry::__::table_sql(::tenantry::__::TableTexts {
            table: "customer",
            tenant: "",
            select: &["SELECT \"id\", \"email\", \"name\" FROM ", ".\"customer\""],
            count: &["SELECT count(*) FROM ", ".\"customer\""],
            exists: &["SELECT EXISTS (SELECT 1 FROM ", ".\"customer\""],
            insert: &["INSERT INTO ", ".\"customer\" (\"email\", \"name\") VALUES "],
            insert_one: &[
                "INSERT INTO ",
                ".\"customer\" (\"email\", \"name\") VALUES ($1, $2)",
            ],
            update: &["UPDATE ", ".\"customer\" SET "],
            delete: &["DELETE FROM ", ".\"customer\""],
            returning: " RETURNING \"id\", \"email\", \"name\"",
        })
    };
    fn decode(
        row: &::tenantry::__::Row<'_>,
    ) -> ::core::result::Result<Self, ::tenantry::Error> {
        ::core::result::Result::Ok(Self {
            id: CustomerColumns::ALL.id.decode(row, 0usize)?,
            email: CustomerColumns::ALL.email.decode(row, 1usize)?,
            name: CustomerColumns::ALL.name.decode(row, 2usize)?,
        })
    }
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::KeyedTable for Customer {
    const BY_KEY: &'static ::tenantry::__::KeySql<Self> = &const {
        ::tenantry::__::key_sql(
            &["\"id\""],
            &[
                "SELECT \"id\", \"email\", \"name\" FROM ",
                ".\"customer\" WHERE \"id\" = $1",
            ],
            &["DELETE FROM ", ".\"customer\" WHERE \"id\" = $1"],
            " RETURNING \"id\", \"email\", \"name\"",
        )
    };
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::TenantTable for Customer {
    type TenantKey = ::tenantry::Slug;
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::TenantKeyOf<Customer> for ::tenantry::Slug {
    fn only_the_derive_implements_this(
        tenant: &::tenantry::TenantId<Self>,
        _: ::tenantry::__::Derived,
    ) -> &::tenantry::TenantId<Self> {
        tenant
    }
}
