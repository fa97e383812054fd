//! How a statement is sent, and its reply: with row-level security between the beginning and the end of a transaction that carries
//! the tenant, all queued before anything is awaited, so that it takes one round trip and nobody's statement comes between.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

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
    let Some(security) = security else {
        return in_turn(lease, statement).await.map(|rows| Reply::new(rows, None));
    };
    match lease.wire() {
        Some(wire) if wire.is_behind_pooler() => one_after_another(lease, wire, security, statement).await,
        _ if lease.in_transaction() => in_transaction(lease, security, statement).await,
        _ => alone(lease, security, statement).await,
    }
}

/// In a transaction of its own.
async fn alone(
    lease: &Lease<'_>,
    security: &RowSecurity,
    statement: impl Future<Output = Result<RowStream, DriverError>>,
) -> Result<Reply, DriverError> {
    let begin = security.begin_sql();
    let (mut begin, mut commit) = (pin!(queue(lease, &begin)), pin!(queue(lease, "COMMIT")));
    let mut statement = pin!(statement);
    // The driver queues each message when its future is polled first: nothing is awaited in between.
    let (begun, started, committed) = poll_fn(|context| {
        turn_of(lease).in_turn(|_| {
            let begun = ready!(begin.as_mut().poll(context));
            let started = statement.as_mut().poll(context);
            Poll::Ready((begun, started, commit.as_mut().poll(context)))
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
    let started = match end_of(begun).await {
        Ok(()) => started,
        Err(error) => Err(error),
    };
    match (started, committed) {
        (Ok(rows), Ok(commit)) => Ok(Reply::new(rows, Some(End::Sent(Box::pin(commit))))),
        (Err(error), committed) => {
            let _ = end_of(committed).await;
            Err(error)
        }
        (_, Err(error)) => Err(error),
    }
}

/// In the application's transaction, which carries the tenant from then on.
async fn in_transaction(
    lease: &Lease<'_>,
    security: &RowSecurity,
    statement: impl Future<Output = Result<RowStream, DriverError>>,
) -> Result<Reply, DriverError> {
    let (mut set, mut statement) = (pin!(queue(lease, security.text())), pin!(statement));
    let (set, started) = poll_fn(|context| {
        turn_of(lease).in_turn(|carried| {
            // What was run on it by hand is not known.
            let is_known = lease.wire().is_some_and(|wire| !wire.was_handed_out());
            let set = match is_known && carried.as_ref() == Some(security) {
                true => None,
                false => Some(ready!(set.as_mut().poll(context))),
            };
            *carried = Some(security.clone());
            Poll::Ready((set, statement.as_mut().poll(context)))
        })
    })
    .await;
    let started = match started {
        Poll::Ready(started) => started,
        Poll::Pending => in_turn(lease, statement).await,
    };
    if let Some(set) = set {
        end_of(set).await?;
    }
    started.map(|rows| Reply::new(rows, None))
}

/// Behind a pooler nothing is sent before what was sent has its answer.
async fn one_after_another(
    lease: &Lease<'_>,
    wire: &Wire,
    security: &RowSecurity,
    statement: impl Future<Output = Result<RowStream, DriverError>>,
) -> Result<Reply, DriverError> {
    if lease.in_transaction() {
        wire.carry(security).await?;
        return statement.await.map(|rows| Reply::new(rows, None));
    }
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

/// Queues commands when it is polled first, and is ready then.
async fn queue(lease: &Lease<'_>, sql: &str) -> Result<SimpleQueryStream, DriverError> {
    lease.client().simple_query_raw(sql).await
}

/// Reads an answer to its end.
async fn end_of(answer: Result<SimpleQueryStream, DriverError>) -> Result<(), DriverError> {
    let mut answer = pin!(answer?);
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
