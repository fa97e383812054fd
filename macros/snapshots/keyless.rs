// #[tenant_table(name = "event", keyless, tenant = i64)]
// pub struct Event {
//     pub what: String,
// }

/// The rows of `event`, which each tenant has in its own schema.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub struct EventRepository<S = ::tenantry::Unscoped> {
    repository: ::tenantry::__::Repository<Event, S>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl Event {
    /// The repository of `event`. It makes statements once it has a tenant: see `for_tenant`.
    #[must_use]
    pub const fn repository() -> EventRepository {
        EventRepository {
            repository: ::tenantry::__::Repository::unscoped(),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl EventRepository {
    /// The rows of `event` that belong to this tenant, and no others.
    #[must_use]
    pub fn for_tenant<K>(
        &self,
        tenant: &::tenantry::TenantId<K>,
    ) -> EventRepository<
        ::tenantry::TenantId<<Event as ::tenantry::TenantTable>::TenantKey>,
    >
    where
        K: ::tenantry::TenantKeyOf<Event>,
    {
        EventRepository {
            repository: self.repository.for_tenant(tenant),
        }
    }
    /// Reads the rows of each of these tenants, each with its tenant, by a statement for each.
    ///
    /// ```sql
    /// SELECT "what" FROM "{tenant}"."event"
    /// ```
    pub fn across<'t, K: ::tenantry::TenantKeyOf<Event> + 't>(
        &self,
        access: &::tenantry::AcrossTenants,
        tenants: impl ::core::iter::IntoIterator<Item = &'t ::tenantry::TenantId<K>>,
    ) -> ::tenantry::Across<<Event as ::tenantry::TenantTable>::TenantKey, Event> {
        self.repository.of_tenants(access, tenants)
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl<S> EventRepository<S> {
    /// All rows, to be filtered, ordered and paged.
    ///
    /// ```sql
    /// SELECT "what" FROM "{tenant}"."event"
    /// ```
    pub fn all(&self) -> ::tenantry::Select<Event>
    where
        S: ::tenantry::TenantScope<Event>,
    {
        self.repository.all()
    }
    /// The column of a field, by the field's name: for an order or a filter that is chosen while the program runs.
    #[must_use]
    pub fn column(
        &self,
        field: &str,
    ) -> ::core::option::Option<::tenantry::AnyColumn<Event>> {
        self.repository.column(field)
    }
    /// The rows for which a condition is true.
    ///
    /// ```sql
    /// SELECT "what" FROM "{tenant}"."event" WHERE (..)
    /// ```
    pub fn filter(
        &self,
        condition: impl ::core::ops::FnOnce(EventColumns) -> ::tenantry::Filter<Event>,
    ) -> ::tenantry::Select<Event>
    where
        S: ::tenantry::TenantScope<Event>,
    {
        self.repository.filter(condition)
    }
    /// Inserts a row, and brings it back where a verb asks for it.
    ///
    /// ```sql
    /// INSERT INTO "{tenant}"."event" ("what") VALUES ($1) RETURNING "what"
    /// ```
    pub fn insert(&self, new: NewEvent) -> ::tenantry::Insert<Event>
    where
        S: ::tenantry::TenantScope<Event>,
    {
        self.repository.insert(new)
    }
    /// Inserts rows, all or none, and brings them back where a verb asks for them.
    ///
    /// ```sql
    /// INSERT INTO "{tenant}"."event" ("what") SELECT pg_catalog.unnest($1) RETURNING "what"
    /// ```
    pub fn insert_many(
        &self,
        news: impl ::core::iter::IntoIterator<Item = NewEvent>,
    ) -> ::tenantry::Insert<Event>
    where
        S: ::tenantry::TenantScope<Event>,
    {
        self.repository.insert_many(news)
    }
    /// Inserts into the columns what a query in this scope selects, given as a closure: `|orders: Select<Order, _, _>| ..`.
    ///
    /// ```sql
    /// INSERT INTO "{tenant}"."event" (..) SELECT .. RETURNING "what"
    /// ```
    pub fn insert_from<U, C, Q>(
        &self,
        columns: impl ::core::ops::FnOnce(EventColumns) -> C,
        rows: impl ::core::ops::FnOnce(
            ::tenantry::Select<U, U, ::tenantry::ToInsert>,
        ) -> ::tenantry::Select<Q, C::Row, ::tenantry::ToInsert>,
    ) -> ::tenantry::InsertFrom<Event>
    where
        S: ::tenantry::TenantScope<Event>,
        U: ::tenantry::Table + ::tenantry::Beside<Event>,
        C: ::tenantry::Targets<Event>,
        Q: ::tenantry::Source,
    {
        self.repository.insert_from(columns, rows)
    }
    /// Updates rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// UPDATE "{tenant}"."event" SET .. WHERE (..) RETURNING "what"
    /// ```
    pub fn update_many(&self, changes: EventChanges) -> ::tenantry::ChangeMany<Event>
    where
        S: ::tenantry::TenantScope<Event>,
    {
        self.repository.update_many(changes)
    }
    /// Deletes rows: go on with `.filter(..)`, or `.all_rows()`.
    ///
    /// ```sql
    /// DELETE FROM "{tenant}"."event" WHERE (..) RETURNING "what"
    /// ```
    pub fn delete_many(&self) -> ::tenantry::ChangeMany<Event>
    where
        S: ::tenantry::TenantScope<Event>,
    {
        self.repository.delete_many()
    }
    /// Copies rows of an iterator or a stream into the table, all or none: the fastest way for many.
    ///
    /// ```sql
    /// COPY "{tenant}"."event" ("what") FROM STDIN (FORMAT binary)
    /// ```
    pub fn copy_in<R, K>(&self, rows: R) -> ::tenantry::CopyIn<Event, R::Rows>
    where
        S: ::tenantry::TenantScope<Event>,
        R: ::tenantry::RowSource<NewEvent, K>,
    {
        self.repository.copy_in(rows)
    }
    /// Copies all rows out of the table: the lightest way for many.
    ///
    /// ```sql
    /// COPY (SELECT "what" FROM "{tenant}"."event") TO STDOUT (FORMAT binary)
    /// ```
    pub fn copy_out(&self) -> ::tenantry::CopyOut<Event>
    where
        S: ::tenantry::TenantScope<Event>,
    {
        self.repository.copy_out()
    }
}
#[automatically_derived]
impl<S: ::core::clone::Clone> ::core::clone::Clone for EventRepository<S> {
    fn clone(&self) -> Self {
        Self {
            repository: ::core::clone::Clone::clone(&self.repository),
        }
    }
}
#[automatically_derived]
impl<S: ::core::fmt::Debug> ::core::fmt::Debug for EventRepository<S> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.repository, formatter)
    }
}
/// The columns of `event` in a query, for filters, order and selections.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub struct EventColumns<Q = Event, N = ::tenantry::NotNull> {
    /// The column `what`.
    pub what: ::tenantry::Column<Q, String, N>,
    __relation: ::tenantry::__::TableIn<Q, N>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl<Q, N> EventColumns<Q, N> {
    const fn __of(relation: u32) -> Self {
        Self {
            what: ::tenantry::__::column(
                "\"what\"",
                &const { ::tenantry::__::Codec::<String>::new() },
                relation,
            ),
            __relation: ::tenantry::__::table_in(relation),
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl EventColumns {
    const ALL: Self = Self::__of(0);
}
#[automatically_derived]
impl<Q, N> ::core::clone::Clone for EventColumns<Q, N> {
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl<Q, N> ::core::marker::Copy for EventColumns<Q, N> {}
#[automatically_derived]
impl<Q, N> ::core::fmt::Debug for EventColumns<Q, N> {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("EventColumns")
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl<Q, N> ::tenantry::ColumnsOf<Event, Q> for EventColumns<Q, N> {
    fn relation(self) -> u32 {
        self.__relation.relation()
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl<Q, N: ::tenantry::Nullability> ::tenantry::Projection<Q> for EventColumns<Q, N> {
    type Row = N::Field<Event>;
    fn append_to(self, list: &mut ::tenantry::__::Expressions) {
        self.__relation.append_to::<Event>(list)
    }
    fn decode(
        row: &mut ::tenantry::__::Row<'_>,
    ) -> ::core::result::Result<Self::Row, ::tenantry::Error> {
        N::take_table::<Event>(row)
    }
}
/// A row to insert into `event`. The scope of the repository says whose it is.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub struct NewEvent {
    /// The value of `what`.
    pub what: String,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::__::NewRow for NewEvent {
    fn values(self, values: &mut ::tenantry::__::NewValues) {
        values.push(<EventColumns>::ALL.what, self.what);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for NewEvent {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("NewEvent")
    }
}
/// Changes to rows of `event`: only the columns that are set are written.
///
/// A column that can be NULL is set to it by `Some(None)`, or by giving its method `None`.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub struct EventChanges {
    /// The new value of `what`.
    pub what: ::core::option::Option<String>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl EventChanges {
    /// Sets `what`.
    #[must_use]
    pub fn what(mut self, what: impl ::tenantry::IntoValue<String>) -> Self {
        self.what = ::core::option::Option::Some(
            ::tenantry::IntoValue::into_value(what),
        );
        self
    }
}
#[automatically_derived]
impl ::core::default::Default for EventChanges {
    fn default() -> Self {
        Self {
            what: ::core::option::Option::None,
        }
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::__::Changes for EventChanges {
    fn assignments(self, assignments: &mut ::tenantry::__::Assignments) {
        assignments.set(<EventColumns>::ALL.what, self.what);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for EventChanges {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("EventChanges")
    }
}
/// The keys of `event` on which a row to insert can be in conflict with one that is there.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[derive(
    ::core::fmt::Debug,
    ::core::clone::Clone,
    ::core::marker::Copy,
    ::core::cmp::PartialEq,
    ::core::cmp::Eq
)]
pub enum EventKey {}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::ConflictKey<Event> for EventKey {
    fn columns(self) -> &'static [&'static str] {
        match self {}
    }
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::Table for Event {
    type Columns<Q, N: ::tenantry::Nullability> = EventColumns<Q, N>;
    type New = NewEvent;
    type Changes = EventChanges;
    type Isolation = ::tenantry::BySchema<i64>;
    fn columns<Q, N: ::tenantry::Nullability>(relation: u32) -> EventColumns<Q, N> {
        EventColumns::__of(relation)
    }
    const SQL: &'static ::tenantry::__::TableSql<Self> = &const {
        ::tenantry::__::table_sql(::tenantry::__::TableTexts {
            table: "event",
            tenant: "",
            setting: ::core::option::Option::None,
            logical_schema: ::core::option::Option::None,
            deleted: "",
            version: "",
            fields: &["what"],
            columns: &["\"what\""],
            inserted: &["\"what\""],
            primary_key: &[],
            relation: &["", ".\"event\""],
            select: &["SELECT \"what\" FROM ", ".\"event\""],
            insert: &["INSERT INTO ", ".\"event\" (\"what\") VALUES "],
            insert_into: &["INSERT INTO ", ".\"event\" ("],
            insert_one: &["INSERT INTO ", ".\"event\" (\"what\") VALUES ($1)"],
            returning: " RETURNING \"what\"",
        })
    };
    const DEFINITION: &'static ::tenantry::TableDefinition = &const {
        #[allow(unused_imports)]
        use ::tenantry::__::NoSqlType as _;
        ::tenantry::__::table_definition(::tenantry::__::TableParts {
            rust: "Event",
            name: "event",
            isolation: ::tenantry::__::IsolationParts::Schema {
                logical: ::core::option::Option::None,
                tenants: ::tenantry::__::kind_of_tenants::<Event>,
            },
            columns: &const {
                [
                    ::tenantry::__::ColumnParts {
                        field: "what",
                        name: "what",
                        given_type: ::core::option::Option::None,
                        sql_type: <::tenantry::__::SqlTypeOf<String>>::SQL_TYPE,
                        makes_value: <::tenantry::__::SqlTypeOf<String>>::GENERATED,
                        accepts: <EventColumns>::ALL.what.codec().accepts(),
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
            what: <EventColumns>::ALL.what.decode(row, 0usize)?,
        })
    }
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::TenantTable for Event {
    type TenantKey = i64;
    fn only_the_derive_implements_this(_: ::tenantry::__::Derived) {}
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::TenantKeyOf<Event> for i64 {
    fn only_the_derive_implements_this(
        tenant: &::tenantry::TenantId<Self>,
        _: ::tenantry::__::Derived,
    ) -> &::tenantry::TenantId<Self> {
        tenant
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
const _: () = {
    ::tenantry::__::register!(Event);
};
