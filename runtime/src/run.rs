//! The verbs' bodies.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_postgres::{Error as DriverError, Row, RowStream};

use crate::error::Error;
use crate::executor::{Lease, Target};
use crate::flight;
use crate::row::Row as TypedRow;
use crate::statement::{Query, Returning, Statement};

pub(crate) async fn fetch_optional<R>(statement: &Statement<R>, target: Target<'_>) -> Result<Option<R>, Error> {
    let query = &statement.query;
    if !query.is_runnable()? {
        return Ok(None);
    }
    let lease = match target.lease_at_once(query)? {
        Some(lease) => lease,
        None => target.lease_later(query).await?,
    };
    let _answer = lease.await_answer(query);
    let mut rows = pin!(flight::start(&lease, query, Returning::Rows).await?);
    let row = match Next(rows.as_mut()).await {
        Some(Ok(row)) => decode(&lease, statement, &row)?,
        end => return flight::landed(&lease, end.and_then(Result::err)).map_or(Ok(None), Err),
    };
    match Next(rows).await {
        Some(Ok(_)) => Err(Error::too_many_rows(query.table)),
        end => flight::landed(&lease, end.and_then(Result::err)).map_or(Ok(Some(row)), Err),
    }
}

pub(crate) async fn fetch_all<R>(statement: Statement<R>, target: Target<'_>) -> Result<Vec<R>, Error>
where
    R: Send + 'static,
{
    if !statement.query.is_runnable()? {
        return Ok(Vec::new());
    }
    let lease = match target.lease_at_once(&statement.query)? {
        Some(lease) => lease,
        None => target.lease_later(&statement.query).await?,
    };
    match (lease, Handle::try_current()) {
        (Lease::Pooled(loan), Ok(runtime)) if loan.is_shared() => {
            read_apart(&runtime, read_all(Lease::Pooled(loan), statement)).await
        }
        (lease, _) => read_all(lease, statement).await,
    }
}

/// Reads a reply in a task of its own, whatever becomes of the future: a long one that nobody reads would hold up the
/// replies behind it on a shared connection.
async fn read_apart<R: Send + 'static>(
    runtime: &Handle,
    reading: impl Future<Output = Result<R, Error>> + Send + 'static,
) -> Result<R, Error> {
    let mut reading = Reading(runtime.spawn(reading));
    match (&mut reading.0).await {
        Ok(read) => read,
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        // The runtime has ended.
        Err(_) => Err(Error::connection_closed()),
    }
}

/// A task that is given up with the future that waits for it.
struct Reading<R>(JoinHandle<R>);

impl<R> Drop for Reading<R> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn read_all<R>(lease: Lease<'_>, statement: Statement<R>) -> Result<Vec<R>, Error> {
    let _answer = lease.await_answer(&statement.query);
    let mut rows = pin!(flight::start(&lease, &statement.query, Returning::Rows).await?);
    let mut answer = Vec::new();
    loop {
        match Next(rows.as_mut()).await {
            Some(Ok(row)) => {
                lease.answered();
                answer.push(decode(&lease, &statement, &row)?);
            }
            end => return flight::landed(&lease, end.and_then(Result::err)).map_or(Ok(answer), Err),
        }
    }
}

pub(crate) async fn execute<R>(statement: Statement<R>, target: Target<'_>) -> Result<u64, Error> {
    let query = statement.query;
    if !query.is_runnable()? {
        return Ok(0);
    }
    let lease = match target.lease_at_once(&query)? {
        Some(lease) => lease,
        None => target.lease_later(&query).await?,
    };
    match (lease, Handle::try_current()) {
        // The rows of a query come even where they are only counted.
        (Lease::Pooled(loan), Ok(runtime)) if loan.is_shared() && query.is_query() => {
            read_apart(&runtime, async move { count(&Lease::Pooled(loan), &query).await }).await
        }
        (lease, _) => count(&lease, &query).await,
    }
}

async fn count(lease: &Lease<'_>, query: &Query) -> Result<u64, Error> {
    let _answer = lease.await_answer(query);
    let mut rows = pin!(flight::start(lease, query, Returning::Count).await?);
    let end = loop {
        match Next(rows.as_mut()).await {
            Some(Ok(_)) => lease.answered(),
            end => break end,
        }
    };
    match flight::landed(lease, end.and_then(Result::err)) {
        Some(error) => Err(error),
        None => Ok(rows.rows_affected().unwrap_or(0)),
    }
}

fn decode<R>(lease: &Lease<'_>, statement: &Statement<R>, row: &Row) -> Result<R, Error> {
    flight::check_types(lease, &statement.query, row)?;
    (statement.decode)(&TypedRow::new(row, statement.query.table))
        .inspect_err(|_| flight::misread(lease, &statement.query))
}

/// The next row of a reply.
struct Next<'r>(Pin<&'r mut RowStream>);

impl Future for Next<'_> {
    type Output = Option<Result<Row, DriverError>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll_next(context)
    }
}
