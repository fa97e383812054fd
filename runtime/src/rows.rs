//! Rows one by one.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::error::Error;
use crate::executor::{Lease, Target};
use crate::flight;
use crate::patience::Patience;
use crate::row::Row;
use crate::statement::{Decode, Query, Returning, Statement};
use crate::wire::Wire;

/// The rows of a statement as a stream; made by [`Statement::fetch`](crate::Statement::fetch).
///
/// Also read by [`try_next`](Self::try_next), which needs no other crate. Dropping it early gives up the
/// rest; a connection of the pool goes back only when it is clean. On a [`Connection`](crate::Connection)
/// or a [`Transaction`](crate::Transaction) other statements fail while a stream is open, because its rows
/// stand in their way: see [`Error::is_stream_open`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Rows<'e, R> {
    state: State<'e>,
    decode: Decode<R>,
}

enum State<'e> {
    Starting(Pin<Box<dyn Future<Output = Result<Reply<'e>, Error>> + Send + 'e>>),
    Reading(Box<Reply<'e>>),
    Failed(Error),
    Ended,
}

/// A reply that is being read.
struct Reply<'e> {
    rows: Pin<Box<crate::reply::Reply>>,
    patience: Patience,
    query: Query,
    lease: Lease<'e>,
}

async fn start(query: Query, target: Target<'_>) -> Result<Reply<'_>, Error> {
    let lease = target.lease_alone().await?;
    let awaited = lease.await_answer(&query);
    let rows = flight::start(&lease, &query, Returning::Rows).await?;
    drop(awaited);
    if let Some(wire) = lease.wire() {
        wire.stream_opened();
    }
    let patience = Patience::new(lease.wire().filter(|_| !query.slow).and_then(Wire::statement_timeout));
    Ok(Reply { rows: Box::pin(rows), patience, query, lease })
}

impl<'e, R> Rows<'e, R> {
    pub(crate) fn start(statement: Statement<R>, target: Target<'e>) -> Self {
        let decode = statement.decode;
        let state = match statement.query.is_runnable() {
            Ok(true) => State::Starting(Box::pin(start(statement.query, target))),
            Ok(false) => State::Ended,
            Err(error) => State::Failed(error),
        };
        Self { state, decode }
    }

    /// The next row, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Whatever the database answers; nothing comes after an error.
    pub async fn try_next(&mut self) -> Result<Option<R>, Error> {
        poll_fn(|context| self.poll_row(context)).await.transpose()
    }

    pub(crate) fn poll_row(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R, Error>>> {
        self.poll_row_by(context, &mut |row, decode| decode(row))
    }

    /// The next row, read by a function.
    #[expect(clippy::type_complexity, reason = "a function on a row and how it is read otherwise")]
    pub(crate) fn poll_row_by<O>(
        &mut self,
        context: &mut Context<'_>,
        read: &mut dyn FnMut(&Row<'_>, Decode<R>) -> Result<O, Error>,
    ) -> Poll<Option<Result<O, Error>>> {
        loop {
            match &mut self.state {
                State::Starting(start) => match ready!(start.as_mut().poll(context)) {
                    Ok(reply) => self.state = State::Reading(Box::new(reply)),
                    Err(error) => self.state = State::Failed(error),
                },
                State::Reading(reply) => {
                    let next = match reply.rows.as_mut().poll_next(&reply.lease, context) {
                        Poll::Ready(next) => next,
                        Poll::Pending => {
                            ready!(reply.patience.poll(context));
                            let error = flight::overdue(&reply.lease);
                            self.state = State::Ended;
                            return Poll::Ready(Some(Err(error)));
                        }
                    };
                    let row = match next {
                        Some(Ok(row)) => {
                            reply.patience.renew();
                            let fits = flight::check_types(&reply.lease, &reply.query, &row);
                            fits.and_then(|()| read(&Row::new(&row, reply.query.table), self.decode))
                        }
                        end => {
                            let error = flight::landed(&reply.lease, end.and_then(Result::err));
                            self.state = State::Ended;
                            return Poll::Ready(error.map(Err));
                        }
                    };
                    if row.is_err() {
                        flight::misread(&reply.lease, &reply.query);
                        self.state = State::Ended;
                    }
                    return Poll::Ready(Some(row));
                }
                State::Failed(_) | State::Ended => {
                    return Poll::Ready(match std::mem::replace(&mut self.state, State::Ended) {
                        State::Failed(error) => Some(Err(error)),
                        _ => None,
                    });
                }
            }
        }
    }
}

impl<R> Stream for Rows<'_, R> {
    type Item = Result<R, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_row(context)
    }
}

impl Drop for Reply<'_> {
    fn drop(&mut self) {
        if let Some(wire) = self.lease.wire() {
            wire.stream_closed();
        }
    }
}

impl<R> fmt::Debug for Rows<'_, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Rows")
    }
}
