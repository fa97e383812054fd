//! One connection to the server with its prepared statements, and the notes of what is under way on it.
//!
//! Notes are made before something is sent and crossed out when it has ended, so that a future which is
//! dropped, or forgotten, leaves its note behind.

use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::time::timeout;
use tokio_postgres::{Client, Statement};

use crate::cache::StatementCache;
use crate::connect::Connector;

/// How many statements that nobody knows a connection may carry on the server, some 10 kB each, before it
/// is closed instead of given back. They cannot be deallocated alone, and the driver has some of its own.
const MAX_ORPHANED_STATEMENTS: u32 = 100;

/// How long a request to cancel may take.
const CANCEL_TIME: Duration = Duration::from_secs(5);

pub(crate) struct Wire {
    client: Client,
    statements: Option<Mutex<StatementCache>>,
    /// Replies that were not read to their end.
    replies_pending: AtomicU32,
    /// A transaction was begun and not ended.
    transaction_open: AtomicBool,
    /// Statements whose preparation was given up: the server keeps them, and nobody knows their names.
    orphaned_statements: AtomicU32,
    /// The raw client was handed out, so that the session may hold anything; or the connection is lost.
    unusable: AtomicBool,
    /// Streams of rows that are open. The server sends nothing else until they are read or dropped.
    streams_open: AtomicU32,
    /// How a connection of the pool asks the server to end what runs on it.
    connector: Option<Arc<Connector>>,
}

impl Wire {
    /// `capacity` prepared statements are kept; none are when it is 0.
    pub(crate) fn new(client: Client, capacity: usize, connector: Option<Arc<Connector>>) -> Self {
        Self {
            client,
            statements: (capacity > 0).then(|| Mutex::new(StatementCache::new(capacity))),
            replies_pending: AtomicU32::new(0),
            transaction_open: AtomicBool::new(false),
            orphaned_statements: AtomicU32::new(0),
            unusable: AtomicBool::new(false),
            streams_open: AtomicU32::new(0),
            connector,
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn into_client(self) -> Client {
        self.client
    }

    /// The client for uses that this crate cannot follow.
    pub(crate) fn unscoped_client(&self) -> &Client {
        self.unusable.store(true, Relaxed);
        &self.client
    }

    /// The server has ended the connection.
    pub(crate) fn lost(&self) {
        self.unusable.store(true, Relaxed);
    }

    /// A reply is to come.
    pub(crate) fn reply_expected(&self) {
        self.replies_pending.fetch_add(1, Relaxed);
    }

    /// The reply was read to its end.
    pub(crate) fn reply_read(&self) {
        self.replies_pending.fetch_sub(1, Relaxed);
    }

    pub(crate) fn stream_opened(&self) {
        self.streams_open.fetch_add(1, Relaxed);
    }

    pub(crate) fn stream_closed(&self) {
        self.streams_open.fetch_sub(1, Relaxed);
    }

    pub(crate) fn has_open_stream(&self) -> bool {
        self.streams_open.load(Relaxed) > 0
    }

    pub(crate) async fn prepare(&self, sql: &str) -> Result<Statement, tokio_postgres::Error> {
        self.reply_expected();
        self.orphaned_statements.fetch_add(1, Relaxed);
        let prepared = self.client.prepare(sql).await;
        self.orphaned_statements.fetch_sub(1, Relaxed);
        self.reply_read();
        prepared
    }

    /// The prepared statements, where any are kept.
    pub(crate) fn statements<R>(&self, use_cache: impl FnOnce(&mut StatementCache) -> R) -> Option<R> {
        let statements = self.statements.as_ref()?;
        Some(use_cache(&mut statements.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Runs commands that bring no rows: `SAVEPOINT` and the like.
    pub(crate) async fn command(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.reply_expected();
        let answer = self.client.batch_execute(sql).await;
        self.reply_read();
        answer
    }

    /// Runs `BEGIN`, and remembers that it is to be ended.
    pub(crate) async fn begin(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        if self.transaction_open.swap(true, Relaxed) {
            // One was forgotten: its work must not become part of this one.
            self.command("ROLLBACK").await?;
        }
        self.command(sql).await
    }

    /// The transaction has ended on the server.
    pub(crate) fn transaction_ended(&self) {
        self.transaction_open.store(false, Relaxed);
    }

    /// Sends `ROLLBACK` without waiting for its answer.
    pub(crate) fn roll_back_unanswered(&self) {
        self.command_unanswered("ROLLBACK");
        self.transaction_ended();
    }

    /// Sends a command without waiting for its answer, for use where nothing can be awaited. What is
    /// sent afterwards runs after it.
    pub(crate) fn command_unanswered(&self, sql: &str) {
        self.reply_expected();
        let command = pin!(self.client.batch_execute(sql));
        // The driver queues the message when it is polled first; its connection task sends it.
        let _ = command.poll(&mut Context::from_waker(Waker::noop()));
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.replies_pending.load(Relaxed) == 0 && !self.transaction_open.load(Relaxed) && !self.unusable.load(Relaxed)
    }

    /// No waiting helps: the session itself is in doubt.
    pub(crate) fn is_beyond_recovery(&self) -> bool {
        self.unusable.load(Relaxed)
            || self.orphaned_statements.load(Relaxed) > MAX_ORPHANED_STATEMENTS
            || self.client.is_closed()
    }

    /// Waits until all that was under way has ended. To be called when nobody else uses the connection.
    pub(crate) async fn recover(&self) -> Result<(), tokio_postgres::Error> {
        self.command(if self.transaction_open.load(Relaxed) { "ROLLBACK" } else { "" }).await?;
        self.transaction_open.store(false, Relaxed);
        self.replies_pending.store(0, Relaxed);
        self.streams_open.store(0, Relaxed);
        Ok(())
    }

    /// Asks the server to end what runs here. It cannot matter whether this comes through: nobody uses the
    /// connection any more.
    pub(crate) async fn cancel(&self) {
        if let Some(connector) = &self.connector
            && !self.client.is_closed()
        {
            let _ = timeout(CANCEL_TIME, connector.cancel(&self.client.cancel_token())).await;
        }
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Wire").field("clean", &self.is_clean()).finish_non_exhaustive()
    }
}
