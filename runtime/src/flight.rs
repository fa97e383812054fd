//! A statement under way on a connection.

use std::error::Error as _;
use std::ptr;

use tokio::runtime::Handle;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{Type, WrongType};
use tokio_postgres::{Column, Error as DriverError, Row, Statement};

use crate::arrays;
use crate::error::{Error, ends_the_connection};
use crate::executor::Lease;
use crate::pool::Loan;
use crate::raw_value::OtherType;
use crate::reply::{Reply, send};
use crate::statement::{Query, Returning};
use crate::wire::Wire;

/// Sends the statement and waits for the beginning of its reply. Whoever reads the reply to its end says
/// so by [`landed`]; a future that is dropped before leaves its note on the connection.
pub(crate) async fn start(lease: &Lease<'_>, query: &Query, returning: Returning) -> Result<Reply, Error> {
    if query.row_security.is_some() && lease.may_be_in_transaction() {
        return Err(Error::row_security_needs_transaction(query.table));
    }
    let wire = match lease {
        Lease::Pooled(loan) => loan.wire(),
        Lease::Wire { wire, .. } => wire,
        Lease::Foreign { .. } => return start_on_foreign(lease, query, returning).await,
        #[cfg(feature = "deadpool-postgres")]
        Lease::Deadpool(deadpool) => return deadpool.start(lease, query, returning).await,
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
            let sending = wire.client().query_raw(&statement, &query.parameters);
            match send(lease, query.row_security.as_ref(), sending).await {
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

/// On the application's own client nothing is kept. Rows go as arrays there as well: that takes no more round trips than
/// lists, and any number of them is one statement.
async fn start_on_foreign(lease: &Lease<'_>, query: &Query, returning: Returning) -> Result<Reply, Error> {
    let (client, security) = (lease.client(), query.row_security.as_ref());
    let Some(rows) = query.arrays() else {
        let statement = client.prepare(&query.sql(returning)).await.map_err(Error::driver)?;
        let started = send(lease, security, client.query_raw(&statement, &query.parameters)).await;
        return started.map_err(Error::driver);
    };
    let of_one = client.prepare(&query.sql_of_types(returning)).await.map_err(Error::driver)?;
    let started = match arrays::ask_all(client, rows, of_one.params()).await.map_err(Error::driver)? {
        (Some(types), _) => {
            let parameters = query.parameters.iter().zip(types);
            send(lease, security, client.query_typed_raw(&query.sql(returning), parameters)).await
        }
        (None, elements) => {
            let (lists, types) = rows.as_lists(&elements);
            lists.is_runnable()?;
            let parameters = lists.parameters.iter().zip(types);
            send(lease, security, client.query_typed_raw(&lists.sql(returning), parameters)).await
        }
    };
    started.map_err(Error::driver)
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
) -> Result<Reply, Error> {
    if is_of_another_type(&error) {
        // Nothing was sent, and it may be the value that is wrong.
        return ask_again(lease, wire, query, returning, statement.params(), error).await;
    }
    forget_misfit(wire, query, returning, &error);
    if are_types_in_doubt(&error) {
        wire.known_types().forget(&query.key_of_types());
    }
    if may_be_out_of_date(&error) {
        // Others may have had the same one, and one of them may have prepared it anew.
        wire.statements(|cache| cache.remove_if(&query.key(returning), |kept| is_same(kept, statement)));
        if !lease.in_transaction() {
            return start_anew(lease, wire, query, returning).await;
        }
    }
    Err(failed(wire, error))
}

/// Runs a statement that is not kept prepared: in one round trip, where the types of its values are known.
async fn start_anew(lease: &Lease<'_>, wire: &Wire, query: &Query, returning: Returning) -> Result<Reply, Error> {
    // Without a place to keep them, statements have no names.
    let is_named = wire.statements(|_| ()).is_some();
    let is_worth_keeping = query.reusable && wire.statements(|cache| cache.admits(&query.key(returning))) == Some(true);
    let known = known_types(wire, query);
    let is_remembered = known.is_some();
    let (types, keep) = match known {
        Some(types) => (types, is_worth_keeping.then_some(Keep::Later)),
        None if is_named && query.arrays().is_none() => {
            let prepared = prepare_and_run(lease, wire, query, &query.sql(returning), &[], returning).await;
            return prepared.map_err(|error| refused(wire, query, returning, error));
        }
        None => match ask_types(wire, query, returning).await? {
            (types, true) => (types, is_worth_keeping.then_some(Keep::Later)),
            // Whoever does not keep the statement has to ask again.
            (types, false) => (types, (is_named && query.reusable).then_some(Keep::Now)),
        },
    };
    let started = match query.arrays() {
        None => start_typed(lease, wire, (query, returning), &types, keep).await,
        Some(rows) => match wire.array_types(rows, &types).await.map_err(|error| failed(wire, error))? {
            Some(arrays) => start_typed(lease, wire, (query, returning), &arrays, keep).await,
            None => {
                let (lists, types) = rows.as_lists(&types);
                lists.is_runnable()?;
                run_typed(lease, wire, &lists, &lists.sql(returning), &types).await
            }
        },
    };
    match started {
        Err(error) if is_remembered && are_types_in_doubt(&error) => {
            Box::pin(ask_again(lease, wire, query, returning, &types, error)).await
        }
        started => started.map_err(|error| refused(wire, query, returning, error)),
    }
}

/// When a statement is prepared that is worth keeping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    Now,
    /// Beside others it can be prepared after it has run.
    Later,
}

/// Runs a statement whose parameters have these types.
async fn start_typed(
    lease: &Lease<'_>,
    wire: &Wire,
    (query, returning): (&Query, Returning),
    types: &[Type],
    keep: Option<Keep>,
) -> Result<Reply, DriverError> {
    let sql = query.sql(returning);
    // Arrays have to be declared; what else the server infers is never out of date.
    let declared = if query.arrays().is_some() { types } else { &[] };
    match (keep, lease.shared()) {
        // What fails beside the statements of a transaction would end it, so that one of its own waits.
        (Some(Keep::Now), _) | (Some(Keep::Later), None) => {
            prepare_and_run(lease, wire, query, &sql, declared, returning).await
        }
        (keep, shared) => {
            let rows = run_typed(lease, wire, query, &sql, types).await?;
            if let (Some(_), Some(loan)) = (keep, shared) {
                prepare_for_next_time(loan, query, sql, declared.to_vec(), returning);
            }
            Ok(rows)
        }
    }
}

/// The types of the parameters, as the server says, or where these are arrays the types of the elements; and whether
/// they will be remembered.
async fn ask_types(wire: &Wire, query: &Query, returning: Returning) -> Result<(Vec<Type>, bool), Error> {
    let sql = query.sql_of_types(returning);
    let mut types = None;
    if wire.statements(|_| ()).is_none() {
        let inferred = wire.infer_types(&sql).await.map_err(|error| failed(wire, error))?;
        types = inferred.into_iter().collect::<Option<Vec<_>>>();
        if types.is_none() && wire.is_behind_pooler() {
            return Err(Error::own_type(query.table, false));
        }
    }
    let types = match types {
        Some(types) => types,
        None => {
            let prepared = wire.prepare(&sql, &[]).await;
            prepared.map_err(|error| refused(wire, query, returning, error))?.params().to_vec()
        }
    };
    let is_learned = learn_types(wire, query, &types);
    Ok((query.arrays().and_then(|rows| rows.types(&types)).unwrap_or(types), is_learned))
}

/// The statement was refused, perhaps because its columns have other types now, or in this schema. If so nothing
/// ran, and outside of a transaction, which an error of the server has ended, it can be tried once more.
async fn ask_again(
    lease: &Lease<'_>,
    wire: &Wire,
    query: &Query,
    returning: Returning,
    types: &[Type],
    error: DriverError,
) -> Result<Reply, Error> {
    // What was not sent may be wrong in itself, and then says nothing of the types.
    if !is_of_another_type(&error) {
        wire.known_types().forget(&query.key_of_types());
        if lease.in_transaction() {
            return Err(failed(wire, error));
        }
    }
    let inferred = wire.infer_types(&query.sql_of_types(returning)).await.unwrap_or_default();
    let inferred = query.arrays().and_then(|rows| rows.types(&inferred)).unwrap_or(inferred);
    let are_others = inferred.iter().zip(types).any(|(inferred, ty)| inferred.as_ref() != Some(ty));
    if are_others {
        wire.known_types().forget(&query.key_of_types());
        wire.statements(|cache| cache.remove_if(&query.key(returning), |_| true));
        return start_anew(lease, wire, query, returning).await;
    }
    Err(failed(wire, error))
}

/// One round trip, and nothing that stays on the server.
async fn run_typed(
    lease: &Lease<'_>,
    wire: &Wire,
    query: &Query,
    sql: &str,
    types: &[Type],
) -> Result<Reply, DriverError> {
    wire.reply_expected();
    let parameters = query.parameters.iter().zip(types).map(|(value, ty)| {
        // In this schema it may be `citext`, which compares otherwise than text that is declared.
        let is_text = !query.schemas.is_empty() && [Type::TEXT, Type::VARCHAR].contains(ty);
        (value, if is_text && value.is_literal() { Type::UNKNOWN } else { ty.clone() })
    });
    let started = send(lease, query.row_security.as_ref(), wire.client().query_typed_raw(sql, parameters)).await;
    if started.is_err() {
        wire.reply_read();
    }
    started
}

/// Prepares a statement that others may ask for again, beside the reading of its rows. A share keeps the connection
/// from being lent meanwhile.
fn prepare_for_next_time(loan: &Loan, query: &Query, sql: String, types: Vec<Type>, returning: Returning) {
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
        let prepared = wire.carried().waits_for(wire.client().prepare_typed(&sql, &types)).await;
        wire.answered();
        wire.statements(|cache| cache.end_preparing(&query.key(returning), prepared.ok()));
    });
}

