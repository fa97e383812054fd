//! A COPY into a table, under way.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::BytesMut;
use futures_sink::Sink;
use tokio::task::coop::consume_budget;
use tokio_postgres::{CopyInSink, Statement};

use super::session::Session;
use crate::error::Error;
use crate::wire::Wire;

/// Dropped before its end it aborts the COPY: the driver then sends what makes the server forget the rows.
pub(super) struct Sending<'e> {
    sink: Pin<Box<CopyInSink<BytesMut>>>,
    statement: Statement,
    session: Session<'e>,
}

/// A COPY that was sent, and not answered yet.
///
/// The driver sends two messages for each that the server answers once. Where the server refuses the COPY it answers
/// both, and the driver would take each answer that follows for that of the statement after: such a connection is closed
/// before anything else is sent on it. Nobody knows how it is with one that was given up.
struct Unanswered<'w>(Option<&'w Wire>);

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if let Some(wire) = self.0 {
            wire.close();
        }
    }
}

impl<'e> Sending<'e> {
    pub(super) async fn start(session: Session<'e>, sql: &str) -> Result<Self, Error> {
        let statement = session.prepare(sql).await?;
        if session.is_behind_pooler() {
            // PgBouncer has lost count of the answers around a COPY in several versions. It lets go of the server when
            // its client goes, which is when this connection comes back.
            session.lost();
        }
        let answer = session.await_answer();
        session.reply_expected();
        let mut unanswered = Unanswered(session.wire());
        let sink = session.send(session.client().copy_in(&statement)).await.map_err(|error| session.failed(error))?;
        unanswered.0 = None;
        drop((unanswered, answer));
        session.answered();
        Ok(Self { sink: Box::pin(sink), statement, session })
    }

    /// Hands rows to the connection, when it is ready for more.
    pub(super) async fn send(&mut self, piece: BytesMut) -> Result<(), Error> {
        let Self { sink, session, .. } = self;
        let answer = session.await_answer();
        let ready = poll_fn(|context| sink.as_mut().poll_ready(context)).await;
        ready.and_then(|()| sink.as_mut().start_send(piece)).map_err(|error| session.failed(error))?;
        drop(answer);
        session.answered();
        // A source that always has a row, and a server that always takes it, would keep other tasks from running.
        consume_budget().await;
        Ok(())
    }

    /// All rows were sent. Answers how many the server has written.
    pub(super) async fn finish(mut self) -> Result<u64, Error> {
        let answer = self.session.await_answer();
        let written = self.sink.as_mut().finish().await;
        drop(answer);
        let Self { sink, statement, session } = self;
        drop((sink, statement));
        session.reply_read();
        match written {
            Ok(rows) => session.end().await.map(|()| rows),
            Err(error) => {
                let error = session.failed(error);
                Err(session.undo(error).await)
            }
        }
    }

    /// Gives it up: nothing is written. Answers why it was.
    pub(super) async fn abort(self, error: Error) -> Error {
        let Self { sink, statement, session } = self;
        drop((sink, statement));
        session.abort(error).await
    }
}
