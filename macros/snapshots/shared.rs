// #[tenant_table(name = "plan", shared, schema = "catalog")]
// pub(crate) struct Plan {
//     #[tenant_table(primary_key)]
//     code: String,
// }

/// The rows of `plan`, which are the same for all tenants.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub(crate) struct PlanRepository<S = ::tenantry::Unscoped> {
    repository: ::tenantry::__::Repository<Plan, S>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl Plan {
    /// The repository of `plan`: it reads; writes need `for_shared_writes()`.
    #[must_use]
    pub(crate) const fn repository() -> PlanRepository {
        PlanRepository {
            repository: ::tenantry::__::Repository::unscoped(),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl PlanRepository {
    /// The rows of `plan` as a tenant reads them: the same for all.
    #[must_use]
    pub(crate) fn for_tenant<K: ::tenantry::TenantKey>(
        &self,
        _: &::tenantry::TenantId<K>,
    ) -> Self {
        ::core::clone::Clone::clone(self)
    }
    /// The repository that may write `plan`. **Every tenant sees the change.**
    #[must_use]
    pub(crate) const fn for_shared_writes(
        &self,
    ) -> PlanRepository<::tenantry::SharedWrites> {
        PlanRepository {
            repository: self.repository.for_shared_writes(),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl<S> PlanRepository<S> {
    /// All rows, to be filtered, ordered and paged.
    ///
    /// ```sql
    /// SELECT "code" FROM "catalog"."plan"
    /// ```
    pub(crate) fn all(&self) -> ::tenantry::Select<Plan>
    where
        S: ::tenantry::Scope<Plan>,
    {
        self.repository.all()
    }
    /// The column of a field, by the field's name: for an order or a filter that is chosen while the program runs.
    #[must_use]
    pub(crate) fn column(
        &self,
        field: &str,
    ) -> ::core::option::Option<::tenantry::AnyColumn<Plan>> {
        self.repository.column(field)
    }
    /// The rows for which a condition is true.
    ///
    /// ```sql
    /// SELECT "code" FROM "catalog"."plan" WHERE (..)
    /// ```
    pub(crate) fn filter(
        &self,
        condition: impl ::core::ops::FnOnce(PlanColumns) -> ::tenantry::Filter<Plan>,
    ) -> ::tenantry::Select<Plan>
    where
        S: ::tenantry::Scope<Plan>,
    {
        self.repository.filter(condition)
    }
    /// The row with this primary key.
    ///
    /// ```sql
    /// SELECT "code" FROM "catalog"."plan" WHERE "code" = $1
    /// ```
    pub(crate) fn find(
        &self,
        code: impl ::tenantry::IntoValue<String>,
    ) -> ::tenantry::Find<Plan>
    where
        S: ::tenantry::Scope<Plan>,
    {
        self.repository.select_by_key([<PlanColumns>::ALL.code.compared(code)])
    }
    /// The rows with these primary keys.
    ///
    /// ```sql
    /// SELECT "code" FROM "catalog"."plan" WHERE "code" = ANY($1)
    /// ```
    pub(crate) fn find_many(
        &self,
        keys: impl ::core::iter::IntoIterator<Item = impl ::tenantry::IntoValue<String>>,
    ) -> ::tenantry::Statement<Plan>
    where
        S: ::tenantry::Scope<Plan>,
    {
        self.repository
            .select_by(
                &const {
                    ::tenantry::__::query(
                        &[
                            "SELECT \"code\" FROM \"catalog\".\"plan\" WHERE \"code\" = ANY($1)",
                        ],
                    )
                },
                [<PlanColumns>::ALL.code.compared_with_any(keys)],
            )
    }
    /// Inserts a row, and brings it back where a verb asks for it.
    ///
    /// ```sql
    /// INSERT INTO "catalog"."plan" ("code") VALUES ($1) RETURNING "code"
    /// ```
    pub(crate) fn insert(&self, new: NewPlan) -> ::tenantry::Insert<Plan>
    where
        S: ::tenantry::SharedWriteScope<Plan>,
    {
        self.repository.insert(new)
    }
    /// Inserts rows, all or none, and brings them back where a verb asks for them.
    ///
    /// ```sql
    /// INSERT INTO "catalog"."plan" ("code") SELECT pg_catalog.unnest($1) RETURNING "code"
    /// ```
    pub(crate) fn insert_many(
        &self,
        news: impl ::core::iter::IntoIterator<Item = NewPlan>,
    ) -> ::tenantry::Insert<Plan>
    where
        S: ::tenantry::SharedWriteScope<Plan>,
    {
        self.repository.insert_many(news)
    }
    /// Inserts into the columns what a query in this scope selects, given as a closure: `|orders: Select<Order, _, _>| ..`.
    ///
    /// ```sql
    /// INSERT INTO "catalog"."plan" (..) SELECT .. RETURNING "code"
    /// ```
    pub(crate) fn insert_from<U, C, Q>(
        &self,
        columns: impl ::core::ops::FnOnce(PlanColumns) -> C,
        rows: impl ::core::ops::FnOnce(
            ::tenantry::Select<U, U, ::tenantry::ToInsert>,
        ) -> ::tenantry::Select<Q, C::Row, ::tenantry::ToInsert>,
    ) -> ::tenantry::InsertFrom<Plan>
    where
        S: ::tenantry::SharedWriteScope<Plan>,
        U: ::tenantry::Table + ::tenantry::Beside<Plan>,
        C: ::tenantry::Targets<Plan>,
        Q: ::tenantry::Source,
    {
        self.repository.insert_from(columns, rows)
    }
    /// Updates rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// UPDATE "catalog"."plan" SET .. WHERE (..) RETURNING "code"
    /// ```
    pub(crate) fn update_many(
        &self,
        changes: PlanChanges,
    ) -> ::tenantry::ChangeMany<Plan>
    where
        S: ::tenantry::SharedWriteScope<Plan>,
    {
        self.repository.update_many(changes)
    }
    /// Deletes rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// DELETE FROM "catalog"."plan" WHERE (..) RETURNING "code"
    /// ```
    pub(crate) fn delete_many(&self) -> ::tenantry::ChangeMany<Plan>
    where
        S: ::tenantry::SharedWriteScope<Plan>,
    {
        self.repository.delete_many()
    }
    /// Updates the row with this primary key: only the columns that the changes set.
    ///
    /// ```sql
    /// UPDATE "catalog"."plan" SET .. WHERE "code" = .. RETURNING "code"
    /// ```
    pub(crate) fn update(
        &self,
        code: impl ::tenantry::IntoValue<String>,
        changes: PlanChanges,
    ) -> ::tenantry::ChangeChosen<Plan>
    where
        S: ::tenantry::SharedWriteScope<Plan>,
    {
        self.repository.update_by_key([<PlanColumns>::ALL.code.compared(code)], changes)
    }
    /// Deletes the row with this primary key, and brings it back where a verb asks for it.
    ///
    /// ```sql
    /// DELETE FROM "catalog"."plan" WHERE "code" = $1 RETURNING "code"
    /// ```
    pub(crate) fn delete(
        &self,
        code: impl ::tenantry::IntoValue<String>,
    ) -> ::tenantry::Statement<Plan>
    where
        S: ::tenantry::SharedWriteScope<Plan>,
    {
        self.repository.delete_by_key([<PlanColumns>::ALL.code.compared(code)])
    }
    /// Copies rows of an iterator or a stream into the table, all or none: the fastest way for many.
    ///
    /// ```sql
    /// COPY "catalog"."plan" ("code") FROM STDIN (FORMAT binary)
    /// ```
    pub(crate) fn copy_in<R, K>(&self, rows: R) -> ::tenantry::CopyIn<Plan, R::Rows>
    where
        S: ::tenantry::SharedWriteScope<Plan>,
        R: ::tenantry::RowSource<NewPlan, K>,
    {
        self.repository.copy_in(rows)
    }
    /// Copies all rows out of the table: the lightest way for many.
    ///
    /// ```sql
    /// COPY (SELECT "code" FROM "catalog"."plan") TO STDOUT (FORMAT binary)
    /// ```
    pub(crate) fn copy_out(&self) -> ::tenantry::CopyOut<Plan>
    where
        S: ::tenantry::Scope<Plan>,
    {
        self.repository.copy_out()
    }
}
#[automatically_derived]
impl<S: ::core::clone::Clone> ::core::clone::Clone for PlanRepository<S> {
    fn clone(&self) -> Self {
        Self {
            repository: ::core::clone::Clone::clone(&self.repository),
        }
    }
}
#[automatically_derived]
impl<S: ::core::fmt::Debug> ::core::fmt::Debug for PlanRepository<S> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.repository, formatter)
    }
}
/// The columns of `plan` in a query, for filters, order and selections.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub(crate) struct PlanColumns<Q = Plan, N = ::tenantry::NotNull> {
    /// The column `code`.
    code: ::tenantry::Column<Q, String, N>,
    __relation: ::tenantry::__::TableIn<Q, N>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl<Q, N> PlanColumns<Q, N> {
    const fn __of(relation: u32) -> Self {
        Self {
            code: ::tenantry::__::column(
                "\"code\"",
                &const { ::tenantry::__::Codec::<String>::new() },
                relation,
            ),
            __relation: ::tenantry::__::table_in(relation),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl PlanColumns {
    const ALL: Self = Self::__of(0);
}
#[automatically_derived]
impl<Q, N> ::core::clone::Clone for PlanColumns<Q, N> {
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl<Q, N> ::core::marker::Copy for PlanColumns<Q, N> {}
#[automatically_derived]
impl<Q, N> ::core::fmt::Debug for PlanColumns<Q, N> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("PlanColumns")
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl<Q, N> ::tenantry::ColumnsOf<Plan, Q> for PlanColumns<Q, N> {
    fn relation(self) -> u32 {
        self.__relation.relation()
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl<Q, N: ::tenantry::Nullability> ::tenantry::Projection<Q> for PlanColumns<Q, N> {
    type Row = N::Field<Plan>;
    fn append_to(self, list: &mut ::tenantry::__::Expressions) {
        self.__relation.append_to::<Plan>(list)
    }
    fn decode(
        row: &mut ::tenantry::__::Row<'_>,
    ) -> ::core::result::Result<Self::Row, ::tenantry::Error> {
        N::take_table::<Plan>(row)
    }
}
/// A row to insert into `plan`. The scope of the repository says whose it is.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub(crate) struct NewPlan {
    /// The value of `code`.
    code: String,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::__::NewRow for NewPlan {
    fn values(self, values: &mut ::tenantry::__::NewValues) {
        values.push(<PlanColumns>::ALL.code, self.code);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for NewPlan {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("NewPlan")
    }
}
/// Changes to rows of `plan`: only the columns that are set are written.
///
/// A column that can be NULL is set to it by `Some(None)`, or by giving its method `None`.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub(crate) struct PlanChanges {}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl PlanChanges {}
#[automatically_derived]
impl ::core::default::Default for PlanChanges {
    fn default() -> Self {
        Self {}
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::__::Changes for PlanChanges {
    fn assignments(self, assignments: &mut ::tenantry::__::Assignments) {}
}
#[automatically_derived]
impl ::core::fmt::Debug for PlanChanges {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("PlanChanges")
    }
}
/// The keys of `plan` on which a row to insert can be in conflict with one that is there.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq
)]
pub(crate) enum PlanKey {
    /// The primary key, `code`.
    PrimaryKey,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::ConflictKey<Plan> for PlanKey {
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::PrimaryKey => &["\"code\""],
        }
    }
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::Table for Plan {
    type Columns<Q, N: ::tenantry::Nullability> = PlanColumns<Q, N>;
    type New = NewPlan;
    type Changes = PlanChanges;
    type Isolation = ::tenantry::Shared;
    fn columns<Q, N: ::tenantry::Nullability>(relation: u32) -> PlanColumns<Q, N> {
        PlanColumns::__of(relation)
    }
    const SQL: &'static ::tenantry::__::TableSql<Self> = &const {
        ::tenantry::__::table_sql(::tenantry::__::TableTexts {
            table: "plan",
            tenant: "",
            setting: ::core::option::Option::None,
            logical_schema: ::core::option::Option::None,
            deleted: "",
            version: "",
            fields: &["code"],
            columns: &["\"code\""],
            inserted: &["\"code\""],
            primary_key: &["\"code\""],
            relation: &["\"catalog\".\"plan\""],
            select: &["SELECT \"code\" FROM \"catalog\".\"plan\""],
            insert: &["INSERT INTO \"catalog\".\"plan\" (\"code\") VALUES "],
            insert_into: &["INSERT INTO \"catalog\".\"plan\" ("],
            insert_one: &["INSERT INTO \"catalog\".\"plan\" (\"code\") VALUES ($1)"],
            returning: " RETURNING \"code\"",
        })
    };
    const DEFINITION: &'static ::tenantry::TableDefinition = &const {
        #[allow(unused_imports)]
        use ::tenantry::__::NoSqlType as _;
        ::tenantry::__::table_definition(::tenantry::__::TableParts {
            rust: "Plan",
            name: "plan",
            isolation: ::tenantry::__::IsolationParts::Shared {
                schema: "catalog",
            },
            columns: &const {
                [
                    ::tenantry::__::ColumnParts {
                        field: "code",
                        name: "code",
                        given_type: ::core::option::Option::None,
                        sql_type: <::tenantry::__::SqlTypeOf<String>>::SQL_TYPE,
                        makes_value: <::tenantry::__::SqlTypeOf<String>>::GENERATED,
                        accepts: <PlanColumns>::ALL.code.codec().accepts(),
                        nullable: false,
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
            unique_keys: &[],
            indexes: &[],
            checks: &[],
            setting: ::core::option::Option::None,
            comment: "",
        })
    };
    fn decode(
        row: &::tenantry::__::Row<'_>,
    ) -> ::core::result::Result<Self, ::tenantry::Error> {
        ::core::result::Result::Ok(Self {
            code: <PlanColumns>::ALL.code.decode(row, 0usize)?,
        })
    }
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::KeyedTable for Plan {
    const BY_KEY: &'static ::tenantry::__::KeySql<Self> = &const {
        ::tenantry::__::key_sql(
            &["\"code\""],
            &["SELECT \"code\" FROM \"catalog\".\"plan\" WHERE \"code\" = $1"],
            &["DELETE FROM \"catalog\".\"plan\" WHERE \"code\" = $1"],
            " RETURNING \"code\"",
        )
    };
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::SharedTable for Plan {
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl<I> ::tenantry::KeyFor<I, String> for Plan {
    const KEY: &'static str = "\"code\"";
    fn key(&self) -> &String {
        &self.code
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
const _: () = {
    ::tenantry::__::register!(Plan);
};
