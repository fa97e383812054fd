//! Updates and deletes: which rows must be said.

use std::fmt;
use std::future::{Pending, pending};
use std::marker::PhantomData;

use crate::batch::Batched;
use crate::beside::Beside;
use crate::column::{Column, NotNull, Nullable};
use crate::error::Error;
use crate::executor::Executor;
use crate::expression::Expr;
use crate::filter::{Filter, Node};
use crate::projection::Projection;
use crate::scope::Binding;
use crate::source::{Join, Joined, Source};
use crate::sql::{Relation, Sql, WithDeleted};
use crate::statement::{Decode, Impossible, Query, Statement, verbs};
use crate::table::{Assignments, Changes, Table, TableTexts};
use crate::value::Value;

/// An update or a delete that does not say yet which rows: go on with [`filter`](Self::filter) or with
/// [`all_rows`](Self::all_rows).
#[must_use = "this does nothing until it says which rows, by `.filter(..)` or `.all_rows()`, and a verb runs it"]
pub struct ChangeMany<T>(Change<T>);

/// An update or a delete of chosen rows.
///
/// `Q` is what the change reads: the table, or after `join` the tuple of the tables. `R` is what the changed rows are read
/// as: the table's rows, or after `returning` what was chosen.
#[must_use = "a change does nothing until a verb runs it: `.execute(&db)`, .."]
pub struct ChangeChosen<T, Q = T, R = T> {
    change: Change<T>,
    decode: Decode<R>,
    source: PhantomData<fn() -> Q>,
}

/// A change, without what it reads.
struct Change<T> {
    binding: Binding,
    action: Action,
    assignments: Vec<Assigned>,
    /// The key and the version of one row.
    row: Vec<(&'static str, Value)>,
    joins: Vec<JoinedTable>,
    filters: Vec<Node>,
    returning: Option<Vec<Expr>>,
    with_deleted: WithDeleted,
    /// That no row is changed means that it has another version.
    versioned: bool,
    slow: bool,
    table: PhantomData<fn() -> T>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Update,
    /// Sets the time of the deletion, where the table has one.
    Delete,
    /// Sets it back.
    Restore,
    /// Removes the row for good.
    Purge,
}

#[derive(Debug, Clone)]
struct JoinedTable {
    table: &'static TableTexts,
    relation: Relation,
    condition: Node,
}

#[derive(Debug, Clone)]
struct Assigned {
    relation: Relation,
    column: &'static str,
    value: Expr,
}

/// What an update sets a column of query `Q` to; made by [`Column::set`].
pub struct Assignment<Q> {
    assigned: Assigned,
    query: PhantomData<fn() -> Q>,
}

impl<Q> Assignment<Q> {
    pub(crate) fn new(relation: Relation, column: &'static str, value: Expr) -> Self {
        Self { assigned: Assigned { relation, column, value }, query: PhantomData }
    }
}

impl<Q, V> Column<Q, V, Nullable> {
    /// `column = NULL`
    #[must_use]
    pub fn set_null(self) -> Assignment<Q> {
        match self.into_parts().0 {
            Expr::Column { relation, name } => Assignment::new(relation, name, Expr::Text("NULL")),
            value => Assignment::new(0, self.name(), value),
        }
    }
}

/// What can be NULL fits in a column only if that can be NULL, too. `Self` and `N` are [`NotNull`] or [`Nullable`].
#[diagnostic::on_unimplemented(
    message = "this column is never NULL, but what it is set to can be",
    label = "give what is set by `.or(..)` a value for where it is NULL"
)]
pub trait FitsIn<N> {}

#[diagnostic::do_not_recommend]
impl<N> FitsIn<N> for NotNull {}
#[diagnostic::do_not_recommend]
impl FitsIn<Nullable> for Nullable {}

/// One or several assignments: an [`Assignment`], an array or a `Vec` of them.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` sets no column of `{Q}`",
    label = "write `.set(..)` on a column of `{Q}`, or several of them in an array"
)]
pub trait Assign<Q>: sealed::Sealed {
    #[doc(hidden)]
    fn append_to(self, assignments: &mut Vec<Assignment<Q>>);
}

#[diagnostic::do_not_recommend]
impl<Q> Assign<Q> for Assignment<Q> {
    fn append_to(self, assignments: &mut Vec<Self>) {
        assignments.push(self);
    }
}

#[diagnostic::do_not_recommend]
impl<Q, const N: usize> Assign<Q> for [Assignment<Q>; N] {
    fn append_to(self, assignments: &mut Vec<Assignment<Q>>) {
        assignments.extend(self);
    }
}

#[diagnostic::do_not_recommend]
impl<Q> Assign<Q> for Vec<Assignment<Q>> {
    fn append_to(self, assignments: &mut Self) {
        assignments.extend(self);
    }
}

