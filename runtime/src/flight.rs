//! A statement under way on a connection.

use tokio_postgres::{Error as DriverError, RowStream, Statement};

use crate::error::Error;
use crate::executor::{Lease, Target};
use crate::statement::{Query, Returning};
use crate::wire::{ORPHANED_STATEMENT, REPLY_PENDING, Wire};

/// A statement under way. Dropped before it landed, it leaves a note on the connection of what is still
/// to come.
pub(crate) struct Flight<'l> {
    target: Target<'l>,
    pending: u8,
}

impl<'l> Flight<'l> {
    pub(crate) fn new(lease: &'l Lease<'_>) -> Self {
        Self { target: lease.target(), pending: 0 }
    }

    /// Sends the statement and waits for the beginning of its reply.
    pub(crate) async fn start(&mut self, query: &Query, returning: Returning) -> Result<RowStream, Error> {
        let (wire, in_transaction) = match self.target {
            Target::Wire { wire, in_transaction } => (wire, in_transaction),
            Target::Foreign(client) => {
                return client.query_raw(&query.sql(returning), &query.parameters).await.map_err(Error::driver);
            }
            #[cfg(feature = "deadpool-postgres")]
            Target::Deadpool(lease) => return lease.start(query, returning).await.map_err(Error::driver),
        };
        let key = query.key(returning);
        let mut may_retry = !in_transaction;
        loop {
            let cached = wire.statements(|cache| if query.reusable { cache.get(&key) } else { None });
            let statement = match cached.flatten() {
                Some(statement) => statement,
                None => self.prepare(wire, query, returning).await.map_err(Error::driver)?,
            };
            self.pending = REPLY_PENDING;
            let error = match wire.client().query_raw(&statement, &query.parameters).await {
                Ok(rows) => return Ok(rows),
                Err(error) => error,
            };
            self.pending = 0;
            // The table was changed under a prepared statement. Nothing ran, so outside of a transaction,
            // which the error has ended, it can be tried once more.
            let was_cached = is_stale(&error) && wire.statements(|cache| cache.remove(&key)) == Some(true);
            if !(was_cached && may_retry) {
                return Err(Error::driver(error));
            }
            may_retry = false;
        }
    }

    async fn prepare(&mut self, wire: &Wire, query: &Query, returning: Returning) -> Result<Statement, DriverError> {
        self.pending = REPLY_PENDING | ORPHANED_STATEMENT;
        let prepared = wire.client().prepare(&query.sql(returning)).await;
        self.pending = 0;
        let statement = prepared?;
        if query.reusable {
            wire.statements(|cache| cache.insert(&query.key(returning), statement.clone()));
        }
        Ok(statement)
    }

    /// The whole reply was read, or somebody else sees to it.
    pub(crate) fn land(&mut self) {
        self.pending = 0;
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        if let Target::Wire { wire, .. } = self.target
            && self.pending != 0
        {
            wire.leave(self.pending);
        }
    }
}

/// "cached plan must not change result type", or a prepared statement that is gone.
fn is_stale(error: &DriverError) -> bool {
    use tokio_postgres::error::SqlState;
    matches!(
        error.code(),
        Some(code) if *code == SqlState::FEATURE_NOT_SUPPORTED || *code == SqlState::INVALID_SQL_STATEMENT_NAME
    )
}
