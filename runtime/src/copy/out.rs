//! Rows out of a table.

use std::fmt;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tokio_postgres::types::Type;
use tokio_postgres::{CopyOutStream, Statement};

use super::decode::{Decoder, Step};
use super::session::Session;
use super::{copy_out_text, select_text};
use crate::error::Error;
use crate::executor::{Executor, Target};
use crate::patience::Patience;
use crate::row::Row;
use crate::row_security::RowSecurity;
use crate::scope::Binding;
use crate::table::Table;

/// A COPY of all rows of the scope out of table `T`; made by a repository's `copy_out()`.
///
/// It is the lightest way to read very many rows. Run by [`fetch`](Self::fetch) or [`fetch_all`](Self::fetch_all).
#[must_use = "a COPY does nothing until a verb runs it: `.fetch(&db)`, .."]
pub struct CopyOut<T> {
    binding: Binding,
    is_slow: bool,
    table: PhantomData<fn() -> T>,
}

/// The rows of a [`CopyOut`] as a stream.
///
/// Also read by [`try_next`](Self::try_next), which needs no other crate. Dropping it early gives up the rest; a
/// connection of the pool goes back only when it is clean. On a [`Connection`](crate::Connection) or a
/// [`Transaction`](crate::Transaction) other statements fail while a stream is open: see [`Error::is_stream_open`].
#[must_use = "a stream does nothing until it is polled"]
pub struct CopyRows<'e, T> {
    state: State<'e>,
    table: PhantomData<fn() -> T>,
}

enum State<'e> {
    Starting(Sent<'e, Reply<'e>>),
    Reading(Box<Reply<'e>>),
    Ending(Sent<'e, ()>),
    Ended,
}

type Sent<'e, R> = Pin<Box<dyn Future<Output = Result<R, Error>> + Send + 'e>>;

/// A reply that is being read.
struct Reply<'e> {
    pieces: Pin<Box<CopyOutStream>>,
    decoder: Decoder,
    patience: Patience,
    /// The SELECT, whose columns these are.
    select: Statement,
    /// The COPY itself.
    copy: Statement,
    session: Session<'e>,
}

impl<T: Table> CopyOut<T> {
    pub(crate) fn new(binding: Binding) -> Self {
        Self { binding, is_slow: false, table: PhantomData }
    }

    /// Says that the server may take long for a row: no
    /// [timeout](crate::DatabaseOptions::statement_timeout) ends the COPY. Without this it fails where none comes for that
    /// time; that all of them take long does not matter.
    pub fn slow(self) -> Self {
        Self { is_slow: true, ..self }
    }

    /// The text that runs. The tenant of a table isolated by row stands in it, because a COPY takes no parameters.
    #[must_use]
    pub fn sql(&self) -> String {
        select_text(&T::SQL.texts, &self.binding).map_or_else(|_| String::new(), |select| copy_out_text(&select))
    }

    /// Runs the COPY and reads its rows one by one, as they come; it starts when first polled.
    ///
    /// The types of the columns are asked for first, of the server. On a [`Database`](crate::Database) the rows hold a
    /// connection of their own, in a transaction, until the last one is read or they are dropped.
    ///
    /// # Errors
    ///
    /// Each item is a row, or whatever the database answers; an error is the last item.
    pub fn fetch<'e>(self, executor: &'e dyn Executor) -> CopyRows<'e, T> {
        CopyRows { state: State::Starting(Box::pin(start(self, executor.target()))), table: PhantomData }
    }

    /// Runs the COPY and reads all its rows.
    ///
    /// # Errors
    ///
    /// Whatever the database answers.
    pub async fn fetch_all(self, executor: &dyn Executor) -> Result<Vec<T>, Error> {
        let mut rows = self.fetch(executor);
        let mut all = Vec::new();
        while let Some(row) = rows.try_next().await? {
            all.push(row);
        }
        Ok(all)
    }
}