mod sealed {
    pub trait Sealed {}
    impl<Q> Sealed for super::Assignment<Q> {}
    impl<Q, const N: usize> Sealed for [super::Assignment<Q>; N] {}
    impl<Q> Sealed for Vec<super::Assignment<Q>> {}
}

impl<T: Table> Change<T> {
    fn new(binding: Binding, action: Action) -> Self {
        Self {
            binding,
            action,
            assignments: Vec::new(),
            row: Vec::new(),
            joins: Vec::new(),
            filters: Vec::new(),
            returning: None,
            with_deleted: match action {
                Action::Restore | Action::Purge => WithDeleted::OfFirst,
                Action::Update | Action::Delete => WithDeleted::None,
            },
            versioned: false,
            slow: false,
            table: PhantomData,
        }
    }

    fn assign<Q>(&mut self, assign: impl Assign<Q>) {
        let mut assignments = Vec::new();
        assign.append_to(&mut assignments);
        self.assignments.extend(assignments.into_iter().map(|assignment| assignment.assigned));
    }

    fn query(&self) -> Query {
        let table = &T::SQL.texts;
        let mut sql = Sql::new(self.binding.clone()).with_deleted(self.with_deleted);
        sql.bind_tenant_first(table);
        let has_several = !self.joins.is_empty() || self.filters.iter().any(Node::has_other_relations);
        let alias = has_several.then(|| sql.name_relation(0));
        let is_deleted = !table.deleted.is_empty();
        let removes = match self.action {
            Action::Purge => true,
            Action::Delete => !is_deleted,
            Action::Update | Action::Restore => false,
        };
        sql.push(if removes { "DELETE FROM " } else { "UPDATE " });
        match alias {
            Some(alias) => _ = sql.push_relation(table, alias),
            None => _ = sql.push_scoped(table, table.relation),
        }
        let names: Vec<_> = self.joins.iter().map(|joined| sql.name_relation(joined.relation)).collect();
        match self.action {
            Action::Update => self.write_assignments(&mut sql, table),
            Action::Delete if is_deleted => {
                sql.push(" SET ").push(table.deleted).push(" = now()");
                write_version(&mut sql, table);
            }
            Action::Restore => {
                sql.push(" SET ").push(table.deleted).push(" = NULL");
                write_version(&mut sql, table);
            }
            Action::Delete | Action::Purge => {}
        }
        if !self.joins.is_empty() {
            let joins = self.joins.iter().zip(&names);
            sql.push(if removes { " USING " } else { " FROM " }).list(joins, |sql, (joined, alias)| {
                sql.push_relation(joined.table, *alias);
            });
        }
        let mut conditions = sql.begin_where(0, table);
        for (column, value) in &self.row {
            conditions.and_equal(0, column, value.clone());
        }
        for joined in &self.joins {
            conditions.and_scope(joined.relation, joined.table);
            conditions.and_filter(&joined.condition);
        }
        for filter in &self.filters {
            conditions.and_filter(filter);
        }
        let returning = sql.pieces.len();
        sql.push(" RETURNING ");
        match &self.returning {
            None => _ = sql.push_columns(0, table),
            Some(returning) => _ = sql.list(returning, |sql, expression| expression.write(sql)),
        }
        let query = Query::built::<T>(sql, Some(returning));
        Query { slow: self.slow, versioned: self.versioned, ..query }
    }

    fn write_assignments(&self, sql: &mut Sql, table: &TableTexts) {
        if self.assignments.is_empty() {
            sql.fail(Impossible::NoChanges);
        }
        let mut set = Vec::with_capacity(self.assignments.len());
        sql.push(" SET ").list(&self.assignments, |sql, assigned| {
            if assigned.relation != 0 {
                sql.fail(Impossible::ForeignColumn);
            }
            // The library counts the version.
            if set.contains(&assigned.column) || assigned.column == table.version {
                sql.fail(Impossible::SetTwice { column: assigned.column });
            }
            set.push(assigned.column);
            sql.push(assigned.column).push(" = ");
            assigned.value.write(sql);
        });
        write_version(sql, table);
    }
}

/// Counts the change.
fn write_version(sql: &mut Sql, table: &TableTexts) {
    if !table.version.is_empty() {
        sql.push(", ").push(table.version).push(" = ").push_column(0, table.version).push(" + 1");
    }
}

impl<T: Table> ChangeMany<T> {
    pub(crate) fn update(binding: Binding, changes: T::Changes) -> Self {
        let mut change = Change::new(binding, Action::Update);
        let mut assignments = Assignments::default();
        changes.assignments(&mut assignments);
        let assigned = |(column, value)| Assigned { relation: 0, column, value: Expr::Value(value) };
        change.assignments.extend(assignments.0.into_iter().map(assigned));
        Self(change)
    }

