// #[tenant_table(name = "report", tenant = i64, schema = "reporting", keyless)]
// struct Report {
//     title: String,
// }

/// The rows of `report`, which each tenant has in its schema `reporting`.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct ReportRepository<S = ::tenantry::Unscoped> {
    repository: ::tenantry::__::Repository<Report, S>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl Report {
    /// The repository of `report`. It makes statements once it has a tenant: see `for_tenant`.
    #[must_use]
    const fn repository() -> ReportRepository {
        ReportRepository {
            repository: ::tenantry::__::Repository::unscoped(),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl ReportRepository {
    /// The rows of `report` that belong to this tenant, and no others.
    #[must_use]
    fn for_tenant<K>(
        &self,
        tenant: &::tenantry::TenantId<K>,
    ) -> ReportRepository<
        ::tenantry::TenantId<<Report as ::tenantry::TenantTable>::TenantKey>,
    >
    where
        K: ::tenantry::TenantKeyOf<Report>,
    {
        ReportRepository {
            repository: self.repository.for_tenant(tenant),
        }
    }
    /// Reads the rows of each of these tenants, each with its tenant, by a statement for each.
    ///
    /// ```sql
    /// SELECT "title" FROM "{tenant's reporting}"."report"
    /// ```
    fn across<'t, K: ::tenantry::TenantKeyOf<Report> + 't>(
        &self,
        access: &::tenantry::AcrossTenants,
        tenants: impl ::core::iter::IntoIterator<Item = &'t ::tenantry::TenantId<K>>,
    ) -> ::tenantry::Across<<Report as ::tenantry::TenantTable>::TenantKey, Report> {
        self.repository.of_tenants(access, tenants)
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl<S> ReportRepository<S> {
    /// All rows, to be filtered, ordered and paged.
    ///
    /// ```sql
    /// SELECT "title" FROM "{tenant's reporting}"."report"
    /// ```
    fn all(&self) -> ::tenantry::Select<Report>
    where
        S: ::tenantry::TenantScope<Report>,
    {
        self.repository.all()
    }
    /// The column of a field, by the field's name: for an order or a filter that is chosen while the program runs.
    #[must_use]
    fn column(
        &self,
        field: &str,
    ) -> ::core::option::Option<::tenantry::AnyColumn<Report>> {
        self.repository.column(field)
    }
    /// The rows for which a condition is true.
    ///
    /// ```sql
    /// SELECT "title" FROM "{tenant's reporting}"."report" WHERE (..)
    /// ```
    fn filter(
        &self,
        condition: impl ::core::ops::FnOnce(ReportColumns) -> ::tenantry::Filter<Report>,
    ) -> ::tenantry::Select<Report>
    where
        S: ::tenantry::TenantScope<Report>,
    {
        self.repository.filter(condition)
    }
    /// Inserts a row, and brings it back where a verb asks for it.
    ///
    /// ```sql
    /// INSERT INTO "{tenant's reporting}"."report" ("title") VALUES ($1) RETURNING "title"
    /// ```
    fn insert(&self, new: NewReport) -> ::tenantry::Insert<Report>
    where
        S: ::tenantry::TenantScope<Report>,
    {
        self.repository.insert(new)
    }
    /// Inserts rows, all or none, and brings them back where a verb asks for them.
    ///
    /// ```sql
    /// INSERT INTO "{tenant's reporting}"."report" ("title") SELECT pg_catalog.unnest($1) RETURNING "title"
    /// ```
    fn insert_many(
        &self,
        news: impl ::core::iter::IntoIterator<Item = NewReport>,
    ) -> ::tenantry::Insert<Report>
    where
        S: ::tenantry::TenantScope<Report>,
    {
        self.repository.insert_many(news)
    }
    /// Inserts into the columns what a query in this scope selects, given as a closure: `|orders: Select<Order, _, _>| ..`.
    ///
    /// ```sql
    /// INSERT INTO "{tenant's reporting}"."report" (..) SELECT .. RETURNING "title"
    /// ```
    fn insert_from<U, C, Q>(
        &self,
        columns: impl ::core::ops::FnOnce(ReportColumns) -> C,
        rows: impl ::core::ops::FnOnce(
            ::tenantry::Select<U, U, ::tenantry::ToInsert>,
        ) -> ::tenantry::Select<Q, C::Row, ::tenantry::ToInsert>,
    ) -> ::tenantry::InsertFrom<Report>
    where
        S: ::tenantry::TenantScope<Report>,
        U: ::tenantry::Table + ::tenantry::Beside<Report>,
        C: ::tenantry::Targets<Report>,
        Q: ::tenantry::Source,
    {
        self.repository.insert_from(columns, rows)
    }
    /// Updates rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// UPDATE "{tenant's reporting}"."report" SET .. WHERE (..) RETURNING "title"
    /// ```
    fn update_many(&self, changes: ReportChanges) -> ::tenantry::ChangeMany<Report>
    where
        S: ::tenantry::TenantScope<Report>,
    {
        self.repository.update_many(changes)
    }
    /// Deletes rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// DELETE FROM "{tenant's reporting}"."report" WHERE (..) RETURNING "title"
    /// ```
    fn delete_many(&self) -> ::tenantry::ChangeMany<Report>
    where
        S: ::tenantry::TenantScope<Report>,
    {
        self.repository.delete_many()
    }
    /// Copies rows of an iterator or a stream into the table, all or none: the fastest way for many.
    ///
    /// ```sql
    /// COPY "{tenant's reporting}"."report" ("title") FROM STDIN (FORMAT binary)
    /// ```
    fn copy_in<R, K>(&self, rows: R) -> ::tenantry::CopyIn<Report, R::Rows>
    where
        S: ::tenantry::TenantScope<Report>,
        R: ::tenantry::RowSource<NewReport, K>,
    {
        self.repository.copy_in(rows)
    }
    /// Copies all rows out of the table: the lightest way for many.
    ///
    /// ```sql
    /// COPY (SELECT "title" FROM "{tenant's reporting}"."report") TO STDOUT (FORMAT binary)
    /// ```
    fn copy_out(&self) -> ::tenantry::CopyOut<Report>
    where
        S: ::tenantry::TenantScope<Report>,
    {
        self.repository.copy_out()
    }
}
#[automatically_derived]
impl<S: ::core::clone::Clone> ::core::clone::Clone for ReportRepository<S> {
    fn clone(&self) -> Self {
        Self {
            repository: ::core::clone::Clone::clone(&self.repository),
        }
    }
}
#[automatically_derived]
impl<S: ::core::fmt::Debug> ::core::fmt::Debug for ReportRepository<S> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.repository, formatter)
    }
}
/// The columns of `report` in a query, for filters, order and selections.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct ReportColumns<Q = Report, N = ::tenantry::NotNull> {
    /// The column `title`.
    title: ::tenantry::Column<Q, String, N>,
    __relation: ::tenantry::__::TableIn<Q, N>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl<Q, N> ReportColumns<Q, N> {
    const fn __of(relation: u32) -> Self {
        Self {
            title: ::tenantry::__::column(
                "\"title\"",
                &const { ::tenantry::__::Codec::<String>::new() },
                relation,
            ),
            __relation: ::tenantry::__::table_in(relation),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl ReportColumns {
    const ALL: Self = Self::__of(0);
}
#[automatically_derived]
impl<Q, N> ::core::clone::Clone for ReportColumns<Q, N> {
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl<Q, N> ::core::marker::Copy for ReportColumns<Q, N> {}
#[automatically_derived]
impl<Q, N> ::core::fmt::Debug for ReportColumns<Q, N> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("ReportColumns")
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl<Q, N> ::tenantry::ColumnsOf<Report, Q> for ReportColumns<Q, N> {
    fn relation(self) -> u32 {
        self.__relation.relation()
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl<Q, N: ::tenantry::Nullability> ::tenantry::Projection<Q> for ReportColumns<Q, N> {
    type Row = N::Field<Report>;
    fn append_to(self, list: &mut ::tenantry::__::Expressions) {
        self.__relation.append_to::<Report>(list)
    }
    fn decode(
        row: &mut ::tenantry::__::Row<'_>,
    ) -> ::core::result::Result<Self::Row, ::tenantry::Error> {
        N::take_table::<Report>(row)
    }
}
/// A row to insert into `report`. The scope of the repository says whose it is.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct NewReport {
    /// The value of `title`.
    title: String,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::__::NewRow for NewReport {
    fn values(self, values: &mut ::tenantry::__::NewValues) {
        values.push(<ReportColumns>::ALL.title, self.title);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for NewReport {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("NewReport")
    }
}
/// Changes to rows of `report`: only the columns that are set are written.
///
/// A column that can be NULL is set to it by `Some(None)`, or by giving its method `None`.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct ReportChanges {
    /// The new value of `title`.
    title: ::core::option::Option<String>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl ReportChanges {
    /// Sets `title`.
    #[must_use]
    fn title(mut self, title: impl ::tenantry::IntoValue<String>) -> Self {
        self.title = ::core::option::Option::Some(
            ::tenantry::IntoValue::into_value(title),
        );
        self
    }
}
#[automatically_derived]
impl ::core::default::Default for ReportChanges {
    fn default() -> Self {
        Self {
            title: ::core::option::Option::None,
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::__::Changes for ReportChanges {
    fn assignments(self, assignments: &mut ::tenantry::__::Assignments) {
        assignments.set(<ReportColumns>::ALL.title, self.title);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for ReportChanges {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("ReportChanges")
    }
}
/// The keys of `report` on which a row to insert can be in conflict with one that is there.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq
)]
enum ReportKey {}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::ConflictKey<Report> for ReportKey {
    fn columns(self) -> &'static [&'static str] {
        match self {}
    }
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::Table for Report {
    type Columns<Q, N: ::tenantry::Nullability> = ReportColumns<Q, N>;
    type New = NewReport;
    type Changes = ReportChanges;
    type Isolation = ::tenantry::BySchema<i64>;
    fn columns<Q, N: ::tenantry::Nullability>(relation: u32) -> ReportColumns<Q, N> {
        ReportColumns::__of(relation)
    }
    const SQL: &'static ::tenantry::__::TableSql<Self> = &const {
        ::tenantry::__::table_sql(::tenantry::__::TableTexts {
            table: "report",
            tenant: "",
            setting: ::core::option::Option::None,
            logical_schema: ::core::option::Option::Some("reporting"),
            deleted: "",
            version: "",
            fields: &["title"],
            columns: &["\"title\""],
            inserted: &["\"title\""],
            primary_key: &[],
            relation: &["", ".\"report\""],
            select: &["SELECT \"title\" FROM ", ".\"report\""],
            insert: &["INSERT INTO ", ".\"report\" (\"title\") VALUES "],
            insert_into: &["INSERT INTO ", ".\"report\" ("],
            insert_one: &["INSERT INTO ", ".\"report\" (\"title\") VALUES ($1)"],
            returning: " RETURNING \"title\"",
        })
    };
    const DEFINITION: &'static ::tenantry::TableDefinition = &const {
        #[allow(unused_imports)]
        use ::tenantry::__::NoSqlType as _;
        ::tenantry::__::table_definition(::tenantry::__::TableParts {
            rust: "Report",
            name: "report",
            isolation: ::tenantry::__::IsolationParts::Schema {
                logical: ::core::option::Option::Some("reporting"),
                tenants: ::tenantry::__::kind_of_tenants::<Report>,
            },
            columns: &const {
                [
                    ::tenantry::__::ColumnParts {
                        field: "title",
                        name: "title",
                        given_type: ::core::option::Option::None,
                        sql_type: <::tenantry::__::SqlTypeOf<String>>::SQL_TYPE,
                        makes_value: <::tenantry::__::SqlTypeOf<String>>::GENERATED,
                        accepts: <ReportColumns>::ALL.title.codec().accepts(),
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
            primary_key: &[],
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
            title: <ReportColumns>::ALL.title.decode(row, 0usize)?,
        })
    }
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::TenantTable for Report {
    type TenantKey = i64;
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::TenantKeyOf<Report> for i64 {
    fn only_the_derive_implements_this(
        tenant: &::tenantry::TenantId<Self>,
        _: ::tenantry::__::Derived,
    ) -> &::tenantry::TenantId<Self> {
        tenant
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
const _: () = ::tenantry::__::check_logical_schema::<Report>("reporting");
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
const _: () = {
    ::tenantry::__::register!(Report);
};
