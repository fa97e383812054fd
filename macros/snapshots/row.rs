// #[tenant_table(
//     name = "order line",
//     tenant_column(tenant_id:Uuid),
//     schema = "shop",
//     crate = crate::tenantry
// )]
// struct OrderLine {
//     #[tenant_table(primary_key, references = Order)]
//     order_id: i64,
//     #[tenant_table(primary_key)]
//     line: i32,
//     #[tenant_table(unique = "sku", column = "SKU")]
//     sku: String,
//     #[tenant_table(unique = "sku")]
//     r#type: i16,
//     #[tenant_table(default)]
//     created: Option<time::OffsetDateTime>,
// }

/// The rows of `order line`, which belong to tenants by the column `tenant_id`.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct OrderLineRepository<S = crate::tenantry::Unscoped> {
    repository: crate::tenantry::__::Repository<OrderLine, S>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl OrderLine {
    /// The repository of `order line`. It makes statements once it has a tenant: see `for_tenant`.
    #[must_use]
    const fn repository() -> OrderLineRepository {
        OrderLineRepository {
            repository: crate::tenantry::__::Repository::unscoped(),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl OrderLineRepository {
    /// The rows of `order line` that belong to this tenant, and no others.
    #[must_use]
    fn for_tenant<K>(
        &self,
        tenant: &crate::tenantry::TenantId<K>,
    ) -> OrderLineRepository<
        crate::tenantry::TenantId<<OrderLine as crate::tenantry::TenantTable>::TenantKey>,
    >
    where
        K: crate::tenantry::TenantKeyOf<OrderLine>,
    {
        OrderLineRepository {
            repository: self.repository.for_tenant(tenant),
        }
    }
    /// Reads the rows of each of these tenants, each with its tenant, by one statement for all. For each:
    ///
    /// ```sql
    /// SELECT "order_id", "line", "SKU", "type", "created" FROM "shop"."order line" WHERE "tenant_id" = tenant.key
    /// ```
    fn across<'t, K: crate::tenantry::TenantKeyOf<OrderLine> + 't>(
        &self,
        access: &crate::tenantry::AcrossTenants,
        tenants: impl ::core::iter::IntoIterator<Item = &'t crate::tenantry::TenantId<K>>,
    ) -> crate::tenantry::Across<
        <OrderLine as crate::tenantry::TenantTable>::TenantKey,
        OrderLine,
    > {
        self.repository.of_tenants(access, tenants)
    }
    /// Reads the rows of every tenant that has any, each with its tenant, by one statement for all. For each:
    ///
    /// ```sql
    /// SELECT "order_id", "line", "SKU", "type", "created" FROM "shop"."order line" WHERE "tenant_id" = tenant.key
    /// ```
    fn across_all(
        &self,
        access: &crate::tenantry::AcrossTenants,
    ) -> crate::tenantry::Across<
        <OrderLine as crate::tenantry::TenantTable>::TenantKey,
        OrderLine,
    > {
        self.repository.of_all_tenants(access)
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl<S> OrderLineRepository<S> {
    /// All rows, to be filtered, ordered and paged.
    ///
    /// ```sql
    /// SELECT "order_id", "line", "SKU", "type", "created" FROM "shop"."order line" WHERE "tenant_id" = $1
    /// ```
    fn all(&self) -> crate::tenantry::Select<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository.all()
    }
    /// The column of a field, by the field's name: for an order or a filter that is chosen while the program runs.
    #[must_use]
    fn column(
        &self,
        field: &str,
    ) -> ::core::option::Option<crate::tenantry::AnyColumn<OrderLine>> {
        self.repository.column(field)
    }
    /// The rows for which a condition is true.
    ///
    /// ```sql
    /// SELECT "order_id", "line", "SKU", "type", "created" FROM "shop"."order line" WHERE "tenant_id" = $1 AND (..)
    /// ```
    fn filter(
        &self,
        condition: impl ::core::ops::FnOnce(
            OrderLineColumns,
        ) -> crate::tenantry::Filter<OrderLine>,
    ) -> crate::tenantry::Select<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository.filter(condition)
    }
    /// The row with this primary key.
    ///
    /// ```sql
    /// SELECT "order_id", "line", "SKU", "type", "created" FROM "shop"."order line" WHERE "tenant_id" = $1 AND "order_id" = $2 AND "line" = $3
    /// ```
    fn find(
        &self,
        order_id: impl crate::tenantry::IntoValue<i64>,
        line: impl crate::tenantry::IntoValue<i32>,
    ) -> crate::tenantry::Find<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository
            .select_by_key([
                <OrderLineColumns>::ALL.order_id.compared(order_id),
                <OrderLineColumns>::ALL.line.compared(line),
            ])
    }
    /// The rows with these primary keys.
    ///
    /// ```sql
    /// SELECT "order_id", "line", "SKU", "type", "created" FROM "shop"."order line" WHERE "tenant_id" = $1 AND ("order_id", "line") IN ((..), ..)
    /// ```
    fn find_many(
        &self,
        keys: impl ::core::iter::IntoIterator<Item = (i64, i32)>,
    ) -> crate::tenantry::Statement<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        let keys = ::core::iter::IntoIterator::into_iter(keys);
        let keys = ::core::iter::Iterator::map(
            keys,
            |(order_id, line)| [
                <OrderLineColumns>::ALL.order_id.compared(order_id),
                <OrderLineColumns>::ALL.line.compared(line),
            ],
        );
        self.repository.select_by_keys(::core::iter::Iterator::collect(keys))
    }
    /// The row with these values of a unique key.
    ///
    /// ```sql
    /// SELECT "order_id", "line", "SKU", "type", "created" FROM "shop"."order line" WHERE "tenant_id" = $1 AND "SKU" = $2 AND "type" = $3
    /// ```
    fn find_by_sku(
        &self,
        sku: impl crate::tenantry::IntoValue<String>,
        r#type: impl crate::tenantry::IntoValue<i16>,
    ) -> crate::tenantry::Find<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository
            .select_one_by(
                &const {
                    crate::tenantry::__::query(
                        &[
                            "SELECT \"order_id\", \"line\", \"SKU\", \"type\", \"created\" FROM \"shop\".\"order line\" WHERE \"tenant_id\" = $1 AND \"SKU\" = $2 AND \"type\" = $3",
                        ],
                    )
                },
                [
                    <OrderLineColumns>::ALL.sku.compared(sku),
                    <OrderLineColumns>::ALL.r#type.compared(r#type),
                ],
            )
    }
    /// The `order` to which a row of `order line` refers by `order_id`, in this scope.
    fn order_of(&self, row: &OrderLine) -> crate::tenantry::Select<Order>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository.parent_of(<OrderLine>::order(), row)
    }
    /// The rows of `order line` that refer to this `order` by `order_id`.
    fn of_order(&self, row: &Order) -> crate::tenantry::Select<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository.children_of(<OrderLine>::of_order(), row)
    }
    /// Inserts a row, and brings it back where a verb asks for it.
    ///
    /// ```sql
    /// INSERT INTO "shop"."order line" ("tenant_id", "order_id", "line", "SKU", "type", "created") VALUES ($1, $2, $3, $4, $5, $6) RETURNING "order_id", "line", "SKU", "type", "created"
    /// ```
    fn insert(&self, new: NewOrderLine) -> crate::tenantry::Insert<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository.insert(new)
    }
    /// Inserts rows, all or none, and brings them back where a verb asks for them.
    ///
    /// ```sql
    /// INSERT INTO "shop"."order line" ("tenant_id", "order_id", "line", "SKU", "type", "created") SELECT $1, pg_catalog.unnest($2), pg_catalog.unnest($3), pg_catalog.unnest($4), pg_catalog.unnest($5), pg_catalog.unnest($6) RETURNING "order_id", "line", "SKU", "type", "created"
    /// ```
    fn insert_many(
        &self,
        news: impl ::core::iter::IntoIterator<Item = NewOrderLine>,
    ) -> crate::tenantry::Insert<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository.insert_many(news)
    }
    /// Inserts into the columns what a query in this scope selects, given as a closure: `|orders: Select<Order, _, _>| ..`.
    ///
    /// ```sql
    /// INSERT INTO "shop"."order line" (..) SELECT .. RETURNING "order_id", "line", "SKU", "type", "created"
    /// ```
    fn insert_from<U, C, Q>(
        &self,
        columns: impl ::core::ops::FnOnce(OrderLineColumns) -> C,
        rows: impl ::core::ops::FnOnce(
            crate::tenantry::Select<U, U, crate::tenantry::ToInsert>,
        ) -> crate::tenantry::Select<Q, C::Row, crate::tenantry::ToInsert>,
    ) -> crate::tenantry::InsertFrom<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
        U: crate::tenantry::Table + crate::tenantry::Beside<OrderLine>,
        C: crate::tenantry::Targets<OrderLine>,
        Q: crate::tenantry::Source,
    {
        self.repository.insert_from(columns, rows)
    }
    /// Updates rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// UPDATE "shop"."order line" SET .. WHERE "tenant_id" = $1 AND (..) RETURNING "order_id", "line", "SKU", "type", "created"
    /// ```
    fn update_many(
        &self,
        changes: OrderLineChanges,
    ) -> crate::tenantry::ChangeMany<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository.update_many(changes)
    }
    /// Deletes rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// DELETE FROM "shop"."order line" WHERE "tenant_id" = $1 AND (..) RETURNING "order_id", "line", "SKU", "type", "created"
    /// ```
    fn delete_many(&self) -> crate::tenantry::ChangeMany<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository.delete_many()
    }
    /// Updates the row with this primary key: only the columns that the changes set.
    ///
    /// ```sql
    /// UPDATE "shop"."order line" SET .. WHERE "tenant_id" = $1 AND "order_id" = .. AND "line" = .. RETURNING "order_id", "line", "SKU", "type", "created"
    /// ```
    fn update(
        &self,
        order_id: impl crate::tenantry::IntoValue<i64>,
        line: impl crate::tenantry::IntoValue<i32>,
        changes: OrderLineChanges,
    ) -> crate::tenantry::ChangeChosen<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository
            .update_by_key(
                [
                    <OrderLineColumns>::ALL.order_id.compared(order_id),
                    <OrderLineColumns>::ALL.line.compared(line),
                ],
                changes,
            )
    }
    /// Deletes the row with this primary key, and brings it back where a verb asks for it.
    ///
    /// ```sql
    /// DELETE FROM "shop"."order line" WHERE "tenant_id" = $1 AND "order_id" = $2 AND "line" = $3 RETURNING "order_id", "line", "SKU", "type", "created"
    /// ```
    fn delete(
        &self,
        order_id: impl crate::tenantry::IntoValue<i64>,
        line: impl crate::tenantry::IntoValue<i32>,
    ) -> crate::tenantry::Statement<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository
            .delete_by_key([
                <OrderLineColumns>::ALL.order_id.compared(order_id),
                <OrderLineColumns>::ALL.line.compared(line),
            ])
    }
    /// Copies rows of an iterator or a stream into the table, all or none: the fastest way for many.
    ///
    /// ```sql
    /// COPY "shop"."order line" ("tenant_id", "order_id", "line", "SKU", "type", "created") FROM STDIN (FORMAT binary)
    /// ```
    fn copy_in<R, K>(&self, rows: R) -> crate::tenantry::CopyIn<OrderLine, R::Rows>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
        R: crate::tenantry::RowSource<NewOrderLine, K>,
    {
        self.repository.copy_in(rows)
    }
    /// Copies all rows out of the table: the lightest way for many.
    ///
    /// ```sql
    /// COPY (SELECT "order_id", "line", "SKU", "type", "created" FROM "shop"."order line" WHERE "tenant_id" = '..') TO STDOUT (FORMAT binary)
    /// ```
    fn copy_out(&self) -> crate::tenantry::CopyOut<OrderLine>
    where
        S: crate::tenantry::TenantScope<OrderLine>,
    {
        self.repository.copy_out()
    }
}
#[automatically_derived]
impl<S: ::core::clone::Clone> ::core::clone::Clone for OrderLineRepository<S> {
    fn clone(&self) -> Self {
        Self {
            repository: ::core::clone::Clone::clone(&self.repository),
        }
    }
}
#[automatically_derived]
impl<S: ::core::fmt::Debug> ::core::fmt::Debug for OrderLineRepository<S> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.repository, formatter)
    }
}
/// The columns of `order line` in a query, for filters, order and selections.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct OrderLineColumns<Q = OrderLine, N = crate::tenantry::NotNull> {
    /// The column `order_id`.
    order_id: crate::tenantry::Column<Q, i64, N>,
    /// The column `line`.
    line: crate::tenantry::Column<Q, i32, N>,
    /// The column `SKU`.
    sku: crate::tenantry::Column<Q, String, N>,
    /// The column `type`.
    r#type: crate::tenantry::Column<Q, i16, N>,
    /// The column `created`.
    created: crate::tenantry::Column<Q, time::OffsetDateTime, crate::tenantry::Nullable>,
    __relation: crate::tenantry::__::TableIn<Q, N>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl<Q, N> OrderLineColumns<Q, N> {
    const fn __of(relation: u32) -> Self {
        Self {
            order_id: crate::tenantry::__::column(
                "\"order_id\"",
                &const { crate::tenantry::__::Codec::<i64>::new() },
                relation,
            ),
            line: crate::tenantry::__::column(
                "\"line\"",
                &const { crate::tenantry::__::Codec::<i32>::new() },
                relation,
            ),
            sku: crate::tenantry::__::column(
                "\"SKU\"",
                &const { crate::tenantry::__::Codec::<String>::new() },
                relation,
            ),
            r#type: crate::tenantry::__::column(
                "\"type\"",
                &const { crate::tenantry::__::Codec::<i16>::new() },
                relation,
            ),
            created: crate::tenantry::__::column(
                "\"created\"",
                &const { crate::tenantry::__::Codec::<time::OffsetDateTime>::new() },
                relation,
            ),
            __relation: crate::tenantry::__::table_in(relation),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl OrderLineColumns {
    const ALL: Self = Self::__of(0);
}
#[automatically_derived]
impl<Q, N> ::core::clone::Clone for OrderLineColumns<Q, N> {
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl<Q, N> ::core::marker::Copy for OrderLineColumns<Q, N> {}
#[automatically_derived]
impl<Q, N> ::core::fmt::Debug for OrderLineColumns<Q, N> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("OrderLineColumns")
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl<Q, N> crate::tenantry::ColumnsOf<OrderLine, Q> for OrderLineColumns<Q, N> {
    fn relation(self) -> u32 {
        self.__relation.relation()
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl<Q, N: crate::tenantry::Nullability> crate::tenantry::Projection<Q>
for OrderLineColumns<Q, N> {
    type Row = N::Field<OrderLine>;
    fn append_to(self, list: &mut crate::tenantry::__::Expressions) {
        self.__relation.append_to::<OrderLine>(list)
    }
    fn decode(
        row: &mut crate::tenantry::__::Row<'_>,
    ) -> ::core::result::Result<Self::Row, crate::tenantry::Error> {
        N::take_table::<OrderLine>(row)
    }
}
/// A row to insert into `order line`. The scope of the repository says whose it is.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct NewOrderLine {
    /// The value of `order_id`.
    order_id: i64,
    /// The value of `line`.
    line: i32,
    /// The value of `SKU`.
    sku: String,
    /// The value of `type`.
    r#type: i16,
    /// The value of `created`.
    ///
    /// `None` takes the database's default.
    created: ::core::option::Option<Option<time::OffsetDateTime>>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl crate::tenantry::__::NewRow for NewOrderLine {
    fn values(self, values: &mut crate::tenantry::__::NewValues) {
        values.push(<OrderLineColumns>::ALL.order_id, self.order_id);
        values.push(<OrderLineColumns>::ALL.line, self.line);
        values.push(<OrderLineColumns>::ALL.sku, self.sku);
        values.push(<OrderLineColumns>::ALL.r#type, self.r#type);
        values.push_or_default(<OrderLineColumns>::ALL.created, self.created);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for NewOrderLine {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("NewOrderLine")
    }
}
/// Changes to rows of `order line`: only the columns that are set are written.
///
/// A column that can be NULL is set to it by `Some(None)`, or by giving its method `None`.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
struct OrderLineChanges {
    /// The new value of `SKU`.
    sku: ::core::option::Option<String>,
    /// The new value of `type`.
    r#type: ::core::option::Option<i16>,
    /// The new value of `created`.
    created: ::core::option::Option<Option<time::OffsetDateTime>>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl OrderLineChanges {
    /// Sets `SKU`.
    #[must_use]
    fn sku(mut self, sku: impl crate::tenantry::IntoValue<String>) -> Self {
        self.sku = ::core::option::Option::Some(
            crate::tenantry::IntoValue::into_value(sku),
        );
        self
    }
    /// Sets `type`.
    #[must_use]
    fn r#type(mut self, r#type: impl crate::tenantry::IntoValue<i16>) -> Self {
        self.r#type = ::core::option::Option::Some(
            crate::tenantry::IntoValue::into_value(r#type),
        );
        self
    }
    /// Sets `created`.
    #[must_use]
    fn created(
        mut self,
        created: impl crate::tenantry::IntoValue<Option<time::OffsetDateTime>>,
    ) -> Self {
        self.created = ::core::option::Option::Some(
            crate::tenantry::IntoValue::into_value(created),
        );
        self
    }
}
#[automatically_derived]
impl ::core::default::Default for OrderLineChanges {
    fn default() -> Self {
        Self {
            sku: ::core::option::Option::None,
            r#type: ::core::option::Option::None,
            created: ::core::option::Option::None,
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl crate::tenantry::__::Changes for OrderLineChanges {
    fn assignments(self, assignments: &mut crate::tenantry::__::Assignments) {
        assignments.set(<OrderLineColumns>::ALL.sku, self.sku);
        assignments.set(<OrderLineColumns>::ALL.r#type, self.r#type);
        assignments.set(<OrderLineColumns>::ALL.created, self.created);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for OrderLineChanges {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("OrderLineChanges")
    }
}
/// The keys of `order line` on which a row to insert can be in conflict with one that is there.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq
)]
enum OrderLineKey {
    /// The primary key, `order_id` and `line`.
    PrimaryKey,
    /// The unique key of `SKU` and `type`.
    Sku,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl crate::tenantry::ConflictKey<OrderLine> for OrderLineKey {
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::PrimaryKey => &["\"order_id\"", "\"line\""],
            Self::Sku => &["\"SKU\"", "\"type\""],
        }
    }
    fn only_the_derive_implements_this(_: crate::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl crate::tenantry::Table for OrderLine {
    type Columns<Q, N: crate::tenantry::Nullability> = OrderLineColumns<Q, N>;
    type New = NewOrderLine;
    type Changes = OrderLineChanges;
    type Isolation = crate::tenantry::ByRow<Uuid>;
    fn columns<Q, N: crate::tenantry::Nullability>(
        relation: u32,
    ) -> OrderLineColumns<Q, N> {
        OrderLineColumns::__of(relation)
    }
    const SQL: &'static crate::tenantry::__::TableSql<Self> = &const {
        crate::tenantry::__::table_sql(crate::tenantry::__::TableTexts {
            table: "order line",
            tenant: "\"tenant_id\"",
            setting: ::core::option::Option::None,
            logical_schema: ::core::option::Option::None,
            deleted: "",
            version: "",
            fields: &["order_id", "line", "sku", "type", "created"],
            columns: &["\"order_id\"", "\"line\"", "\"SKU\"", "\"type\"", "\"created\""],
            inserted: &[
                "\"order_id\"",
                "\"line\"",
                "\"SKU\"",
                "\"type\"",
                "\"created\"",
            ],
            primary_key: &["\"order_id\"", "\"line\""],
            relation: &["\"shop\".\"order line\""],
            select: &[
                "SELECT \"order_id\", \"line\", \"SKU\", \"type\", \"created\" FROM \"shop\".\"order line\"",
            ],
            insert: &[
                "INSERT INTO \"shop\".\"order line\" (\"tenant_id\", \"order_id\", \"line\", \"SKU\", \"type\", \"created\") VALUES ",
            ],
            insert_into: &["INSERT INTO \"shop\".\"order line\" ("],
            insert_one: &[
                "INSERT INTO \"shop\".\"order line\" (\"tenant_id\", \"order_id\", \"line\", \"SKU\", \"type\", \"created\") VALUES ($1, $2, $3, $4, $5, $6)",
            ],
            returning: " RETURNING \"order_id\", \"line\", \"SKU\", \"type\", \"created\"",
        })
    };
    const DEFINITION: &'static crate::tenantry::TableDefinition = &const {
        #[allow(unused_imports)]
        use crate::tenantry::__::NoSqlType as _;
        crate::tenantry::__::table_definition(crate::tenantry::__::TableParts {
            rust: "OrderLine",
            name: "order line",
            isolation: crate::tenantry::__::IsolationParts::Row {
                schema: "shop",
                column: "tenant_id",
                sql_type: crate::tenantry::__::tenant_sql_type::<OrderLine>(),
                tenants: crate::tenantry::__::kind_of_tenants::<OrderLine>,
            },
            columns: &const {
                [
                    crate::tenantry::__::ColumnParts {
                        field: "order_id",
                        name: "order_id",
                        given_type: ::core::option::Option::None,
                        sql_type: <crate::tenantry::__::SqlTypeOf<i64>>::SQL_TYPE,
                        makes_value: <crate::tenantry::__::SqlTypeOf<i64>>::GENERATED,
                        accepts: <OrderLineColumns>::ALL.order_id.codec().accepts(),
                        nullable: false,
                        given: crate::tenantry::__::Given::Always,
                        default: ::core::option::Option::None,
                        generated: ::core::option::Option::None,
                        checks: &[],
                        reference: ::core::option::Option::Some(|| crate::tenantry::__::reference_parts(
                            <OrderLine>::order(),
                            crate::tenantry::__::OnDelete::NoAction,
                        )),
                        comment: "",
                    },
                    crate::tenantry::__::ColumnParts {
                        field: "line",
                        name: "line",
                        given_type: ::core::option::Option::None,
                        sql_type: <crate::tenantry::__::SqlTypeOf<i32>>::SQL_TYPE,
                        makes_value: <crate::tenantry::__::SqlTypeOf<i32>>::GENERATED,
                        accepts: <OrderLineColumns>::ALL.line.codec().accepts(),
                        nullable: false,
                        given: crate::tenantry::__::Given::Always,
                        default: ::core::option::Option::None,
                        generated: ::core::option::Option::None,
                        checks: &[],
                        reference: ::core::option::Option::None,
                        comment: "",
                    },
                    crate::tenantry::__::ColumnParts {
                        field: "sku",
                        name: "SKU",
                        given_type: ::core::option::Option::None,
                        sql_type: <crate::tenantry::__::SqlTypeOf<String>>::SQL_TYPE,
                        makes_value: <crate::tenantry::__::SqlTypeOf<String>>::GENERATED,
                        accepts: <OrderLineColumns>::ALL.sku.codec().accepts(),
                        nullable: false,
                        given: crate::tenantry::__::Given::Always,
                        default: ::core::option::Option::None,
                        generated: ::core::option::Option::None,
                        checks: &[],
                        reference: ::core::option::Option::None,
                        comment: "",
                    },
                    crate::tenantry::__::ColumnParts {
                        field: "type",
                        name: "type",
                        given_type: ::core::option::Option::None,
                        sql_type: <crate::tenantry::__::SqlTypeOf<i16>>::SQL_TYPE,
                        makes_value: <crate::tenantry::__::SqlTypeOf<i16>>::GENERATED,
                        accepts: <OrderLineColumns>::ALL.r#type.codec().accepts(),
                        nullable: false,
                        given: crate::tenantry::__::Given::Always,
                        default: ::core::option::Option::None,
                        generated: ::core::option::Option::None,
                        checks: &[],
                        reference: ::core::option::Option::None,
                        comment: "",
                    },
                    crate::tenantry::__::ColumnParts {
                        field: "created",
                        name: "created",
                        given_type: ::core::option::Option::None,
                        sql_type: <crate::tenantry::__::SqlTypeOf<
                            time::OffsetDateTime,
                        >>::SQL_TYPE,
                        makes_value: <crate::tenantry::__::SqlTypeOf<
                            time::OffsetDateTime,
                        >>::GENERATED,
                        accepts: <OrderLineColumns>::ALL.created.codec().accepts(),
                        nullable: true,
                        given: crate::tenantry::__::Given::OrDefault,
                        default: ::core::option::Option::None,
                        generated: ::core::option::Option::None,
                        checks: &[],
                        reference: ::core::option::Option::None,
                        comment: "",
                    },
                ]
            },
            primary_key: &[0usize, 1usize],
            unique_keys: &[
                crate::tenantry::__::KeyParts {
                    name: "sku",
                    columns: &[2usize, 3usize],
                },
            ],
            indexes: &[],
            checks: &[],
            setting: ::core::option::Option::None,
            comment: "",
        })
    };
    fn decode(
        row: &crate::tenantry::__::Row<'_>,
    ) -> ::core::result::Result<Self, crate::tenantry::Error> {
        ::core::result::Result::Ok(Self {
            order_id: <OrderLineColumns>::ALL.order_id.decode(row, 0usize)?,
            line: <OrderLineColumns>::ALL.line.decode(row, 1usize)?,
            sku: <OrderLineColumns>::ALL.sku.decode(row, 2usize)?,
            r#type: <OrderLineColumns>::ALL.r#type.decode(row, 3usize)?,
            created: <OrderLineColumns>::ALL.created.decode(row, 4usize)?,
        })
    }
    fn only_the_derive_implements_this(_: crate::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl crate::tenantry::KeyedTable for OrderLine {
    const BY_KEY: &'static crate::tenantry::__::KeySql<Self> = &const {
        crate::tenantry::__::key_sql(
            &["\"order_id\"", "\"line\""],
            &[
                "SELECT \"order_id\", \"line\", \"SKU\", \"type\", \"created\" FROM \"shop\".\"order line\" WHERE \"tenant_id\" = $1 AND \"order_id\" = $2 AND \"line\" = $3",
            ],
            &[
                "DELETE FROM \"shop\".\"order line\" WHERE \"tenant_id\" = $1 AND \"order_id\" = $2 AND \"line\" = $3",
            ],
            " RETURNING \"order_id\", \"line\", \"SKU\", \"type\", \"created\"",
        )
    };
    fn only_the_derive_implements_this(_: crate::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl crate::tenantry::TenantTable for OrderLine {
    type TenantKey = Uuid;
    fn only_the_derive_implements_this(_: crate::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl crate::tenantry::TenantKeyOf<OrderLine> for Uuid {
    fn only_the_derive_implements_this(
        tenant: &crate::tenantry::TenantId<Self>,
        _: crate::tenantry::__::Derived,
    ) -> &crate::tenantry::TenantId<Self> {
        tenant
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
const _: () = {
    crate::tenantry::__::register!(OrderLine);
};
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl OrderLine {
    /// The `order` of each row of `order line`, by `order_id`.
    #[must_use]
    const fn order() -> crate::tenantry::ToOne<OrderLine, Order> {
        crate::tenantry::__::to_one(
            &const {
                crate::tenantry::__::foreign_key::<
                    Order,
                    OrderLine,
                    i64,
                >(
                    <OrderLineColumns>::ALL.order_id.name(),
                    <OrderLineColumns>::ALL.order_id.codec(),
                    |row: &OrderLine| ::core::option::Option::Some(&row.order_id),
                )
            },
        )
    }
    /// The rows of `order line` of each `order`, by `order_id`.
    #[must_use]
    const fn of_order() -> crate::tenantry::ToMany<Order, OrderLine> {
        <OrderLine>::order().reversed()
    }
}