/// Two round trips: the server says what it takes, where that is not declared.
async fn prepare_and_run(
    lease: &Lease<'_>,
    wire: &Wire,
    query: &Query,
    sql: &str,
    declared: &[Type],
    returning: Returning,
) -> Result<Reply, DriverError> {
    let statement = wire.prepare(sql, declared).await?;
    // Where a column has a type of the database's own, the driver asks for it before it reads on: with more rows under way than
    // it keeps, that answer never comes. Such a statement is prepared on each connection, where the types are asked for.
    if declared.is_empty() && !statement.columns().iter().any(is_own) {
        learn_types(wire, query, statement.params());
    }
    if query.reusable {
        wire.statements(|cache| cache.insert_if_worth(&query.key(returning), statement.clone()));
    }
    wire.reply_expected();
    let sending = wire.client().query_raw(&statement, &query.parameters);
    let started = send(lease, query.row_security.as_ref(), sending).await;
    if started.is_err() {
        wire.reply_read();
    }
    started
}

/// The types of the parameters, if they are known; where these are arrays, the types of the elements.
fn known_types(wire: &Wire, query: &Query) -> Option<Vec<Type>> {
    let types = wire.known_types().of(&query.key_of_types())?;
    match &query.rows {
        Some(rows) => rows.types(&types),
        None => Some(types),
    }
}

