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
    pub fn insert(&self, new: NewEvent) -> ::tenantry::Statement<Event>
    where
        S: ::tenantry::TenantScope<Event>,
    {
        self.repository.insert(new)
    }
    /// Inserts rows, all or none, and brings them back where a verb asks for them.
    ///
    /// ```sql
    /// INSERT INTO "{tenant}"."event" ("what") VALUES (..), (..) RETURNING "what"
    /// ```
    pub fn insert_many(
        &self,
        news: impl ::core::iter::IntoIterator<Item = NewEvent>,
    ) -> ::tenantry::Statement<Event>
    where
        S: ::tenantry::TenantScope<Event>,
    {
        self.repository.insert_many(news)
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
/// The columns of `event`, for filters and order.
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
pub struct EventColumns {
    /// The column `what`.
    pub what: ::tenantry::Column<Event, String>,
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
impl EventColumns {
    const ALL: Self = Self {
        what: ::tenantry::__::column(
            "\"what\"",
            &const { ::tenantry::__::Codec::<String>::new() },
        ),
    };
}
#[automatically_derived]
impl ::core::clone::Clone for EventColumns {
    fn clone(&self) -> Self {
        *self
    }
}
#[automatically_derived]
impl ::core::marker::Copy for EventColumns {}
#[automatically_derived]
impl ::core::fmt::Debug for EventColumns {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("EventColumns")
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
        values.push(EventColumns::ALL.what, self.what);
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
        assignments.set(EventColumns::ALL.what, self.what);
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for EventChanges {
    fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        formatter.write_str("EventChanges")
    }
}
#[allow(deprecated, dead_code, non_snake_case, clippy::all, clippy::pedantic)]
#[automatically_derived]
impl ::tenantry::Table for Event {
    type Columns = EventColumns;
    type New = NewEvent;
    type Changes = EventChanges;
    const COLUMNS: EventColumns = EventColumns::ALL;
    const SQL: &'static ::tenantry::__::TableSql<Self> = &const {
        ::tenantry::__::table_sql(::tenantry::__::TableTexts {
            table: "event",
            tenant: "",
            select: &["SELECT \"what\" FROM ", ".\"event\""],
            count: &["SELECT count(*) FROM ", ".\"event\""],
            exists: &["SELECT EXISTS (SELECT 1 FROM ", ".\"event\""],
            insert: &["INSERT INTO ", ".\"event\" (\"what\") VALUES "],
            insert_one: &["INSERT INTO ", ".\"event\" (\"what\") VALUES ($1)"],
            update: &["UPDATE ", ".\"event\" SET "],
            delete: &["DELETE FROM ", ".\"event\""],
            returning: " RETURNING \"what\"",
        })
    };
    fn decode(
        row: &::tenantry::__::Row<'_>,
    ) -> ::core::result::Result<Self, ::tenantry::Error> {
        ::core::result::Result::Ok(Self {
            what: EventColumns::ALL.what.decode(row, 0usize)?,
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
