//! How a statement is sent, and its reply: with row-level security between the beginning and the end of a transaction that carries
//! the tenant, all queued before anything is awaited, so that it takes one round trip and nobody's statement comes between.

use std::borrow::Cow;
use std::future::poll_fn;
use std::mem::forget;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker, ready};

use futures_core::Stream;
use pin_project_lite::pin_project;
use tokio_postgres::{Error as DriverError, Row, RowStream, SimpleQueryStream};

use crate::executor::Lease;
use crate::row_security::{Carried, RowSecurity};
use crate::wire::Wire;

pin_project! {
    /// The rows of a statement, and the end of the transaction that was begun for it.
    pub(crate) struct Reply {
        #[pin]
        rows: RowStream,
        end: Option<End>,
        // The error with which the rows have ended.
        error: Option<DriverError>,
        has_ended: bool,
    }
}

/// The end of a transaction that carries the tenant of one statement.
enum End {
    /// `COMMIT` is to be answered.
    Sent(Pin<Box<SimpleQueryStream>>),
    /// Behind a pooler it is sent when the rows were read.
    ToSend,
}

/// On clients of the application's own it is not known what their transactions carry, nor who sends on them.
static FOREIGN: Carried = Carried::new();

impl Reply {
    fn new(rows: RowStream, end: Option<End>) -> Self {
        Self { rows, end, error: None, has_ended: false }
    }

    /// The next row. After the last one the transaction has ended as well, and an error there is the statement's.
    pub(crate) fn poll_next(
        self: Pin<&mut Self>,
        lease: &Lease<'_>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Row, DriverError>>> {
        let mut this = self.project();
        if !*this.has_ended {
            match ready!(this.rows.as_mut().poll_next(context)) {
                Some(Ok(row)) => return Poll::Ready(Some(Ok(row))),
                end => {
                    *this.has_ended = true;
                    *this.error = end.and_then(Result::err);
                }
            }
        }
        loop {
            let committed = match &mut *this.end {
                None => return Poll::Ready(this.error.take().map(Err)),
                Some(End::Sent(commit)) => ready!(poll_end(commit.as_mut(), context)),
                Some(End::ToSend) => match ready!(pin!(lease.client().simple_query_raw("COMMIT")).poll(context)) {
                    Ok(commit) => {
                        *this.end = Some(End::Sent(Box::pin(commit)));
                        continue;
                    }
                    Err(error) => Err(error),
                },
            };
            *this.end = None;
            if let (true, Some(wire)) = (committed.is_ok(), lease.wire().filter(|wire| wire.is_behind_pooler())) {
                wire.transaction_ended();
            }
            let error = this.error.take().or(committed.err());
            return Poll::Ready(error.map(Err));
        }
    }

    /// How many rows were written, after the last one.
    pub(crate) fn rows_affected(&self) -> Option<u64> {
        self.rows.rows_affected()
    }
}

/// Sends a statement: the future that does it queues it when it is polled first, and waits for the beginning of its reply.
pub(crate) async fn send(
    lease: &Lease<'_>,
    security: Option<&RowSecurity>,
    statement: impl Future<Output = Result<RowStream, DriverError>>,
) -> Result<Reply, DriverError> {
    match security {
        Some(security) if !lease.in_transaction() => match lease.wire().filter(|wire| wire.is_behind_pooler()) {
            Some(wire) => one_after_another(wire, security, statement).await,
            None => alone(lease, security, statement).await,
        },
        _ => carrying(lease, security, statement).await.map(|rows| Reply::new(rows, None)),
    }
}

/// Sends what needs no transaction, or has the application's, which carries the tenant from then on.
pub(crate) async fn carrying<R>(
    lease: &Lease<'_>,
    security: Option<&RowSecurity>,
    sending: impl Future<Output = Result<R, DriverError>>,
) -> Result<R, DriverError> {
    let Some(security) = security else { return in_turn(lease, sending).await };
    let mut sending = pin!(sending);
    if lease.wire().is_some_and(Wire::is_behind_pooler) {
        // Nothing is sent before what was sent has its answer.
        let (set, _) = set(lease, security, |_| ()).await?;
        end_of(set).await?;
        return sending.await;
    }
    let (set, started) = set(lease, security, |context| sending.as_mut().poll(context)).await?;
    let started = match started {
        Poll::Ready(started) => started,
        Poll::Pending => in_turn(lease, sending).await,
    };
    end_of(set).await?;
    started
}

