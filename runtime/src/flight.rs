//! A statement under way on a connection.

use std::error::Error as _;
use std::ptr;

use tokio::runtime::Handle;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{Type, WrongType};
use tokio_postgres::{Column, Error as DriverError, Row, RowStream, Statement};

use crate::error::{Error, ends_the_connection};
use crate::executor::Lease;
use crate::pool::Loan;
use crate::statement::{Query, Returning};
use crate::wire::Wire;

/// Sends the statement and waits for the beginning of its reply. Whoever reads the reply to its end says
/// so by [`landed`]; a future that is dropped before leaves its note on the connection.
pub(crate) async fn start(lease: &Lease<'_>, query: &Query, returning: Returning) -> Result<RowStream, Error> {
    let wire = match lease {
        Lease::Pooled(loan) => loan.wire(),
        Lease::Wire { wire, .. } => wire,
        Lease::Foreign(client) => {
            return client.query_raw(&query.sql(returning), &query.parameters).await.map_err(Error::driver);
        }
        #[cfg(feature = "deadpool-postgres")]
        Lease::Deadpool(lease) => return lease.start(query, returning).await.map_err(Error::driver),
    };
    if wire.has_open_stream() {
        return Err(Error::stream_open());
    }
    if wire.is_behind_pooler() {
        Box::pin(silence(wire)).await?;
    }
    lease.reply_expected();
    let cached = wire.statements(|cache| if query.reusable { cache.get(&query.key(returning)) } else { None });
    // What is rare stands on the heap, and makes no future larger.
    let started = match cached.flatten() {
        Some(statement) => {
            wire.reply_expected();
            match wire.client().query_raw(&statement, &query.parameters).await {
                Ok(rows) => return Ok(rows),
                Err(error) => {
                    wire.reply_read();
                    Box::pin(start_again(lease, wire, (query, returning), &statement, error)).await
                }
            }
        }
        None => Box::pin(start_anew(lease, wire, query, returning)).await,
    };
    if started.is_err() {
        lease.reply_read();
    }
    started
}

/// Behind a pooler nothing is sent while a reply is to come, and what was dropped is ended first.
pub(crate) async fn silence(wire: &Wire) -> Result<(), Error> {
    if wire.is_behind_pooler() {
        if !wire.is_silent() {
            return Err(Error::connection_busy());
        }
        wire.send_due().await.map_err(|error| failed(wire, error))?;
    }
    Ok(())
}

/// After an error of a prepared statement. Where the table was changed under it nothing ran, so that outside of a
/// transaction, which the error has ended, it can be tried once more.
async fn start_again(
    lease: &Lease<'_>,
    wire: &Wire,
    (query, returning): (&Query, Returning),
    statement: &Statement,
    error: DriverError,
) -> Result<RowStream, Error> {
    forget_misfit(wire, query, returning, &error);
    if is_stale(&error) {
        // Others may have had the same one, and one of them may have prepared it anew.
        wire.statements(|cache| cache.remove_if(&query.key(returning), |kept| is_same(kept, statement)));
        if !lease.in_transaction() {
            return start_anew(lease, wire, query, returning).await;
        }
    }
    Err(failed(wire, error))
}

/// Runs a statement that is not kept prepared: in one round trip, where the types of its values are known.
async fn start_anew(lease: &Lease<'_>, wire: &Wire, query: &Query, returning: Returning) -> Result<RowStream, Error> {
    let (sql, key) = (query.sql(returning), query.key(returning));
    // Without a place to keep them, statements have no names.
    let is_named = wire.statements(|_| ()).is_some();
    let is_worth_keeping = query.reusable && wire.statements(|cache| cache.admits(&key)) == Some(true);
    let started = match known_types(wire, query) {
        Some(types) => match lease.shared() {
            // What fails beside the statements of a transaction would end it, so that one of its own waits.
            None if is_worth_keeping => prepare_and_run(wire, query, &sql, returning).await,
            shared => match run_typed(wire, query, &sql, &types).await {
                Err(error) if are_types_in_doubt(&error) => {
                    return Box::pin(ask_again(lease, wire, query, returning, &types, error)).await;
                }
                Ok(rows) => {
                    if let (true, Some(loan)) = (is_worth_keeping, shared) {
                        prepare_for_next_time(loan, query, sql, returning);
                    }
                    Ok(rows)
                }
                error => error,
            },
        },
        None if is_named => prepare_and_run(wire, query, &sql, returning).await,
        None => {
            let inferred = wire.infer_types(&sql).await.map_err(|error| failed(wire, error))?;
            match inferred.into_iter().collect::<Option<Vec<_>>>() {
                Some(types) => {
                    learn_types(wire, query, &types);
                    run_typed(wire, query, &sql, &types).await
                }
                None if wire.is_behind_pooler() => return Err(Error::own_type(query.table, false)),
                None => prepare_and_run(wire, query, &sql, returning).await,
            }
        }
    };
    started.map_err(|error| {
        forget_misfit(wire, query, returning, &error);
        failed(wire, error)
    })
}

