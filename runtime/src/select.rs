//! Queries that grow: filters, order, a page.

use std::fmt;

use crate::filter::{Filter, Node};
use crate::order::{Order, OrderBy};
use crate::scope::Binding;
use crate::sql::{Fragments, Sql};
use crate::statement::{Decode, Query, Statement, verbs};
use crate::table::Table;
use crate::value::Value;

/// A query on the rows of one table, in one scope; made by a repository's `all()` and `filter(..)`.
#[must_use = "a query does nothing until a verb runs it: `.fetch_all(&db)`, .."]
pub struct Select<T> {
    binding: Binding,
    filters: Vec<Node>,
    order: Vec<Order<T>>,
    limit: Option<u32>,
    offset: Option<u32>,
    slow: bool,
}

impl<T: Table> Select<T> {
    pub(crate) fn new(binding: Binding) -> Self {
        Self { binding, filters: Vec::new(), order: Vec::new(), limit: None, offset: None, slow: false }
    }

    /// Keeps the rows for which the condition is true, besides all earlier conditions.
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

    /// Orders by a column, or by several in an array; what was asked for earlier comes first.
    pub fn order_by<O>(mut self, order: impl FnOnce(T::Columns) -> O) -> Self
    where
        O: OrderBy<T>,
    {
        order(T::COLUMNS).append_to(&mut self.order);
        self
    }

    /// At most this many rows.
    pub fn limit(self, rows: u32) -> Self {
        Self { limit: Some(rows), ..self }
    }

    /// Without the first rows.
    pub fn offset(self, rows: u32) -> Self {
        Self { offset: Some(rows), ..self }
    }

    /// Says that the query may take long: on a [`Database`](crate::Database) it then has a connection of its own,
    /// where no other statement waits behind it, and
    /// [no timeout](crate::DatabaseOptions::statement_timeout) ends it.
    pub fn slow(self) -> Self {
        Self { slow: true, ..self }
    }

    /// The number of rows instead of the rows, limit and offset counted in.
    pub fn count(&self) -> Statement<i64> {
        let sql = if self.limit.is_some() || self.offset.is_some() {
            // The page is what is counted: `count(*)` itself has but one row to limit.
            Sql::around("SELECT count(*) FROM (", self.write(T::SQL.texts.select), ") AS page")
        } else {
            self.unordered().write(T::SQL.texts.count)
        };
        self.statement(sql, |row| row.get(0))
    }

    /// Whether there is a row at all.
    pub fn exists(&self) -> Statement<bool> {
        let mut sql = self.unordered().write(T::SQL.texts.exists);
        sql.push(")");
        self.statement(sql, |row| row.get(0))
    }

    fn statement<R>(&self, sql: Sql, decode: Decode<R>) -> Statement<R> {
        let query = Query::built::<T>(sql, "");
        Statement::new(Query { slow: self.slow, ..query }, decode)
    }

    fn unordered(&self) -> Self {
        Self { order: Vec::new(), ..self.clone() }
    }

    /// The text that runs, with `$1`, `$2` .. where the bound values stand; the values are never shown.
    #[must_use]
    pub fn sql(&self) -> String {
        self.write(T::SQL.texts.select).text()
    }

    fn write(&self, head: Fragments) -> Sql {
        let mut sql = Sql::begin(head, &self.binding);
        let mut condition = sql.begin_where(T::SQL.texts.tenant);
        for filter in &self.filters {
            condition.and_filter(filter);
        }
        if !self.order.is_empty() {
            sql.push(" ORDER BY ").list(&self.order, |sql, order| order.write(sql));
        }
        if let Some(rows) = self.limit {
            sql.push(" LIMIT ").bind(Value::new(i64::from(rows)));
        }
        if let Some(rows) = self.offset {
            sql.push(" OFFSET ").bind(Value::new(i64::from(rows)));
        }
        sql
    }
}

impl<T: Table> Select<T> {
    verbs!(T);

    fn into_statement(self) -> Statement<T> {
        self.statement(self.write(T::SQL.texts.select), T::decode)
    }
}

impl<T> Clone for Select<T> {
    fn clone(&self) -> Self {
        Self { binding: self.binding.clone(), filters: self.filters.clone(), order: self.order.clone(), ..*self }
    }
}

impl<T> fmt::Debug for Select<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Select")
            .field("filters", &self.filters)
            .field("order", &self.order)
            .field("limit", &self.limit)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}