/// Remembers the types that were asked for, and answers whether it does.
fn learn_types(wire: &Wire, query: &Query, types: &[Type]) -> bool {
    let types = match &query.rows {
        Some(rows) => rows.types_of_one(types),
        None => Some(types).filter(|_| query.reusable),
    };
    types.is_some_and(|types| wire.known_types().learn(&query.key_of_types(), types))
}

/// Whether a row can be read: behind a pooler the driver finds out about types of the database's own only by chance.
pub(crate) fn check_types(lease: &Lease<'_>, query: &Query, row: &Row) -> Result<(), Error> {
    match lease.wire() {
        Some(wire) if wire.is_behind_pooler() && row.columns().iter().any(is_own) => {
            wire.lost();
            Err(Error::own_type(query.table, true))
        }
        _ => Ok(()),
    }
}

/// Whether a column has a type of the database's own.
fn is_own(column: &Column) -> bool {
    Type::from_oid(column.type_().oid()).is_none()
}

/// A row did not fit its struct.
pub(crate) fn misread(lease: &Lease<'_>, query: &Query) {
    if let Some(wire) = lease.wire() {
        forget_types(wire, query, Returning::Rows);
    }
}

fn refused(wire: &Wire, query: &Query, returning: Returning, error: DriverError) -> Error {
    forget_misfit(wire, query, returning, &error);
    failed(wire, error)
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
fn is_stale(error: &DriverError) -> bool {
    const STALE: [SqlState; 3] =
        [SqlState::FEATURE_NOT_SUPPORTED, SqlState::INVALID_SQL_STATEMENT_NAME, SqlState::INTERNAL_ERROR];
    error.code().is_some_and(|code| STALE.contains(code))
}

/// The text does not go with the types: "operator does not exist", "column is of type .. but expression is of type ..",
/// or a type that is no more; or a value does not go with them.
fn are_types_in_doubt(error: &DriverError) -> bool {
    const DOUBTS: [SqlState; 4] = [
        SqlState::UNDEFINED_FUNCTION,
        SqlState::DATATYPE_MISMATCH,
        SqlState::UNDEFINED_OBJECT,
        SqlState::INTERNAL_ERROR,
    ];
    is_of_another_type(error) || error.code().is_some_and(|code| DOUBTS.contains(code))
}

/// A value was read with another type than its parameter has, as far as is known.
fn is_of_another_type(error: &DriverError) -> bool {
    error.source().is_some_and(|cause| cause.is::<OtherType>())
}

/// Whether the statement may be right, and what was known of it out of date.
pub(crate) fn may_be_out_of_date(error: &DriverError) -> bool {
    is_stale(error) || are_types_in_doubt(error)
}

/// Whether two handles are of the same prepared statement.
fn is_same(one: &Statement, other: &Statement) -> bool {
    ptr::eq(one.columns(), other.columns()) && ptr::eq(one.params(), other.params())
}