async fn start<T: Table>(copy: CopyOut<T>, target: Target<'_>) -> Result<Reply<'_>, Error> {
    let table = T::SQL.texts.table;
    let select = select_text(&T::SQL.texts, &copy.binding).map_err(|reason| Error::impossible(table, reason))?;
    let security = T::SQL.texts.setting.and_then(|setting| RowSecurity::of(&[setting], &copy.binding));
    let session = Session::begin(target, copy.is_slow, security.map(|security| (security, table))).await?;
    begin(&copy_out_text(&select), &select, table, session).await
}

async fn begin<'e>(copy: &str, select: &str, table: &'static str, session: Session<'e>) -> Result<Reply<'e>, Error> {
    let select = session.prepare(select).await?;
    let is_own = |ty: &Type| Type::from_oid(ty.oid()).is_none();
    if session.is_behind_pooler() && select.columns().iter().any(|column| is_own(column.type_())) {
        session.lost();
        return Err(Error::own_type(table, true));
    }
    let copy = session.prepare(copy).await?;
    let answer = session.await_answer();
    session.reply_expected();
    let pieces = match session.send(session.client().copy_out(&copy)).await {
        Ok(pieces) => Box::pin(pieces),
        Err(error) => {
            session.reply_read();
            return Err(session.failed(error));
        }
    };
    drop(answer);
    let (decoder, patience) = (Decoder::new(select.columns().len()), session.patience());
    Ok(Reply { pieces, decoder, patience, select, copy, session })
}

impl Reply<'_> {
    /// The next row, or `None` after the last one.
    fn poll_row<T: Table>(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        let table = T::SQL.texts.table;
        loop {
            match self.decoder.step() {
                Ok(Step::Row) => {
                    let row = T::decode(&Row::copied(self.decoder.row(self.select.columns()), table));
                    if row.is_err() {
                        // A type may be another by now than the driver remembers.
                        self.session.client().clear_type_cache();
                    }
                    return Poll::Ready(Some(row));
                }
                Ok(Step::Incomplete | Step::End) => {}
                Err(_) => return Poll::Ready(Some(Err(Error::malformed_copy(table)))),
            }
            let piece = match self.pieces.as_mut().poll_next(context) {
                Poll::Ready(piece) => piece,
                Poll::Pending => {
                    ready!(self.patience.poll(context));
                    self.session.lost();
                    return Poll::Ready(Some(Err(Error::statement_timeout(None))));
                }
            };
            self.patience.renew();
            match piece {
                Some(Ok(piece)) => self.decoder.push(piece),
                Some(Err(error)) => {
                    self.session.reply_read();
                    return Poll::Ready(Some(Err(self.session.failed(error))));
                }
                None if self.decoder.has_ended() => return Poll::Ready(None),
                None => return Poll::Ready(Some(Err(Error::malformed_copy(table)))),
            }
        }
    }

    /// All rows were read.
    async fn end(self) -> Result<(), Error> {
        let Self { pieces, select, copy, session, .. } = self;
        drop((pieces, select, copy));
        session.reply_read();
        session.end().await
    }
}

impl<T: Table> CopyRows<'_, T> {
    /// The next row, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Whatever the database answers; nothing comes after an error.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| self.poll_row(context)).await.transpose()
    }

    fn poll_row(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            let item = match &mut self.state {
                State::Starting(start) => match ready!(start.as_mut().poll(context)) {
                    Ok(reply) => {
                        self.state = State::Reading(Box::new(reply));
                        continue;
                    }
                    Err(error) => Some(Err(error)),
                },
                State::Reading(reply) => match ready!(reply.poll_row(context)) {
                    Some(Ok(row)) => return Poll::Ready(Some(Ok(row))),
                    None => {
                        if let State::Reading(reply) = std::mem::replace(&mut self.state, State::Ended) {
                            self.state = State::Ending(Box::pin(reply.end()));
                        }
                        continue;
                    }
                    error => error,
                },
                State::Ending(end) => ready!(end.as_mut().poll(context)).err().map(Err),
                State::Ended => None,
            };
            self.state = State::Ended;
            return Poll::Ready(item);
        }
    }
}

impl<T: Table> Stream for CopyRows<'_, T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_row(context)
    }
}

impl<T> Clone for CopyOut<T> {
    fn clone(&self) -> Self {
        Self { binding: self.binding.clone(), ..*self }
    }
}

impl<T: Table> fmt::Debug for CopyOut<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("CopyOut").field(&self.sql()).finish()
    }
}

impl<T> fmt::Debug for CopyRows<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CopyRows")
    }
}
