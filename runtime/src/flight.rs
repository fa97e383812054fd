//! A statement under way on a connection.

use std::error::Error as _;

use tokio_postgres::error::SqlState;
use tokio_postgres::types::WrongType;
use tokio_postgres::{Error as DriverError, RowStream, Statement};

use crate::error::{Error, ends_the_connection};
use crate::executor::Lease;
use crate::statement::{Query, Returning};
use crate::wire::Wire;

/// Sends the statement and waits for the beginning of its reply. Whoever reads the reply to its end says
/// so by [`landed`]; a future that is dropped before leaves its note on the connection.
pub(crate) async fn start(lease: &Lease<'_>, query: &Query, returning: Returning) -> Result<RowStream, Error> {
    let (wire, in_transaction) = match lease {
        Lease::Pooled(pooled) => (pooled.wire(), false),
        Lease::Wire { wire, in_transaction } => (*wire, *in_transaction),
        Lease::Foreign(client) => {
            return client.query_raw(&query.sql(returning), &query.parameters).await.map_err(Error::driver);
        }
        #[cfg(feature = "deadpool-postgres")]
        Lease::Deadpool(lease) => return lease.start(query, returning).await.map_err(Error::driver),
    };
    if wire.has_open_stream() {
        return Err(Error::stream_open());
    }
    let key = query.key(returning);
    let mut may_retry = !in_transaction;
    loop {
        let cached = wire.statements(|cache| if query.reusable { cache.get(&key) } else { None });
        let statement = match cached.flatten() {
            Some(statement) => statement,
            None => prepare(wire, query, returning).await.map_err(|error| failed(wire, error))?,
        };
        wire.reply_expected();
        let error = match wire.client().query_raw(&statement, &query.parameters).await {
            Ok(rows) => return Ok(rows),
            Err(error) => error,
        };
        wire.reply_read();
        // The table was changed under a prepared statement. Nothing ran, so outside of a transaction,
        // which the error has ended, it can be tried once more.
        let was_cached = is_stale(&error) && wire.statements(|cache| cache.remove(&key)) == Some(true);
        if error.source().is_some_and(|cause| cause.is::<WrongType>()) {
            forget_types(wire, query, returning);
        }
        if !(was_cached && may_retry) {
            return Err(failed(wire, error));
        }
        may_retry = false;
    }
}

/// A row did not fit its struct.
pub(crate) fn misread(lease: &Lease<'_>, query: &Query) {
    if let Some(wire) = lease.wire() {
        forget_types(wire, query, Returning::Rows);
    }
}

/// A type did not fit. It may be altered until the next time, and is then to be looked up anew.
fn forget_types(wire: &Wire, query: &Query, returning: Returning) {
    wire.statements(|cache| cache.remove(&query.key(returning)));
    wire.client().clear_type_cache();
}

/// The reply was read to its end, or to its error.
pub(crate) fn landed(lease: &Lease<'_>, error: Option<DriverError>) -> Option<Error> {
    let Some(wire) = lease.wire() else { return error.map(Error::driver) };
    wire.reply_read();
    error.map(|error| failed(wire, error))
}

/// The driver may notice later than its caller that a connection is gone.
fn failed(wire: &Wire, error: DriverError) -> Error {
    if ends_the_connection(&error) {
        wire.lost();
    }
    Error::driver(error)
}

async fn prepare(wire: &Wire, query: &Query, returning: Returning) -> Result<Statement, DriverError> {
    let statement = wire.prepare(&query.sql(returning)).await?;
    if query.reusable {
        wire.statements(|cache| cache.insert(&query.key(returning), statement.clone()));
    }
    Ok(statement)
}

/// "cached plan must not change result type", a prepared statement that is gone, or "cache lookup failed"
/// for a type that was made anew.
pub(crate) fn is_stale(error: &DriverError) -> bool {
    const STALE: [SqlState; 3] =
        [SqlState::FEATURE_NOT_SUPPORTED, SqlState::INVALID_SQL_STATEMENT_NAME, SqlState::INTERNAL_ERROR];
    error.code().is_some_and(|code| STALE.contains(code))
}
