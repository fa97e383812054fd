//! What comes of a row whose key is there already has to be said.

use std::fmt;
use std::future::{Pending, pending};

use crate::column::NotNull;
use crate::conflict::{Conflict, UpdatedColumns};
use crate::error::Error;
use crate::executor::Executor;
use crate::insert::Insert;
use crate::table::Table;

/// An insert that does not say yet what comes of a row whose key is there already: go on with
/// [`do_nothing`](Self::do_nothing), [`update_all`](Self::update_all) or [`update`](Self::update).
#[must_use = "this does nothing until it says what to do, by `.do_nothing()`, `.update_all()` or `.update(..)`"]
pub struct OnConflict<T> {
    insert: Insert<T>,
    key: &'static [&'static str],
}

impl<T: Table> OnConflict<T> {
    pub(crate) fn new(insert: Insert<T>, key: &'static [&'static str]) -> Self {
        Self { insert, key }
    }

    /// Leaves the row as it is, also one that was deleted softly: `DO NOTHING`. It is not brought back either, so that
    /// [`fetch_optional`](Insert::fetch_optional) answers `None`, and [`execute`](Insert::execute) does not count it.
    pub fn do_nothing(self) -> Insert<T> {
        self.insert.with(Ok(Conflict::nothing(self.key)))
    }

    /// Sets every column that the insert gives, but those of this key and of the primary key:
    /// `DO UPDATE SET name = EXCLUDED.name, ..`. The row is brought back as it is then.
    ///
    /// A column with a default is set where a row gives it, and then for all rows. A version counts up, and a row that was
    /// deleted softly is there again.
    ///
    /// # Errors
    ///
    /// As [`update`](Self::update). When no column is left to set, running it says so:
    /// [`is_no_changes`](crate::Error::is_no_changes).
    pub fn update_all(self) -> Insert<T> {
        let is_key = |column: &&str| self.key.contains(column) || T::SQL.texts.primary_key.contains(column);
        let columns = self.insert.given().into_iter().filter(|column| !is_key(column)).collect();
        self.update_columns(columns)
    }

    /// Sets these columns, one or several in a tuple, to the values of the row that was to be inserted:
    /// `.update(|c| (c.name, c.phone))` for `DO UPDATE SET name = EXCLUDED.name, phone = EXCLUDED.phone`. The row is
    /// brought back as it is then.
    ///
    /// Where the table has a version column that counts up as well, and a row that was deleted softly is there again:
    /// `version = customer.version + 1, deleted_at = NULL`.
    ///
    /// # Errors
    ///
    /// Two rows with the same key in one insert are an error of PostgreSQL, `21000`. Running it says where a column is
    /// none that an insert gives.
    pub fn update<C>(self, columns: impl FnOnce(T::Columns<T, NotNull>) -> C) -> Insert<T>
    where
        C: UpdatedColumns<T>,
    {
        let mut names = Vec::new();
        columns(T::columns(0)).append_to(&mut names);
        self.update_columns(names)
    }

    fn update_columns(self, columns: Vec<&'static str>) -> Insert<T> {
        self.insert.with(Conflict::update(self.key, columns, &T::SQL.texts))
    }
}

/// Nothing has this: it carries the words of the compile error for an insert that does not say what it does on conflict.
#[diagnostic::on_unimplemented(
    message = "this insert does not say what comes of a row that is there already",
    label = "call `.do_nothing()`, `.update_all()` or `.update(|c| ..)` first"
)]
pub trait SaysWhatToDo {}

/// The verbs, there for their compile error: without them the compiler says only that there is no such method.
impl<T> OnConflict<T> {
    #[doc(hidden)]
    pub fn execute(self, _: &dyn Executor) -> Pending<Result<u64, Error>>
    where
        Self: SaysWhatToDo,
    {
        pending()
    }

    #[doc(hidden)]
    pub fn fetch_one(self, _: &dyn Executor) -> Pending<Result<T, Error>>
    where
        Self: SaysWhatToDo,
    {
        pending()
    }

    #[doc(hidden)]
    pub fn fetch_optional(self, _: &dyn Executor) -> Pending<Result<T, Error>>
    where
        Self: SaysWhatToDo,
    {
        pending()
    }

    #[doc(hidden)]
    pub fn fetch_all(self, _: &dyn Executor) -> Pending<Result<T, Error>>
    where
        Self: SaysWhatToDo,
    {
        pending()
    }

    #[doc(hidden)]
    pub fn fetch(self, _: &dyn Executor) -> Pending<Result<T, Error>>
    where
        Self: SaysWhatToDo,
    {
        pending()
    }
}

impl<T> Clone for OnConflict<T> {
    fn clone(&self) -> Self {
        Self { insert: self.insert.clone(), key: self.key }
    }
}

impl<T: Table> fmt::Debug for OnConflict<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OnConflict").field("insert", &self.insert).field("key", &self.key).finish()
    }
}
