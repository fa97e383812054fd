// /// A customer of a tenant.
// #[tenant_table(name = "customer")]
// pub struct Customer {
//     #[tenant_table(primary_key, generated)]
//     pub id: i64,
//     /// Where invoices go.
//     #[tenant_table(unique)]
//     pub email: String,
//     pub name: String,
//     pub phone: Option<String>,
// }

/// The rows of `customer`, which each tenant has in its own schema.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub struct CustomerRepository<S = ::tenantry::Unscoped> {
    repository: ::tenantry::__::Repository<Customer, S>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl Customer {
    /// The repository of `customer`. It makes statements once it has a tenant: see `for_tenant`.
    #[must_use]
    pub const fn repository() -> CustomerRepository {
        CustomerRepository {
            repository: ::tenantry::__::Repository::unscoped(),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl CustomerRepository {
    /// The rows of `customer` that belong to this tenant, and no others.
    #[must_use]
    pub fn for_tenant<K>(
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
    /// Reads the rows of each of these tenants, each with its tenant, by a statement for each.
    ///
    /// ```sql
    /// SELECT "id", "email", "name", "phone" FROM "{tenant}"."customer"
    /// ```
    pub fn across<'t, K: ::tenantry::TenantKeyOf<Customer> + 't>(
        &self,
        access: &::tenantry::AcrossTenants,
        tenants: impl ::core::iter::IntoIterator<Item = &'t ::tenantry::TenantId<K>>,
    ) -> ::tenantry::Across<<Customer as ::tenantry::TenantTable>::TenantKey, Customer> {
        self.repository.of_tenants(access, tenants)
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl<S> CustomerRepository<S> {
    /// All rows, to be filtered, ordered and paged.
    ///
    /// ```sql
    /// SELECT "id", "email", "name", "phone" FROM "{tenant}"."customer"
    /// ```
    pub fn all(&self) -> ::tenantry::Select<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.all()
    }
    /// The column of a field, by the field's name: for an order or a filter that is chosen while the program runs.
    #[must_use]
    pub fn column(
        &self,
        field: &str,
    ) -> ::core::option::Option<::tenantry::AnyColumn<Customer>> {
        self.repository.column(field)
    }
    /// The rows for which a condition is true.
    ///
    /// ```sql
    /// SELECT "id", "email", "name", "phone" FROM "{tenant}"."customer" WHERE (..)
    /// ```
    pub fn filter(
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
    /// SELECT "id", "email", "name", "phone" FROM "{tenant}"."customer" WHERE "id" = $1
    /// ```
    pub fn find(&self, id: impl ::tenantry::IntoValue<i64>) -> ::tenantry::Find<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.select_by_key([<CustomerColumns>::ALL.id.compared(id)])
    }
    /// The rows with these primary keys.
    ///
    /// ```sql
    /// SELECT "id", "email", "name", "phone" FROM "{tenant}"."customer" WHERE "id" = ANY($1)
    /// ```
    pub fn find_many(
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
                            "SELECT \"id\", \"email\", \"name\", \"phone\" FROM ",
                            ".\"customer\" WHERE \"id\" = ANY($1)",
                        ],
                    )
                },
                [<CustomerColumns>::ALL.id.compared_with_any(keys)],
            )
    }
    /// The row with these values of a unique key.
    ///
    /// ```sql
    /// SELECT "id", "email", "name", "phone" FROM "{tenant}"."customer" WHERE "email" = $1
    /// ```
    pub fn find_by_email(
        &self,
        email: impl ::tenantry::IntoValue<String>,
    ) -> ::tenantry::Find<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository
            .select_one_by(
                &const {
                    ::tenantry::__::query(
                        &[
                            "SELECT \"id\", \"email\", \"name\", \"phone\" FROM ",
                            ".\"customer\" WHERE \"email\" = $1",
                        ],
                    )
                },
                [<CustomerColumns>::ALL.email.compared(email)],
            )
    }
    /// Inserts a row, and brings it back where a verb asks for it.
    ///
    /// ```sql
    /// INSERT INTO "{tenant}"."customer" ("email", "name", "phone") VALUES ($1, $2, $3) RETURNING "id", "email", "name", "phone"
    /// ```
    pub fn insert(&self, new: NewCustomer) -> ::tenantry::Insert<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.insert(new)
    }
    /// Inserts rows, all or none, and brings them back where a verb asks for them.
    ///
    /// ```sql
    /// INSERT INTO "{tenant}"."customer" ("email", "name", "phone") SELECT pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3) RETURNING "id", "email", "name", "phone"
    /// ```
    pub fn insert_many(
        &self,
        news: impl ::core::iter::IntoIterator<Item = NewCustomer>,
    ) -> ::tenantry::Insert<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.insert_many(news)
    }
    /// Inserts into the columns what a query in this scope selects, given as a closure: `|orders: Select<Order, _, _>| ..`.
    ///
    /// ```sql
    /// INSERT INTO "{tenant}"."customer" (..) SELECT .. RETURNING "id", "email", "name", "phone"
    /// ```
    pub fn insert_from<U, C, Q>(
        &self,
        columns: impl ::core::ops::FnOnce(CustomerColumns) -> C,
        rows: impl ::core::ops::FnOnce(
            ::tenantry::Select<U, U, ::tenantry::ToInsert>,
        ) -> ::tenantry::Select<Q, C::Row, ::tenantry::ToInsert>,
    ) -> ::tenantry::InsertFrom<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
        U: ::tenantry::Table + ::tenantry::Beside<Customer>,
        C: ::tenantry::Targets<Customer>,
        Q: ::tenantry::Source,
    {
        self.repository.insert_from(columns, rows)
    }
    /// Updates rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// UPDATE "{tenant}"."customer" SET .. WHERE (..) RETURNING "id", "email", "name", "phone"
    /// ```
    pub fn update_many(
        &self,
        changes: CustomerChanges,
    ) -> ::tenantry::ChangeMany<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.update_many(changes)
    }
    /// Deletes rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// DELETE FROM "{tenant}"."customer" WHERE (..) RETURNING "id", "email", "name", "phone"
    /// ```
    pub fn delete_many(&self) -> ::tenantry::ChangeMany<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.delete_many()
    }
    /// Updates the row with this primary key: only the columns that the changes set.
    ///
    /// ```sql
    /// UPDATE "{tenant}"."customer" SET .. WHERE "id" = .. RETURNING "id", "email", "name", "phone"
    /// ```
    pub fn update(
        &self,
        id: impl ::tenantry::IntoValue<i64>,
        changes: CustomerChanges,
    ) -> ::tenantry::ChangeChosen<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.update_by_key([<CustomerColumns>::ALL.id.compared(id)], changes)
    }
    /// Deletes the row with this primary key, and brings it back where a verb asks for it.
    ///
    /// ```sql
    /// DELETE FROM "{tenant}"."customer" WHERE "id" = $1 RETURNING "id", "email", "name", "phone"
    /// ```
    pub fn delete(
        &self,
        id: impl ::tenantry::IntoValue<i64>,
    ) -> ::tenantry::Statement<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.delete_by_key([<CustomerColumns>::ALL.id.compared(id)])
    }
    /// Copies rows of an iterator or a stream into the table, all or none: the fastest way for many.
    ///
    /// ```sql
    /// COPY "{tenant}"."customer" ("email", "name", "phone") FROM STDIN (FORMAT binary)
    /// ```
    pub fn copy_in<R, K>(&self, rows: R) -> ::tenantry::CopyIn<Customer, R::Rows>
    where
        S: ::tenantry::TenantScope<Customer>,
        R: ::tenantry::RowSource<NewCustomer, K>,
    {
        self.repository.copy_in(rows)
    }
    /// Copies all rows out of the table: the lightest way for many.
    ///
    /// ```sql
    /// COPY (SELECT "id", "email", "name", "phone" FROM "{tenant}"."customer") TO STDOUT (FORMAT binary)
    /// ```
    pub fn copy_out(&self) -> ::tenantry::CopyOut<Customer>
    where
        S: ::tenantry::TenantScope<Customer>,
    {
        self.repository.copy_out()
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
/// The columns of `customer` in a query, for filters, order and selections.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub struct CustomerColumns<Q = Customer, N = ::tenantry::NotNull> {
    /// The column `id`.
    pub id: ::tenantry::Column<Q, i64, N>,
    /// Where invoices go.
    pub email: ::tenantry::Column<Q, String, N>,
    /// The column `name`.
    pub name: ::tenantry::Column<Q, String, N>,
    /// The column `phone`.
    pub phone: ::tenantry::Column<Q, String, ::tenantry::Nullable>,
    __relation: ::tenantry::__::TableIn<Q, N>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl<Q, N> CustomerColumns<Q, N> {
    const fn __of(relation: u32) -> Self {
        Self {
            id: ::tenantry::__::column(
                "\"id\"",
                &const { ::tenantry::__::Codec::<i64>::new() },
                relation,
            ),
            email: ::tenantry::__::column(
                "\"email\"",
                &const { ::tenantry::__::Codec::<String>::new() },
                relation,
            ),
            name: ::tenantry::__::column(
                "\"name\"",
                &const { ::tenantry::__::Codec::<String>::new() },
                relation,
            ),
            phone: ::tenantry::__::column(
                "\"phone\"",
                &const { ::tenantry::__::Codec::<String>::new() },
                relation,
            ),
            __relation: ::tenantry::__::table_in(relation),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl CustomerColumns {
    const ALL: Self = Self::__of(0);
}
#[automatically_derived]
impl<Q, N> ::core::clone::Clone for CustomerColumns<Q, N> {
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl<Q, N> ::core::marker::Copy for CustomerColumns<Q, N> {}
#[automatically_derived]
impl<Q, N> ::core::fmt::Debug for CustomerColumns<Q, N> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("CustomerColumns")
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl<Q, N> ::tenantry::ColumnsOf<Customer, Q> for CustomerColumns<Q, N> {
    fn relation(self) -> u32 {
        self.__relation.relation()
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl<Q, N: ::tenantry::Nullability> ::tenantry::Projection<Q> for CustomerColumns<Q, N> {
    type Row = N::Field<Customer>;
    fn append_to(self, list: &mut ::tenantry::__::Expressions) {
        self.__relation.append_to::<Customer>(list)
    }
    fn decode(
        row: &mut ::tenantry::__::Row<'_>,
    ) -> ::core::result::Result<Self::Row, ::tenantry::Error> {
        N::take_table::<Customer>(row)
    }
}
/// A row to insert into `customer`. The scope of the repository says whose it is.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub struct NewCustomer {
    /// Where invoices go.
    pub email: String,
    /// The value of `name`.
    pub name: String,
    /// The value of `phone`.
    pub phone: Option<String>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::__::NewRow for NewCustomer {
    fn values(self, values: &mut ::tenantry::__::NewValues) {
        values.push(<CustomerColumns>::ALL.email, self.email);
        values.push(<CustomerColumns>::ALL.name, self.name);
        values.push(<CustomerColumns>::ALL.phone, self.phone);
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
pub struct CustomerChanges {
    /// Where invoices go.
    pub email: ::core::option::Option<String>,
    /// The new value of `name`.
    pub name: ::core::option::Option<String>,
    /// The new value of `phone`.
    pub phone: ::core::option::Option<Option<String>>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl CustomerChanges {
    /// Sets `email`.
    #[must_use]
    pub fn email(mut self, email: impl ::tenantry::IntoValue<String>) -> Self {
        self.email = ::core::option::Option::Some(
            ::tenantry::IntoValue::into_value(email),
        );
        self
    }
    /// Sets `name`.
    #[must_use]
    pub fn name(mut self, name: impl ::tenantry::IntoValue<String>) -> Self {
        self.name = ::core::option::Option::Some(
            ::tenantry::IntoValue::into_value(name),
        );
        self
    }
    /// Sets `phone`.
    #[must_use]
    pub fn phone(mut self, phone: impl ::tenantry::IntoValue<Option<String>>) -> Self {
        self.phone = ::core::option::Option::Some(
            ::tenantry::IntoValue::into_value(phone),
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
            phone: ::core::option::Option::None,
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::__::Changes for CustomerChanges {
    fn assignments(self, assignments: &mut ::tenantry::__::Assignments) {
        assignments.set(<CustomerColumns>::ALL.email, self.email);
        assignments.set(<CustomerColumns>::ALL.name, self.name);
        assignments.set(<CustomerColumns>::ALL.phone, self.phone);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for CustomerChanges {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("CustomerChanges")
    }
}
/// The keys of `customer` on which a row to insert can be in conflict with one that is there.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq
)]
pub enum CustomerKey {
    /// The unique key of `email`.
    Email,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::ConflictKey<Customer> for CustomerKey {
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Email => &["\"email\""],
        }
    }
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::Table for Customer {
    type Columns<Q, N: ::tenantry::Nullability> = CustomerColumns<Q, N>;
    type New = NewCustomer;
    type Changes = CustomerChanges;
    type Isolation = ::tenantry::BySchema<::tenantry::Slug>;
    fn columns<Q, N: ::tenantry::Nullability>(relation: u32) -> CustomerColumns<Q, N> {
        CustomerColumns::__of(relation)
    }
    const SQL: &'static ::tenantry::__::TableSql<Self> = &const {
        ::tenantry::__::table_sql(::tenantry::__::TableTexts {
            table: "customer",
            tenant: "",
            setting: ::core::option::Option::None,
            logical_schema: ::core::option::Option::None,
            deleted: "",
            version: "",
            fields: &["id", "email", "name", "phone"],
            columns: &["\"id\"", "\"email\"", "\"name\"", "\"phone\""],
            inserted: &["\"email\"", "\"name\"", "\"phone\""],
            primary_key: &["\"id\""],
            relation: &["", ".\"customer\""],
            select: &[
                "SELECT \"id\", \"email\", \"name\", \"phone\" FROM ",
                ".\"customer\"",
            ],
            insert: &[
                "INSERT INTO ",
                ".\"customer\" (\"email\", \"name\", \"phone\") VALUES ",
            ],
            insert_into: &["INSERT INTO ", ".\"customer\" ("],
            insert_one: &[
                "INSERT INTO ",
                ".\"customer\" (\"email\", \"name\", \"phone\") VALUES ($1, $2, $3)",
            ],
            returning: " RETURNING \"id\", \"email\", \"name\", \"phone\"",
        })
    };
    const DEFINITION: &'static ::tenantry::TableDefinition = &const {
        #[allow(unused_imports)]
        use ::tenantry::__::NoSqlType as _;
        ::tenantry::__::table_definition(::tenantry::__::TableParts {
            rust: "Customer",
            name: "customer",
            isolation: ::tenantry::__::IsolationParts::Schema {
                logical: ::core::option::Option::None,
                tenants: ::tenantry::__::kind_of_tenants::<Customer>,
            },
            columns: &const {
                [
                    ::tenantry::__::ColumnParts {
                        field: "id",
                        name: "id",
                        given_type: ::core::option::Option::None,
                        sql_type: <::tenantry::__::SqlTypeOf<i64>>::SQL_TYPE,
                        makes_value: <::tenantry::__::SqlTypeOf<i64>>::GENERATED,
                        accepts: <CustomerColumns>::ALL.id.codec().accepts(),
                        nullable: false,
                        given: ::tenantry::__::Given::Never,
                        default: ::core::option::Option::None,
                        generated: ::core::option::Option::None,
                        checks: &[],
                        reference: ::core::option::Option::None,
                        comment: "",
                    },
                    ::tenantry::__::ColumnParts {
                        field: "email",
                        name: "email",
                        given_type: ::core::option::Option::None,
                        sql_type: <::tenantry::__::SqlTypeOf<String>>::SQL_TYPE,
                        makes_value: <::tenantry::__::SqlTypeOf<String>>::GENERATED,
                        accepts: <CustomerColumns>::ALL.email.codec().accepts(),
                        nullable: false,
                        given: ::tenantry::__::Given::Always,
                        default: ::core::option::Option::None,
                        generated: ::core::option::Option::None,
                        checks: &[],
                        reference: ::core::option::Option::None,
                        comment: "Where invoices go.",
                    },
                    ::tenantry::__::ColumnParts {
                        field: "name",
                        name: "name",
                        given_type: ::core::option::Option::None,
                        sql_type: <::tenantry::__::SqlTypeOf<String>>::SQL_TYPE,
                        makes_value: <::tenantry::__::SqlTypeOf<String>>::GENERATED,
                        accepts: <CustomerColumns>::ALL.name.codec().accepts(),
                        nullable: false,
                        given: ::tenantry::__::Given::Always,
                        default: ::core::option::Option::None,
                        generated: ::core::option::Option::None,
                        checks: &[],
                        reference: ::core::option::Option::None,
                        comment: "",
                    },
                    ::tenantry::__::ColumnParts {
                        field: "phone",
                        name: "phone",
                        given_type: ::core::option::Option::None,
                        sql_type: <::tenantry::__::SqlTypeOf<String>>::SQL_TYPE,
                        makes_value: <::tenantry::__::SqlTypeOf<String>>::GENERATED,
                        accepts: <CustomerColumns>::ALL.phone.codec().accepts(),
                        nullable: true,
                        given: ::tenantry::__::Given::Always,
                        default: ::core::option::Option::None,
                        generated: ::core::option::Option::None,
                        checks: &[],
                        reference: ::core::option::Option::None,
                        comment: "",
                    },
                ]
            },
            primary_key: &[0usize],
            unique_keys: &[
                ::tenantry::__::KeyParts {
                    name: "email",
                    columns: &[1usize],
                },
            ],
            indexes: &[],
            checks: &[],
            setting: ::core::option::Option::None,
            comment: "A customer of a tenant.",
        })
    };
    fn decode(
        row: &::tenantry::__::Row<'_>,
    ) -> ::core::result::Result<Self, ::tenantry::Error> {
        ::core::result::Result::Ok(Self {
            id: <CustomerColumns>::ALL.id.decode(row, 0usize)?,
            email: <CustomerColumns>::ALL.email.decode(row, 1usize)?,
            name: <CustomerColumns>::ALL.name.decode(row, 2usize)?,
            phone: <CustomerColumns>::ALL.phone.decode(row, 3usize)?,
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
                "SELECT \"id\", \"email\", \"name\", \"phone\" FROM ",
                ".\"customer\" WHERE \"id\" = $1",
            ],
            &["DELETE FROM ", ".\"customer\" WHERE \"id\" = $1"],
            " RETURNING \"id\", \"email\", \"name\", \"phone\"",
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
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::KeyFor<::tenantry::BySchema<::tenantry::Slug>, i64> for Customer {
    const KEY: &'static str = "\"id\"";
    fn key(&self) -> &i64 {
        &self.id
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
const _: () = {
    ::tenantry::__::register!(Customer);
};
