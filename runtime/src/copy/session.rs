//! The connection that a COPY has alone.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error as DriverError, Statement};

use crate::connection::Connection;
use crate::error::Error;
use crate::executor::{Lease, Target};
use crate::flight::{failed, silence};
use crate::patience::Patience;
use crate::reply::carrying;
use crate::row_security::RowSecurity;
use crate::transaction::{Transaction, TransactionOptions};
use crate::wire::{Awaited, Wire};

/// A connection for the time of a COPY, and the transaction that it runs in.
pub(super) struct Session<'e> {
    held: Held<'e>,
    /// Dropped after what was held.
    _mark: Option<Mark<'e>>,
    /// It takes the time it takes.
    is_slow: bool,
    /// What the transaction carries for row-level security.
    security: Option<RowSecurity>,
}

enum Held<'e> {
    /// A transaction of its own: the table's columns keep the types that were asked for, and a pooler keeps the server.
    Own(Transaction<'e>),
    Lent(Lease<'e>),
}

/// Keeps the caller's other statements off a connection.
struct Mark<'e>(&'e Wire);

impl<'e> Mark<'e> {
    fn new(wire: &'e Wire) -> Result<Self, Error> {
        if wire.has_open_stream() {
            return Err(Error::stream_open());
        }
        wire.stream_opened();
        Ok(Self(wire))
    }
}

impl Drop for Mark<'_> {
    fn drop(&mut self) {
        self.0.stream_closed();
    }
}

impl<'e> Session<'e> {
    pub(super) async fn begin(
        target: Target<'e>,
        is_slow: bool,
        security: Option<(RowSecurity, &'static str)>,
    ) -> Result<Self, Error> {
        let options = TransactionOptions::new();
        let lease = target.lease_alone().await?;
        // On a pool of the application's own no transaction is begun for it.
        let is_lost = lease.may_be_in_transaction() || (lease.wire().is_none() && !lease.in_transaction());
        if let Some((_, table)) = security.as_ref().filter(|_| is_lost) {
            return Err(Error::row_security_needs_transaction(table));
        }
        let (held, mark) = match lease {
            Lease::Pooled(loan) => {
                let connection = Connection::pooled(loan);
                (Held::Own(Transaction::begin_owned(connection, options).await?), None)
            }
            Lease::Wire { wire, turn } => {
                let mark = Mark::new(wire)?;
                silence(wire).await?;
                let held = match (wire.is_behind_pooler() || security.is_some(), turn) {
                    (true, Some(_)) => Held::Own(Transaction::begin_borrowed(wire, options).await?),
                    (_, turn) => Held::Lent(Lease::Wire { wire, turn }),
                };
                (held, Some(mark))
            }
            lease => (Held::Lent(lease), None),
        };
        Ok(Self { held, _mark: mark, is_slow, security: security.map(|(security, _)| security) })
    }

    /// Sends the COPY, right after the setting that it is for.
    pub(super) async fn send<R>(&self, copy: impl Future<Output = Result<R, DriverError>>) -> Result<R, DriverError> {
        let security = self.security.as_ref();
        match &self.held {
            Held::Own(transaction) => {
                let lease = Lease::Wire { wire: transaction.wire(), turn: None };
                carrying(&lease, security, copy).await
            }
            Held::Lent(lease) => carrying(lease, security, copy).await,
        }
    }

    pub(super) fn wire(&self) -> Option<&Wire> {
        match &self.held {
            Held::Own(transaction) => Some(transaction.wire()),
            Held::Lent(lease) => lease.wire(),
        }
    }

    pub(super) fn client(&self) -> &Client {
        match &self.held {
            Held::Own(transaction) => transaction.wire().client(),
            Held::Lent(lease) => lease.client(),
        }
    }

    /// Somebody waits for the server.
    pub(super) fn await_answer(&self) -> Option<Awaited<'_>> {
        self.wire().filter(|_| !self.is_slow).map(Wire::await_answer)
    }

    /// Something came from the server, or went to it.
    pub(super) fn answered(&self) {
        if let Some(wire) = self.wire() {
            wire.answered();
        }
    }

    /// The connection is not to be used again.
    pub(super) fn lost(&self) {
        if let Some(wire) = self.wire() {
            wire.lost();
        }
    }

    /// A reply is to come.
    pub(super) fn reply_expected(&self) {
        if let Some(wire) = self.wire() {
            wire.reply_expected();
        }
    }

    /// The reply was read to its end.
    pub(super) fn reply_read(&self) {
        if let Some(wire) = self.wire() {
            wire.reply_read();
        }
    }

    /// How long a row may be waited for.
    pub(super) fn patience(&self) -> Patience {
        Patience::new(self.wire().filter(|_| !self.is_slow).and_then(Wire::statement_timeout))
    }

    pub(super) fn is_behind_pooler(&self) -> bool {
        self.wire().is_some_and(Wire::is_behind_pooler)
    }

    pub(super) fn failed(&self, error: DriverError) -> Error {
        match self.wire() {
            Some(wire) => failed(wire, error),
            None => Error::driver(error),
        }
    }

    pub(super) async fn prepare(&self, sql: &str) -> Result<Statement, Error> {
        let _answer = self.await_answer();
        let prepared = match self.wire() {
            Some(wire) => wire.prepare(sql, &[]).await,
            None => self.client().prepare(sql).await,
        };
        prepared.map_err(|error| self.failed(error))
    }

    /// The types of a statement's parameters, as they are now.
    pub(super) async fn parameter_types(&self, sql: &str, table: &'static str) -> Result<Vec<Type>, Error> {
        match self.wire().filter(|wire| wire.is_behind_pooler()) {
            Some(wire) => {
                let _answer = self.await_answer();
                let inferred = wire.infer_types(sql).await.map_err(|error| self.failed(error))?;
                inferred.into_iter().collect::<Option<Vec<_>>>().ok_or_else(|| Error::own_type(table, false))
            }
            None => Ok(self.prepare(sql).await?.params().to_vec()),
        }
    }

    /// Waits until the server has ended all that was sent to it.
    pub(super) async fn settle(&self) -> Result<(), Error> {
        let _answer = self.await_answer();
        let settled = match self.wire() {
            Some(wire) => wire.settle().await,
            None => self.client().batch_execute("").await,
        };
        settled.map_err(|error| self.failed(error))
    }

    /// The COPY has ended, and its reply was read.
    pub(super) async fn end(self) -> Result<(), Error> {
        if self.is_behind_pooler() {
            // The end of its prepared statement, which nobody waits for.
            self.settle().await?;
        }
        match self.held {
            Held::Own(transaction) => transaction.commit().await,
            Held::Lent(_) => Ok(()),
        }
    }

    /// The COPY was given up, and the end of its reply is to come. Answers why it was.
    pub(super) async fn abort(self, error: Error) -> Error {
        if let Held::Lent(_) = self.held {
            // What fails here leaves a connection that is closed.
            let _ = self.settle().await;
        }
        self.reply_read();
        self.undo(error).await
    }

    /// The COPY has failed, and its reply was read. Answers why it has.
    pub(super) async fn undo(self, error: Error) -> Error {
        if let Held::Own(transaction) = self.held {
            // What fails here leaves a connection that is closed.
            let _ = transaction.rollback().await;
        }
        error
    }
}