/// The statement was refused, perhaps because its columns have other types now, or in this schema. If so nothing
/// ran, and outside of a transaction, which the error has ended, it can be tried once more.
async fn ask_again(
    lease: &Lease<'_>,
    wire: &Wire,
    query: &Query,
    returning: Returning,
    types: &[Type],
    error: DriverError,
) -> Result<RowStream, Error> {
    wire.known_types().forget(&query.key_of_types());
    if lease.in_transaction() {
        return Err(failed(wire, error));
    }
    let sql = query.sql(returning);
    let are_others = match wire.infer_types(&sql).await {
        Ok(inferred) => inferred.iter().zip(types).any(|(inferred, ty)| inferred.as_ref() != Some(ty)),
        Err(_) => false,
    };
    if are_others {
        return start_anew(lease, wire, query, returning).await;
    }
    Err(failed(wire, error))
}

/// One round trip, and nothing that stays on the server.
async fn run_typed(wire: &Wire, query: &Query, sql: &str, types: &[Type]) -> Result<RowStream, DriverError> {
    wire.reply_expected();
    let parameters = query.parameters.iter().zip(types).map(|(value, ty)| {
        // In this schema it may be `citext`, which compares otherwise than text that is declared.
        let is_text = query.schema.is_some() && [Type::TEXT, Type::VARCHAR].contains(ty);
        (value, if is_text && value.is_literal() { Type::UNKNOWN } else { ty.clone() })
    });
    let started = wire.client().query_typed_raw(sql, parameters).await;
    if started.is_err() {
        wire.reply_read();
    }
    started
}

/// Prepares a statement that others may ask for again, beside the reading of its rows. A share keeps the connection
/// from being lent meanwhile.
fn prepare_for_next_time(loan: &Loan, query: &Query, sql: String, returning: Returning) {
    let (Ok(runtime), Some(loan)) = (Handle::try_current(), loan.to_prepare()) else { return };
    if loan.wire().statements(|cache| cache.begin_preparing(&query.key(returning))) != Some(true) {
        return;
    }
    let query = query.clone();
    runtime.spawn(async move {
        let wire = loan.wire();
        // That a server has fallen silent is seen only where somebody waits: the connection would be kept for ever.
        let _answer = wire.await_answer();
        // What is wrong with it shows when it is used.
        let prepared = wire.client().prepare(&sql).await;
        wire.answered();
        wire.statements(|cache| cache.end_preparing(&query.key(returning), prepared.ok()));
    });
}

/// Two round trips: the server says what it takes.
async fn prepare_and_run(
    wire: &Wire,
    query: &Query,
    sql: &str,
    returning: Returning,
) -> Result<RowStream, DriverError> {
    let statement = wire.prepare(sql).await?;
    learn_types(wire, query, statement.params());
    if query.reusable {
        wire.statements(|cache| cache.insert_if_worth(&query.key(returning), statement.clone()));
    }
    wire.reply_expected();
    let started = wire.client().query_raw(&statement, &query.parameters).await;
    if started.is_err() {
        wire.reply_read();
    }
    started
}

