//! The verbs' bodies.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_postgres::{Error as DriverError, Row};

use crate::error::Error;
use crate::executor::{Lease, Target};
use crate::flight;
use crate::parts;
use crate::reply::Reply;
use crate::row::Row as TypedRow;
use crate::statement::{Query, Returning, Statement};

pub(crate) async fn fetch_optional<R>(statement: &Statement<R>, target: Target<'_>) -> Result<Option<R>, Error> {
    let query = &statement.query;
    if let Some(parts) = parts_of(query, target) {
        let answer = Box::pin(parts::run(statement, parts, target, Returning::Rows)).await?;
        return match answer.rows.len() {
            0..=1 => Ok(answer.rows.into_iter().next()),
            _ => Err(Error::too_many_rows(query.table)),
        };
    }
    if !query.is_runnable()? {
        return Ok(None);
    }
    let lease = match target.lease_at_once(query)? {
        Some(lease) => lease,
        None => target.lease_later(query).await?,
    };
    let _answer = lease.await_answer(query);
    read_optional(&lease, statement).await
}

pub(crate) async fn read_optional<R>(lease: &Lease<'_>, statement: &Statement<R>) -> Result<Option<R>, Error> {
    let query = &statement.query;
    let mut rows = pin!(flight::start(lease, query, Returning::Rows).await?);
    let row = match Next(rows.as_mut(), lease).await {
        Some(Ok(row)) => decode(lease, query, statement.decode, &row)?,
        end => return flight::landed(lease, end.and_then(Result::err)).map_or(Ok(None), Err),
    };
    match Next(rows, lease).await {
        Some(Ok(_)) => Err(Error::too_many_rows(query.table)),
        end => flight::landed(lease, end.and_then(Result::err)).map_or(Ok(Some(row)), Err),
    }
}

pub(crate) async fn fetch_all<R>(statement: Statement<R>, target: Target<'_>) -> Result<Vec<R>, Error>
where
    R: Send + 'static,
{
    if let Some(parts) = parts_of(&statement.query, target) {
        return Box::pin(parts::run(&statement, parts, target, Returning::Rows)).await.map(|answer| answer.rows);
    }
    fetch_all_by(statement.query, statement.decode, target).await
}

/// The rows of a query, each read by a function.
pub(crate) async fn fetch_all_by<R, F>(query: Query, read: F, target: Target<'_>) -> Result<Vec<R>, Error>
where
    R: Send + 'static,
    F: FnMut(&TypedRow<'_>) -> Result<R, Error> + Send + 'static,
{
    if !query.is_runnable()? {
        return Ok(Vec::new());
    }
    let lease = match target.lease_at_once(&query)? {
        Some(lease) => lease,
        None => target.lease_later(&query).await?,
    };
    match (lease, Handle::try_current()) {
        (Lease::Pooled(loan), Ok(runtime)) if loan.is_shared() => {
            read_apart(&runtime, fetch_all_by_on(Lease::Pooled(loan), query, read)).await
        }
        (lease, _) => fetch_all_by_on(lease, query, read).await,
    }
}

pub(crate) async fn fetch_all_on<R>(lease: Lease<'_>, statement: Statement<R>) -> Result<Vec<R>, Error> {
    fetch_all_by_on(lease, statement.query, statement.decode).await
}

async fn fetch_all_by_on<R, F>(lease: Lease<'_>, query: Query, read: F) -> Result<Vec<R>, Error>
where
    F: FnMut(&TypedRow<'_>) -> Result<R, Error>,
{
    let _answer = lease.await_answer(&query);
    read_all_by(&lease, &query, read).await
}

/// The statements of an insert that does not go in one, where it can go in several.
fn parts_of(query: &Query, target: Target<'_>) -> Option<impl Iterator<Item = Query> + Clone + use<>> {
    query.rows.as_ref().filter(|_| target.takes_parts())?.parts()
}

/// Reads a reply in a task of its own, whatever becomes of the future: a long one that nobody reads would hold up the
/// replies behind it on a shared connection.
pub(crate) async fn read_apart<R: Send + 'static>(
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

pub(crate) async fn read_all<R>(lease: &Lease<'_>, statement: &Statement<R>) -> Result<Vec<R>, Error> {
    read_all_by(lease, &statement.query, statement.decode).await
}

async fn read_all_by<R, F>(lease: &Lease<'_>, query: &Query, mut read: F) -> Result<Vec<R>, Error>
where
    F: FnMut(&TypedRow<'_>) -> Result<R, Error>,
{
    let mut rows = pin!(flight::start(lease, query, Returning::Rows).await?);
    let mut answer = Vec::new();
    loop {
        match Next(rows.as_mut(), lease).await {
            Some(Ok(row)) => {
                lease.answered();
                answer.push(decode(lease, query, &mut read, &row)?);
            }
            end => return flight::landed(lease, end.and_then(Result::err)).map_or(Ok(answer), Err),
        }
    }
}

pub(crate) async fn execute<R>(statement: Statement<R>, target: Target<'_>) -> Result<u64, Error> {
    let statement = statement.counted();
    if let Some(parts) = parts_of(&statement.query, target) {
        return Box::pin(parts::run(&statement, parts, target, Returning::Count)).await.map(|answer| answer.count);
    }
    if !statement.query.is_runnable()? {
        return Ok(0);
    }
    let query = statement.query;
    let lease = match target.lease_at_once(&query)? {
        Some(lease) => lease,
        None => target.lease_later(&query).await?,
    };
    match (lease, Handle::try_current()) {
        // The rows of a query come even where they are only counted.
        (Lease::Pooled(loan), Ok(runtime)) if loan.is_shared() && query.is_query() => {
            read_apart(&runtime, execute_on(Lease::Pooled(loan), query)).await
        }
        (lease, _) => execute_on(lease, query).await,
    }
}

pub(crate) async fn execute_on(lease: Lease<'_>, query: Query) -> Result<u64, Error> {
    let _answer = lease.await_answer(&query);
    count(&lease, &query).await
}

pub(crate) async fn count(lease: &Lease<'_>, query: &Query) -> Result<u64, Error> {
    let mut rows = pin!(flight::start(lease, query, Returning::Count).await?);
    let end = loop {
        match Next(rows.as_mut(), lease).await {
            Some(Ok(_)) => lease.answered(),
            end => break end,
        }
    };
    match flight::landed(lease, end.and_then(Result::err)) {
        Some(error) => Err(error),
        None => match rows.rows_affected().unwrap_or(0) {
            0 if query.versioned => Err(Error::version_conflict(query.table)),
            count => Ok(count),
        },
    }
}

fn decode<R>(
    lease: &Lease<'_>,
    query: &Query,
    read: impl FnOnce(&TypedRow<'_>) -> Result<R, Error>,
    row: &Row,
) -> Result<R, Error> {
    flight::check_types(lease, query, row)?;
    read(&TypedRow::new(row, query.table)).inspect_err(|_| flight::misread(lease, query))
}

/// The next row of a reply.
struct Next<'r>(Pin<&'r mut Reply>, &'r Lease<'r>);

impl Future for Next<'_> {
    type Output = Option<Result<Row, DriverError>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self(reply, lease) = &mut *self;
        reply.as_mut().poll_next(lease, context)
    }
}