    pub(crate) fn delete(binding: Binding) -> Self {
        Self(Change::new(binding, Action::Delete))
    }

    pub(crate) fn restore(binding: Binding) -> Self {
        Self(Change::new(binding, Action::Restore))
    }

    pub(crate) fn purge(binding: Binding) -> Self {
        Self(Change::new(binding, Action::Purge))
    }

    /// The row with this key.
    pub(crate) fn row(mut self, row: impl Iterator<Item = (&'static str, Value)>) -> ChangeChosen<T> {
        self.0.row.extend(row);
        self.all_rows()
    }

    /// Sets one column, or several in an array, to what is computed from columns: `|c| c.credit.set(c.credit + 5)`.
    pub fn set<A: Assign<T>>(mut self, assign: impl FnOnce(T::Columns<T, NotNull>) -> A) -> Self {
        self.0.assign(assign(T::columns(0)));
        self
    }

    /// Changes the rows for which the condition is true.
    pub fn filter(self, condition: impl FnOnce(T::Columns<T, NotNull>) -> Filter<T>) -> ChangeChosen<T> {
        self.all_rows().filter(condition)
    }

    /// Changes the rows for which there is a row of another table, which is scoped as it would be by itself:
    /// `UPDATE table AS t0 .. FROM other AS t1 WHERE ..`, or `DELETE FROM table AS t0 USING other AS t1 WHERE ..`.
    pub fn join<U>(
        self,
        condition: impl FnOnce(T::Columns<(T, U), NotNull>, U::Columns<(T, U), NotNull>) -> Filter<(T, U)>,
    ) -> ChangeChosen<T, (T, U)>
    where
        U: Beside<T>,
    {
        self.all_rows().joined::<U>(condition(T::columns(0), U::columns(1)))
    }

    /// Changes all rows of the scope: every row of the tenant.
    pub fn all_rows(self) -> ChangeChosen<T> {
        ChangeChosen { change: self.0, decode: <T as Source>::decode, source: PhantomData }
    }
}

impl<T: Table, Q, R> ChangeChosen<T, Q, R> {
    fn read_as<P, O>(self, decode: Decode<O>) -> ChangeChosen<T, P, O> {
        ChangeChosen { change: self.change, decode, source: PhantomData }
    }
}

impl<T: Table, Q: Source<Root = T>> ChangeChosen<T, Q> {
    /// Joins one more table: see [`ChangeMany::join`].
    pub fn join<U>(
        self,
        condition: impl FnOnce(
            <Q as Join<U>>::Before,
            <U as Joined>::Columns<<Q as Join<U>>::Output>,
        ) -> Filter<<Q as Join<U>>::Output>,
    ) -> ChangeChosen<T, <Q as Join<U>>::Output>
    where
        Q: Join<U>,
        U: Beside<T>,
    {
        let (before, joined) = <Q as Join<U>>::columns();
        self.joined::<U>(condition(before, joined))
    }

    fn joined<U: Table>(mut self, condition: Filter<<Q as Join<U>>::Output>) -> ChangeChosen<T, <Q as Join<U>>::Output>
    where
        Q: Join<U>,
    {
        let condition = condition.into_node();
        self.change.joins.push(JoinedTable { table: &U::SQL.texts, relation: Q::RELATION, condition });
        self.read_as(<T as Source>::decode)
    }

    /// Brings these expressions of the changed rows instead of whole rows: `RETURNING ..`.
    pub fn returning<P: Projection<Q>>(
        mut self,
        returning: impl FnOnce(Q::Columns) -> P,
    ) -> ChangeChosen<T, Q, P::Row> {
        let mut list = Vec::new();
        returning(Q::columns()).append_to(&mut list);
        self.change.returning = Some(list);
        self.read_as(|row| P::decode(&mut row.clone()))
    }
}

impl<T: Table, Q: Source<Root = T>, R> ChangeChosen<T, Q, R> {
    /// Changes only rows for which this condition is true, too.
    pub fn filter(mut self, condition: impl FnOnce(Q::Columns) -> Filter<Q>) -> Self {
        self.change.filters.push(condition(Q::columns()).into_node());
        self
    }

    /// [`filter`](Self::filter) by a value that may be absent; nothing is filtered where it is.
    pub fn filter_if<V>(self, value: Option<V>, condition: impl FnOnce(Q::Columns, V) -> Filter<Q>) -> Self {
        match value {
            Some(value) => self.filter(|columns| condition(columns, value)),
            None => self,
        }
    }