/// The types of the parameters, if they are known; for many rows those of one, again and again.
fn known_types(wire: &Wire, query: &Query) -> Option<Vec<Type>> {
    let types = wire.known_types().of(&query.key_of_types())?;
    let Some(rows) = query.rows_of else { return Some(types) };
    let (common, of_each) = types.split_at_checked(rows.common)?;
    Some(common.iter().chain(of_each.iter().cycle()).take(query.parameters.len()).cloned().collect())
}

fn learn_types(wire: &Wire, query: &Query, types: &[Type]) {
    let types = match query.rows_of {
        Some(rows) => types.get(..rows.common + rows.of_each),
        None => Some(types).filter(|_| query.reusable),
    };
    if let Some(types) = types {
        wire.known_types().learn(&query.key_of_types(), types);
    }
}

/// Whether a row can be read: behind a pooler the driver finds out about types of the database's own only by chance.
pub(crate) fn check_types(lease: &Lease<'_>, query: &Query, row: &Row) -> Result<(), Error> {
    let is_own = |column: &Column| Type::from_oid(column.type_().oid()).is_none();
    match lease.wire() {
        Some(wire) if wire.is_behind_pooler() && row.columns().iter().any(is_own) => {
            wire.lost();
            Err(Error::own_type(query.table, true))
        }
        _ => Ok(()),
    }
}

/// A row did not fit its struct.
pub(crate) fn misread(lease: &Lease<'_>, query: &Query) {
    if let Some(wire) = lease.wire() {
        forget_types(wire, query, Returning::Rows);
    }
}

fn forget_misfit(wire: &Wire, query: &Query, returning: Returning, error: &DriverError) {
    if error.source().is_some_and(|cause| cause.is::<WrongType>()) {
        forget_types(wire, query, returning);
    }
}

/// A type did not fit. It may be altered until the next time, and is then to be looked up anew.
fn forget_types(wire: &Wire, query: &Query, returning: Returning) {
    wire.statements(|cache| cache.remove_if(&query.key(returning), |_| true));
    wire.known_types().forget(&query.key_of_types());
    wire.client().clear_type_cache();
}

/// The reply was read to its end, or to its error.
pub(crate) fn landed(lease: &Lease<'_>, error: Option<DriverError>) -> Option<Error> {
    let Some(wire) = lease.wire() else { return error.map(Error::driver) };
    wire.reply_read();
    lease.reply_read();
    error.map(|error| failed(wire, error))
}

/// The next row of a stream did not come in time.
pub(crate) fn overdue(lease: &Lease<'_>) -> Error {
    if let Some(wire) = lease.wire() {
        wire.lost();
    }
    Error::statement_timeout(None)
}

/// The driver may notice later than its caller that a connection is gone.
pub(crate) fn failed(wire: &Wire, error: DriverError) -> Error {
    if !ends_the_connection(&error) {
        return Error::driver(error);
    }
    wire.lost();
    if wire.has_timed_out() { Error::statement_timeout(Some(error)) } else { Error::driver(error) }
}

/// "cached plan must not change result type", a prepared statement that is gone, or "cache lookup failed"
/// for a type that was made anew.
pub(crate) fn is_stale(error: &DriverError) -> bool {
    const STALE: [SqlState; 3] =
        [SqlState::FEATURE_NOT_SUPPORTED, SqlState::INVALID_SQL_STATEMENT_NAME, SqlState::INTERNAL_ERROR];
    error.code().is_some_and(|code| STALE.contains(code))
}

/// The text does not go with the types: "operator does not exist", "column is of type .. but expression is of type ..",
/// or a type that is no more.
fn are_types_in_doubt(error: &DriverError) -> bool {
    const DOUBTS: [SqlState; 4] = [
        SqlState::UNDEFINED_FUNCTION,
        SqlState::DATATYPE_MISMATCH,
        SqlState::UNDEFINED_OBJECT,
        SqlState::INTERNAL_ERROR,
    ];
    error.code().is_some_and(|code| DOUBTS.contains(code))
}

/// Whether two handles are of the same prepared statement.
fn is_same(one: &Statement, other: &Statement) -> bool {
    ptr::eq(one.columns(), other.columns()) && ptr::eq(one.params(), other.params())
}
