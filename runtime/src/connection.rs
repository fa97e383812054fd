//! One connection, held by one owner.

use tokio_postgres::Client;

use crate::error::Error;
use crate::executor::{Executor, Target, sealed};
use crate::pool::Loan;
use crate::transaction::{Transaction, TransactionOptions};
use crate::wire::Wire;

/// One connection to the database, held until it is dropped: from the pool by
/// [`Database::connection`](crate::Database::connection), or around a client of one's own by
/// [`from_client`](Self::from_client).
#[derive(Debug)]
pub struct Connection(Holder);

#[derive(Debug)]
enum Holder {
    Pooled(Loan),
    Owned(Box<Wire>),
}

impl Connection {
    /// How many statements stay prepared on a connection around a client of one's own.
    const STATEMENT_CAPACITY: usize = 256;

    pub(crate) fn pooled(loan: Loan) -> Self {
        Self(Holder::Pooled(loan))
    }

    /// A connection around a client that the application made itself, whose connection task it runs.
    ///
    /// A future that is dropped while its statement runs leaves the statement running on it: what is
    /// sent next waits for it.
    ///
    /// The client is to be in no transaction that was begun by hand: statements on a table with row-level security begin and
    /// commit one of their own here.
    #[must_use]
    pub fn from_client(client: Client) -> Self {
        Self(Holder::Owned(Box::new(Wire::new(client, Self::STATEMENT_CAPACITY))))
    }

    /// The client that [`from_client`](Self::from_client) was given; a connection of the pool stays one.
    ///
    /// # Errors
    ///
    /// The connection itself, where it is the pool's.
    pub fn into_client(self) -> Result<Client, Self> {
        match self.0 {
            Holder::Owned(wire) => Ok(wire.into_client()),
            pooled @ Holder::Pooled(_) => Err(Self(pooled)),
        }
    }

    /// Begins a transaction with the database's default isolation level: `BEGIN`.
    ///
    /// # Errors
    ///
    /// When the connection is lost.
    pub async fn begin(&mut self) -> Result<Transaction<'_>, Error> {
        self.begin_with(TransactionOptions::new()).await
    }

    /// Begins a transaction: `BEGIN ISOLATION LEVEL ..`.
    ///
    /// # Errors
    ///
    /// When the connection is lost.
    pub async fn begin_with(&mut self, options: TransactionOptions) -> Result<Transaction<'_>, Error> {
        Transaction::begin_borrowed(self.wire(), options).await
    }

    /// The driver's client, on which **anything can be run, for any tenant**: for what this crate does
    /// not do, and for code review to search for.
    ///
    /// A connection of the pool is closed when it is dropped after this, so that no setting of the
    /// session reaches the next borrower.
    #[must_use]
    pub fn unscoped_client(&self) -> &Client {
        self.wire().unscoped_client()
    }

    pub(crate) fn wire(&self) -> &Wire {
        match &self.0 {
            Holder::Pooled(loan) => loan.wire(),
            Holder::Owned(wire) => wire,
        }
    }
}

impl sealed::Sealed for Connection {}

#[diagnostic::do_not_recommend]
impl Executor for Connection {
    fn target(&self) -> Target<'_> {
        Target::wire(self.wire(), false)
    }
}