/// Makes a transaction carry the tenant, unless it does, and queues something right after.
async fn set<R>(
    lease: &Lease<'_>,
    security: &RowSecurity,
    mut queue_next: impl FnMut(&mut Context<'_>) -> R,
) -> Result<(Option<SimpleQueryStream>, R), DriverError> {
    // What was run on it by hand is not known.
    let is_known = lease.wire().is_some_and(|wire| !wire.was_handed_out());
    let mut set = None;
    poll_fn(|context| {
        turn_of(lease).in_turn(|carried| {
            let before = carried.as_ref().filter(|_| is_known);
            if before == Some(security) {
                return Poll::Ready(Ok((None, queue_next(context))));
            }
            let set = set.get_or_insert_with(|| Box::pin(queue(lease, security.sql_after(before))));
            let set = match ready!(set.as_mut().poll(context)) {
                Ok(set) => set,
                Err(error) => return Poll::Ready(Err(error)),
            };
            *carried = Some(security.clone());
            Poll::Ready(Ok((Some(set), queue_next(context))))
        })
    })
    .await
}

/// In a transaction of its own.
async fn alone(
    lease: &Lease<'_>,
    security: &RowSecurity,
    statement: impl Future<Output = Result<RowStream, DriverError>>,
) -> Result<Reply, DriverError> {
    let (mut begin, mut commit) = (pin!(queue(lease, security.begin_sql())), pin!(queue(lease, "COMMIT".into())));
    let mut statement = pin!(statement);
    // The driver queues each message when its future is polled first: nothing is awaited in between.
    let (begun, started, committed) = poll_fn(|context| {
        turn_of(lease).in_turn(|_| {
            let begun = ready!(begin.as_mut().poll(context));
            // A value's own code may panic.
            let open = Open(lease);
            let started = statement.as_mut().poll(context);
            let committed = commit.as_mut().poll(context);
            forget(open);
            Poll::Ready((begun, started, committed))
        })
    })
    .await;
    let started = match started {
        Poll::Ready(started) => started,
        Poll::Pending => in_turn(lease, statement).await,
    };
    let committed = match committed {
        Poll::Ready(committed) => committed,
        Poll::Pending => commit.await,
    };
    // What goes wrong first makes the others fail.
    let started = match end_of(Some(begun?)).await {
        Ok(()) => started,
        Err(error) => Err(error),
    };
    match (started, committed) {
        (Ok(rows), Ok(commit)) => Ok(Reply::new(rows, Some(End::Sent(Box::pin(commit))))),
        (Err(error), committed) => {
            let _ = end_of(committed.ok()).await;
            Err(error)
        }
        (_, Err(error)) => Err(error),
    }
}

/// Behind a pooler nothing is sent before what was sent has its answer.
async fn one_after_another(
    wire: &Wire,
    security: &RowSecurity,
    statement: impl Future<Output = Result<RowStream, DriverError>>,
) -> Result<Reply, DriverError> {
    wire.begin(&security.begin_sql()).await?;
    match statement.await {
        Ok(rows) => Ok(Reply::new(rows, Some(End::ToSend))),
        Err(error) => {
            if wire.command("ROLLBACK").await.is_ok() {
                wire.transaction_ended();
            }
            Err(error)
        }
    }
}

/// A transaction whose end is not queued: should that never come, it is rolled back.
struct Open<'l>(&'l Lease<'l>);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        let undo = pin!(self.0.client().simple_query_raw("ROLLBACK"));
        let _ = undo.poll(&mut Context::from_waker(Waker::noop()));
    }
}

/// Queues commands when it is polled first, and is ready then.
async fn queue(lease: &Lease<'_>, sql: Cow<'_, str>) -> Result<SimpleQueryStream, DriverError> {
    lease.client().simple_query_raw(&sql).await
}

/// Reads an answer to its end.
async fn end_of(answer: Option<SimpleQueryStream>) -> Result<(), DriverError> {
    let Some(answer) = answer else { return Ok(()) };
    let mut answer = pin!(answer);
    poll_fn(|context| poll_end(answer.as_mut(), context)).await
}

fn poll_end(mut answer: Pin<&mut SimpleQueryStream>, context: &mut Context<'_>) -> Poll<Result<(), DriverError>> {
    loop {
        match ready!(answer.as_mut().poll_next(context)) {
            Some(Ok(_)) => {}
            Some(Err(error)) => return Poll::Ready(Err(error)),
            None => return Poll::Ready(Ok(())),
        }
    }
}

fn turn_of<'l>(lease: &'l Lease<'_>) -> &'l Carried {
    lease.wire().map_or(&FOREIGN, Wire::carried)
}

/// Waits for what sends, and lets it send nothing between a setting and its statement.
async fn in_turn<F: Future>(lease: &Lease<'_>, sending: F) -> F::Output {
    match lease.wire() {
        Some(wire) => wire.carried().waits_for(sending).await,
        None => sending.await,
    }
}
