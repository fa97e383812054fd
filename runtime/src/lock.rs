//! Queries that lock the rows they read, until the end of a transaction.

use std::fmt;

use crate::error::Error;
use crate::executor::Executor;
use crate::find::Find;
use crate::run;
use crate::select::Select;
use crate::source::Source;
use crate::sql::Piece;
use crate::statement::Statement;
use crate::transaction::Transaction;

/// A query that locks the rows it reads; made by `for_update` and its sisters. It runs in a transaction alone, whose end
/// gives the rows free.
#[must_use = "a query does nothing until a verb runs it: `.fetch_one(&transaction)`, .."]
pub struct Locked<R> {
    statement: Statement<R>,
    /// Only the rows of the query's first table are locked, where it has several.
    of_first: bool,
    strength: &'static str,
    wait: &'static str,
}

/// What a lock lasts in: a [`Transaction`], or a savepoint, which is one too.
///
/// This trait is sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no transaction, so a lock would end at once",
    label = "rows are locked until the end of a transaction: begin one by `db.begin().await?`, and give `&transaction`"
)]
pub trait InTransaction: Executor {}

#[diagnostic::do_not_recommend]
impl InTransaction for Transaction<'_> {}
#[diagnostic::do_not_recommend]
impl InTransaction for tokio_postgres::Transaction<'_> {}
#[cfg(feature = "deadpool-postgres")]
#[diagnostic::do_not_recommend]
impl InTransaction for deadpool_postgres::Transaction<'_> {}

/// The locks, for every query that can take one.
macro_rules! locks {
    ($row:ident) => {
        /// Locks the rows against all changes and locks of others: `FOR UPDATE`. Where tables are joined, the rows of the
        /// first one.
        pub fn for_update(self) -> Locked<$row> {
            self.locked(" FOR UPDATE")
        }

        /// Locks the rows against changes, but lets others refer to them: `FOR NO KEY UPDATE`.
        pub fn for_no_key_update(self) -> Locked<$row> {
            self.locked(" FOR NO KEY UPDATE")
        }

        /// Locks the rows against changes, but lets others lock them so, too: `FOR SHARE`.
        pub fn for_share(self) -> Locked<$row> {
            self.locked(" FOR SHARE")
        }

        /// Locks the rows against deletion and changes of their keys: `FOR KEY SHARE`.
        pub fn for_key_share(self) -> Locked<$row> {
            self.locked(" FOR KEY SHARE")
        }
    };
}

impl<Q: Source> Select<Q> {
    locks!(Q);

    fn locked(self, strength: &'static str) -> Locked<Q> {
        let of_first = self.has_several_relations();
        Locked { statement: self.into_statement(), of_first, strength, wait: "" }
    }
}

impl<T> Find<T> {
    locks!(T);

    fn locked(self, strength: &'static str) -> Locked<T> {
        Locked { statement: self.0, of_first: false, strength, wait: "" }
    }
}

impl<R> Locked<R> {
    /// Leaves out rows that others have locked: `SKIP LOCKED`.
    pub fn skip_locked(self) -> Self {
        Self { wait: " SKIP LOCKED", ..self }
    }

    /// Fails where others have locked a row, instead of waiting for them: `NOWAIT`. The error's
    /// [`is_locked`](Error::is_locked) is true.
    pub fn no_wait(self) -> Self {
        Self { wait: " NOWAIT", ..self }
    }

    /// The text that runs, with `$1`, `$2` .. where the bound values stand; the values are never shown.
    #[must_use]
    pub fn sql(&self) -> String {
        self.clone().into_statement().sql()
    }

    fn into_statement(self) -> Statement<R> {
        let mut end = vec![Piece::Text(self.strength)];
        if self.of_first {
            end.extend([Piece::Text(" OF "), Piece::Alias(0)]);
        }
        end.push(Piece::Text(self.wait));
        let Statement { query, decode } = self.statement;
        Statement { query: query.ended_by(end), decode }
    }
}

impl<R: Send + 'static> Locked<R> {
    /// Runs the query, waits for its lock and reads its one row.
    ///
    /// # Errors
    ///
    /// As [`Statement::fetch_one`]; [`is_locked`](Error::is_locked) with [`no_wait`](Self::no_wait).
    pub async fn fetch_one(self, transaction: &dyn InTransaction) -> Result<R, Error> {
        let statement = self.into_statement();
        let row = run::fetch_optional(&statement, transaction.target()).await?;
        row.ok_or_else(|| statement.not_found())
    }

    /// Runs the query, waits for its lock and reads its row, if there is one.
    ///
    /// # Errors
    ///
    /// As [`Statement::fetch_optional`]; [`is_locked`](Error::is_locked) with [`no_wait`](Self::no_wait).
    pub async fn fetch_optional(self, transaction: &dyn InTransaction) -> Result<Option<R>, Error> {
        run::fetch_optional(&self.into_statement(), transaction.target()).await
    }

    /// Runs the query, waits for its locks and reads all its rows.
    ///
    /// # Errors
    ///
    /// Whatever the database answers; [`is_locked`](Error::is_locked) with [`no_wait`](Self::no_wait).
    pub async fn fetch_all(self, transaction: &dyn InTransaction) -> Result<Vec<R>, Error> {
        run::fetch_all(self.into_statement(), transaction.target()).await
    }
}

impl<R> Clone for Locked<R> {
    fn clone(&self) -> Self {
        Self { statement: self.statement.clone(), ..*self }
    }
}

impl<R> fmt::Debug for Locked<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Locked").field(&self.sql()).finish()
    }
}