    /// Sets one column, or several in an array, to what is computed from columns: `|c| c.credit.set(c.credit + 5)`.
    pub fn set<A: Assign<Q>>(mut self, assign: impl FnOnce(Q::Columns) -> A) -> Self {
        self.change.assign(assign(Q::columns()));
        self
    }

    /// Changes rows that were deleted softly, too.
    pub fn with_deleted(mut self) -> Self {
        self.change.with_deleted = WithDeleted::All;
        self
    }

    /// Says that the change may take long: on a [`Database`](crate::Database) it then has a connection of its own,
    /// where no other statement waits behind it, and
    /// [no timeout](crate::DatabaseOptions::statement_timeout) ends it.
    pub fn slow(mut self) -> Self {
        self.change.slow = true;
        self
    }

    /// Only the row with this version: that there is none is an error, as another has changed it.
    pub(crate) fn versioned(mut self, version: Value) -> Self {
        self.change.row.push((T::SQL.texts.version, version));
        self.change.versioned = true;
        self
    }

    /// The text that runs, with `$1`, `$2` .. where the bound values stand; the values are never shown.
    #[must_use]
    pub fn sql(&self) -> String {
        self.statement().sql()
    }

    fn statement(&self) -> Statement<R> {
        Statement::new(self.change.query(), self.decode)
    }
}

impl<T: Table, Q: Source<Root = T>, R: Send + 'static> ChangeChosen<T, Q, R> {
    verbs!(R);

    fn into_statement(self) -> Statement<R> {
        self.statement()
    }
}

/// Nothing has this: it carries the words of the compile error for a change that does not say which rows.
#[diagnostic::on_unimplemented(
    message = "this statement does not say which rows it changes",
    label = "call `.filter(|c| ..)` first, or `.all_rows()` to change every row of the tenant"
)]
pub trait SaysWhichRows {
    #[doc(hidden)]
    fn batched<A>(&self) -> Batched<A>;
}

/// The verbs, there for their compile error: without them the compiler says only that there is no such method.
impl<T> ChangeMany<T> {
    #[doc(hidden)]
    pub fn execute(self, _: &dyn Executor) -> Pending<Result<u64, Error>>
    where
        Self: SaysWhichRows,
    {
        pending()
    }

    #[doc(hidden)]
    pub fn fetch_one(self, _: &dyn Executor) -> Pending<Result<T, Error>>
    where
        Self: SaysWhichRows,
    {
        pending()
    }

    #[doc(hidden)]
    pub fn fetch_optional(self, _: &dyn Executor) -> Pending<Result<Option<T>, Error>>
    where
        Self: SaysWhichRows,
    {
        pending()
    }

    #[doc(hidden)]
    pub fn fetch_all(self, _: &dyn Executor) -> Pending<Result<Vec<T>, Error>>
    where
        Self: SaysWhichRows,
    {
        pending()
    }

    #[doc(hidden)]
    pub fn fetch(self, _: &dyn Executor) -> Pending<Result<T, Error>>
    where
        Self: SaysWhichRows,
    {
        pending()
    }

    #[doc(hidden)]
    pub fn to_execute(&self) -> Batched<u64>
    where
        Self: SaysWhichRows,
    {
        self.batched()
    }

    #[doc(hidden)]
    pub fn to_fetch_one(&self) -> Batched<T>
    where
        Self: SaysWhichRows,
    {
        self.batched()
    }

    #[doc(hidden)]
    pub fn to_fetch_optional(&self) -> Batched<Option<T>>
    where
        Self: SaysWhichRows,
    {
        self.batched()
    }

    #[doc(hidden)]
    pub fn to_fetch_all(&self) -> Batched<Vec<T>>
    where
        Self: SaysWhichRows,
    {
        self.batched()
    }
}

impl<T> Clone for Change<T> {
    fn clone(&self) -> Self {
        Self {
            binding: self.binding.clone(),
            assignments: self.assignments.clone(),
            row: self.row.clone(),
            joins: self.joins.clone(),
            filters: self.filters.clone(),
            returning: self.returning.clone(),
            ..*self
        }
    }
}

impl<T> Clone for ChangeMany<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T, Q, R> Clone for ChangeChosen<T, Q, R> {
    fn clone(&self) -> Self {
        Self { change: self.change.clone(), ..*self }
    }
}

impl<T> fmt::Debug for Change<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Change")
            .field("action", &self.action)
            .field("assignments", &self.assignments)
            .field("joins", &self.joins)
            .field("filters", &self.filters)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for ChangeMany<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl<T, Q, R> fmt::Debug for ChangeChosen<T, Q, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.change, formatter)
    }
}

impl<Q> fmt::Debug for Assignment<Q> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Assignment({})", self.assigned.column)
    }
}
