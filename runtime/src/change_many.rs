//! Updates and deletes of many rows: which rows must be said.

use std::fmt;
use std::future::{Pending, pending};
use std::marker::PhantomData;

use crate::error::Error;
use crate::executor::Executor;
use crate::filter::{Filter, Node};
use crate::sql::Sql;
use crate::statement::{Impossible, Query, Statement, verbs};
use crate::table::Table;

/// An update or a delete that does not say yet which rows: go on with [`filter`](Self::filter) or with
/// [`all_rows`](Self::all_rows).
#[must_use = "this does nothing until it says which rows, by `.filter(..)` or `.all_rows()`, and a verb runs it"]
pub struct ChangeMany<T> {
    head: Result<Sql, Impossible>,
    /// The row type is the table's.
    table: PhantomData<fn() -> T>,
}

/// An update or a delete of chosen rows.
#[must_use = "a change does nothing until a verb runs it: `.execute(&db)`, .."]
pub struct ChangeChosen<T> {
    head: Result<Sql, Impossible>,
    filters: Vec<Node>,
    slow: bool,
    table: PhantomData<fn() -> T>,
}

impl<T: Table> ChangeMany<T> {
    pub(crate) fn new(head: Result<Sql, Impossible>) -> Self {
        Self { head, table: PhantomData }
    }

    /// Changes the rows for which the condition is true.
    pub fn filter(self, condition: impl FnOnce(T::Columns) -> Filter<T>) -> ChangeChosen<T> {
        self.all_rows().filter(condition)
    }

    /// Changes all rows of the scope: every row of the tenant.
    pub fn all_rows(self) -> ChangeChosen<T> {
        ChangeChosen { head: self.head, filters: Vec::new(), slow: false, table: self.table }
    }
}

impl<T: Table> ChangeChosen<T> {
    /// Changes only rows for which this condition is true, too.
    pub fn filter(mut self, condition: impl FnOnce(T::Columns) -> Filter<T>) -> Self {
        self.filters.push(condition(T::COLUMNS).into_node());
        self
    }

    /// [`filter`](Self::filter) by a value that may be absent; nothing is filtered where it is.
    pub fn filter_if<V>(self, value: Option<V>, condition: impl FnOnce(T::Columns, V) -> Filter<T>) -> Self {
        match value {
            Some(value) => self.filter(|columns| condition(columns, value)),
            None => self,
        }
    }

    /// Says that the change may take long: on a [`Database`](crate::Database) it then has a connection of its own,
    /// where no other statement waits behind it, and
    /// [no timeout](crate::DatabaseOptions::statement_timeout) ends it.
    pub fn slow(self) -> Self {
        Self { slow: true, ..self }
    }

    /// The text that runs, with `$1`, `$2` .. where the bound values stand; the values are never shown.
    #[must_use]
    pub fn sql(&self) -> String {
        self.statement().sql()
    }

    verbs!(T);

    fn into_statement(self) -> Statement<T> {
        self.statement()
    }

    fn statement(&self) -> Statement<T> {
        let query = match self.head.clone() {
            Ok(mut sql) => {
                let mut condition = sql.begin_where(T::SQL.texts.tenant);
                for filter in &self.filters {
                    condition.and_filter(filter);
                }
                Query::built::<T>(sql, T::SQL.texts.returning)
            }
            Err(reason) => Query::impossible::<T>(reason),
        };
        Statement::new(Query { slow: self.slow, ..query }, T::decode)
    }
}

/// Nothing has this: it carries the words of the compile error for a change that does not say which rows.
#[diagnostic::on_unimplemented(
    message = "this statement does not say which rows it changes",
    label = "call `.filter(|c| ..)` first, or `.all_rows()` to change every row of the tenant"
)]
pub trait SaysWhichRows {}

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
}

impl<T> Clone for ChangeMany<T> {
    fn clone(&self) -> Self {
        Self { head: self.head.clone(), table: self.table }
    }
}

impl<T> Clone for ChangeChosen<T> {
    fn clone(&self) -> Self {
        Self { head: self.head.clone(), filters: self.filters.clone(), ..*self }
    }
}

impl<T> fmt::Debug for ChangeMany<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ChangeMany").field("head", &self.head).finish()
    }
}

impl<T> fmt::Debug for ChangeChosen<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ChangeChosen").field("head", &self.head).field("filters", &self.filters).finish()
    }
}
