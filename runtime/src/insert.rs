//! Inserts, of one row or of many, and what they do where a row is there already.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::column::NotNull;
use crate::conflict::{Conflict, ConflictKey};
use crate::new_rows::{Cells, NewRows, Returned, columns_of, lists, returning};
use crate::on_conflict::OnConflict;
use crate::projection::Projection;
use crate::row::Row;
use crate::scope::Binding;
use crate::source::Source;
use crate::statement::{Decode, Impossible, Query, Statement, verbs};
use crate::table::{NewRow, NewValues, Table};

/// An insert of one row or of many, all or none; made by a repository's `insert(..)` and `insert_many(..)`.
///
/// [`on_conflict`](Self::on_conflict) says what comes of a row whose key is there already; otherwise it is
/// [an error](crate::Error::is_unique_violation).
///
/// Many rows go as one array for each column, so that one prepared statement serves any number of them. Rows of which
/// only some give a column that has a default go with a parameter for each value instead, as do all where a column is an
/// array itself.
///
/// More than 10,000 rows, or 65,535 values, go in several statements. On a [`Database`](crate::Database) or a
/// [`Connection`](crate::Connection) these run in a transaction of their own, which is rolled back when the future is
/// dropped; meanwhile other statements on the same `Connection` fail, by
/// [`is_connection_busy`](crate::Error::is_connection_busy). In a [`Transaction`](crate::Transaction) they run one after
/// another, and a future that is dropped may leave some of the rows in it. It is one statement, however many rows there
/// are, with [`fetch`](Self::fetch), where rows are updated on conflict, and on the application's own client.
#[must_use = "an insert does nothing until a verb runs it: `.fetch_one(&db)`, `.execute(&db)`, .."]
pub struct Insert<T, R = T> {
    binding: Binding,
    rows: Rows,
    conflict: Result<Option<Conflict>, Impossible>,
    returning: Option<Returned>,
    slow: bool,
    decode: Decode<R>,
    table: PhantomData<fn() -> T>,
}

#[derive(Clone)]
enum Rows {
    One(Cells),
    Many(Arc<[Cells]>),
}

impl<T: Table> Insert<T> {
    pub(crate) fn one(binding: Binding, new: T::New) -> Self {
        let mut values = NewValues::default();
        new.values(&mut values);
        Self::new(binding, Rows::One(values.0))
    }

    pub(crate) fn many(binding: Binding, news: impl IntoIterator<Item = T::New>) -> Self {
        Self::new(binding, Rows::Many(columns_of::<T>(news)))
    }

    fn new(binding: Binding, rows: Rows) -> Self {
        let decode = <T as Source>::decode;
        Self { binding, rows, conflict: Ok(None), returning: None, slow: false, decode, table: PhantomData }
    }

    /// Where a row with the same key is there already: `ON CONFLICT (key)`, with the tenant column before the key's
    /// where the table has one. The database must have a unique index on just these columns.
    ///
    /// Said again, it replaces what was said before.
    pub fn on_conflict<K>(self, key: K) -> OnConflict<T>
    where
        K: ConflictKey<T>,
    {
        OnConflict::new(self, key.columns())
    }

    /// Brings these expressions of the rows instead of whole rows: `RETURNING ..`.
    pub fn returning<P: Projection<T>>(self, returning: impl FnOnce(T::Columns<T, NotNull>) -> P) -> Insert<T, P::Row> {
        let mut list = Vec::new();
        returning(T::columns(0)).append_to(&mut list);
        let Self { binding, rows, conflict, slow, .. } = self;
        let decode = |row: &Row<'_>| P::decode(&mut row.clone());
        Insert { binding, rows, conflict, returning: Some(list.into()), slow, decode, table: PhantomData }
    }

    /// The columns of which a row has a value, as they stand in SQL.
    pub(crate) fn given(&self) -> Vec<&'static str> {
        let is_given = |place: usize| match &self.rows {
            Rows::One(values) => values.get(place).is_some_and(Option::is_some),
            Rows::Many(columns) => columns.get(place).is_some_and(|column| column.iter().any(Option::is_some)),
        };
        T::SQL.texts.inserted.iter().enumerate().filter(|(place, _)| is_given(*place)).map(|(_, name)| *name).collect()
    }

    pub(crate) fn with(self, conflict: Result<Conflict, Impossible>) -> Self {
        Self { conflict: conflict.map(Some), ..self }
    }
}

impl<T: Table, R> Insert<T, R> {
    /// Says that the insert may take long: on a [`Database`](crate::Database) it then has a connection of its own,
    /// where no other statement waits behind it, and
    /// [no timeout](crate::DatabaseOptions::statement_timeout) ends it.
    pub fn slow(self) -> Self {
        Self { slow: true, ..self }
    }

    /// The text that runs, with `$1`, `$2` .. where the bound values stand; the values are never shown.
    ///
    /// Empty for an insert of no rows, which does nothing. Rows that go in several statements are shown in one; and that a
    /// column is an array itself turns out only in the database.
    #[must_use]
    pub fn sql(&self) -> String {
        self.clone().into_statement().sql()
    }

    fn into_statement(self) -> Statement<R> {
        let Self { binding, rows, conflict, returning: returned, slow, decode, .. } = self;
        let query = match (rows, conflict) {
            (Rows::Many(columns), _) if columns.iter().all(Vec::is_empty) => Query::nothing::<T>(),
            (_, Err(reason)) => Query::impossible::<T>(reason),
            (Rows::One(values), Ok(None)) if returned.is_none() && values.iter().all(Option::is_some) => {
                Query::fixed::<T>(&T::SQL.insert_one, &binding, values.into_iter().flatten())
            }
            (Rows::One(values), Ok(conflict)) => {
                let mut sql = lists(&T::SQL.texts, &binding, [values]);
                if let Some(conflict) = conflict {
                    conflict.write(&T::SQL.texts, &mut sql);
                }
                returning(sql, &T::SQL.texts, returned.as_ref())
            }
            (Rows::Many(columns), Ok(conflict)) => NewRows::new::<T>(columns, binding, conflict, returned).query(),
        };
        Statement::new(Query { slow, ..query }, decode)
    }
}

impl<T: Table, R: Send + 'static> Insert<T, R> {
    verbs!(R);
}

impl<T, R> Clone for Insert<T, R> {
    fn clone(&self) -> Self {
        let (binding, rows, conflict) = (self.binding.clone(), self.rows.clone(), self.conflict.clone());
        Self { binding, rows, conflict, returning: self.returning.clone(), ..*self }
    }
}

impl<T: Table, R> fmt::Debug for Insert<T, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Insert").field(&self.sql()).finish()
    }
}
