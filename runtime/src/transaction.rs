//! Transactions and savepoints, rolled back unless committed.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::connection::Connection;
use crate::error::Error;
use crate::executor::{Executor, Target, sealed};
use crate::flight::{failed, silence};
use crate::wire::Wire;

/// A transaction, or a savepoint within one.
///
/// Statements of several tenants may run in it, each made by its own repository. Dropped without
/// [`commit`](Self::commit) it is rolled back, also when the future that holds it is dropped.
#[must_use = "a transaction that is dropped is rolled back"]
#[derive(Debug)]
pub struct Transaction<'c> {
    holder: Holder<'c>,
    /// 0 for the transaction itself, else the number of the savepoint.
    depth: u32,
    ended: bool,
}

#[derive(Debug)]
enum Holder<'c> {
    Owned(Connection),
    Borrowed(&'c Wire),
}

impl Transaction<'static> {
    pub(crate) async fn begin_owned(connection: Connection, options: TransactionOptions) -> Result<Self, Error> {
        Self { holder: Holder::Owned(connection), depth: 0, ended: false }.begin(options).await
    }
}

impl<'c> Transaction<'c> {
    pub(crate) async fn begin_borrowed(wire: &'c Wire, options: TransactionOptions) -> Result<Self, Error> {
        Self { holder: Holder::Borrowed(wire), depth: 0, ended: false }.begin(options).await
    }

    /// The value exists before its command is sent: wherever this future is dropped, it rolls back.
    async fn begin(self, options: TransactionOptions) -> Result<Self, Error> {
        silence(self.wire()).await?;
        self.wire().begin(&options.begin_sql()).await.map_err(|error| failed(self.wire(), error))?;
        Ok(self)
    }

    /// Begins a savepoint: `SAVEPOINT tenantry_1`. Until it ends, nothing else can run in this
    /// transaction; committing it keeps its work as part of the transaction, dropping it undoes its work
    /// alone.
    ///
    /// # Errors
    ///
    /// When the transaction has failed already, or the connection is lost.
    pub async fn savepoint(&mut self) -> Result<Transaction<'_>, Error> {
        silence(self.wire()).await?;
        let depth = self.depth + 1;
        let savepoint = Transaction { holder: Holder::Borrowed(self.wire()), depth, ended: false };
        let begun = savepoint.wire().command(&format!("SAVEPOINT tenantry_{depth}")).await;
        begun.map_err(|error| failed(savepoint.wire(), error))?;
        Ok(savepoint)
    }

    /// Commits: `COMMIT`, or for a savepoint `RELEASE SAVEPOINT tenantry_1`.
    ///
    /// A future of this method that is dropped may have committed or not.
    ///
    /// # Errors
    ///
    /// [`is_transaction_aborted`](Error::is_transaction_aborted) when an earlier statement failed:
    /// PostgreSQL would answer such a commit by a silent roll-back. Also whatever the database answers
    /// to the commit itself, like a serialization failure. Nothing was committed then, unless the
    /// connection was lost.
    pub async fn commit(mut self) -> Result<(), Error> {
        silence(self.wire()).await?;
        let committed = if self.depth == 0 {
            // In a failed transaction the empty query fails, where COMMIT alone would seem to succeed.
            self.wire().command("SELECT; COMMIT").await
        } else {
            self.wire().command(&format!("RELEASE SAVEPOINT tenantry_{}", self.depth)).await
        };
        match committed {
            Ok(()) => {
                self.end();
                Ok(())
            }
            Err(error) if error.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION) => {
                Err(Error::transaction_aborted(error))
            }
            Err(error) => Err(failed(self.wire(), error)),
        }
    }

    /// Rolls back: `ROLLBACK`, or for a savepoint `ROLLBACK TO SAVEPOINT tenantry_1`.
    ///
    /// # Errors
    ///
    /// When the connection is lost, which rolls back as well.
    pub async fn rollback(mut self) -> Result<(), Error> {
        silence(self.wire()).await?;
        let sql = self.rollback_sql();
        // A savepoint holds what was set before it.
        self.wire().carried().forget();
        self.wire().command(&sql).await.map_err(|error| failed(self.wire(), error))?;
        self.end();
        Ok(())
    }

    fn end(&mut self) {
        self.ended = true;
        if self.depth == 0 {
            self.wire().transaction_ended();
        }
    }

    /// The driver's client, inside this transaction, on which **anything can be run, for any tenant**:
    /// for what this crate does not do, and for code review to search for.
    ///
    /// A connection of the pool is closed after this, so that no setting of the session reaches the next
    /// borrower.
    #[must_use]
    pub fn unscoped_client(&self) -> &Client {
        self.wire().unscoped_client()
    }

    fn rollback_sql(&self) -> String {
        match self.depth {
            0 => "ROLLBACK".to_owned(),
            depth => format!("ROLLBACK TO SAVEPOINT tenantry_{depth}; RELEASE SAVEPOINT tenantry_{depth}"),
        }
    }

    pub(crate) fn wire(&self) -> &Wire {
        match &self.holder {
            Holder::Owned(connection) => connection.wire(),
            Holder::Borrowed(wire) => wire,
        }
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        match self.depth {
            0 => self.wire().roll_back_unanswered(),
            _ => self.wire().undo_unanswered(&self.rollback_sql()),
        }
    }
}

impl sealed::Sealed for Transaction<'_> {}

#[diagnostic::do_not_recommend]
impl Executor for Transaction<'_> {
    fn target(&self) -> Target<'_> {
        Target::wire(self.wire(), true)
    }
}

/// How a transaction begins.
///
/// ```
/// use tenantry::{IsolationLevel, TransactionOptions};
///
/// let report = TransactionOptions::new().isolation_level(IsolationLevel::RepeatableRead).read_only();
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[must_use = "options do nothing until `begin_with`"]
pub struct TransactionOptions {
    isolation_level: Option<IsolationLevel>,
    read_only: bool,
    deferrable: bool,
}

/// What a transaction sees of others; PostgreSQL's levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IsolationLevel {
    /// Each statement sees what was committed before it began.
    ReadCommitted,
    /// All statements see what was committed before the first of them.
    RepeatableRead,
    /// As if transactions ran one after another; one that cannot, fails and
    /// [can be retried](Error::is_retryable).
    Serializable,
}

impl TransactionOptions {
    /// The database's defaults.
    pub const fn new() -> Self {
        Self { isolation_level: None, read_only: false, deferrable: false }
    }

    /// `ISOLATION LEVEL ..`
    pub const fn isolation_level(self, level: IsolationLevel) -> Self {
        Self { isolation_level: Some(level), ..self }
    }

    /// `READ ONLY`: writes fail.
    pub const fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }

    /// `DEFERRABLE`: a serializable transaction that only reads waits at its beginning, and then
    /// neither fails nor disturbs others.
    pub const fn deferrable(self) -> Self {
        Self { deferrable: true, ..self }
    }

    fn begin_sql(self) -> String {
        let mut sql = String::from("BEGIN");
        sql.push_str(match self.isolation_level {
            None => "",
            Some(IsolationLevel::ReadCommitted) => " ISOLATION LEVEL READ COMMITTED",
            Some(IsolationLevel::RepeatableRead) => " ISOLATION LEVEL REPEATABLE READ",
            Some(IsolationLevel::Serializable) => " ISOLATION LEVEL SERIALIZABLE",
        });
        if self.read_only {
            sql.push_str(" READ ONLY");
        }
        if self.deferrable {
            sql.push_str(" DEFERRABLE");
        }
        sql
    }
}
