//! One connection to the server with its prepared statements, and what a dropped future leaves on it.

use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Waker};

use tokio_postgres::Client;

use crate::cache::StatementCache;

/// A future was dropped while its statement was under way: its reply is still to come.
pub(crate) const REPLY_PENDING: u8 = 1;
/// A future was dropped while it prepared: the server keeps a statement that nobody knows.
pub(crate) const ORPHANED_STATEMENT: u8 = 2;
/// The raw client was handed out: the session may hold anything.
const SESSION_UNKNOWN: u8 = 4;
/// A transaction was begun and not ended.
const TRANSACTION_OPEN: u8 = 8;

/// How many statements that nobody knows a connection may carry on the server, some 10 kB each, before it
/// is closed instead of given back. They cannot be deallocated alone, and the driver has some of its own.
const MAX_ORPHANED_STATEMENTS: u32 = 100;

pub(crate) struct Wire {
    client: Client,
    statements: Option<Mutex<StatementCache>>,
    left_behind: AtomicU8,
    orphaned_statements: AtomicU32,
}

impl Wire {
    /// `capacity` prepared statements are kept; none are when it is 0.
    pub(crate) fn new(client: Client, capacity: usize) -> Self {
        let statements = (capacity > 0).then(|| Mutex::new(StatementCache::new(capacity)));
        Self { client, statements, left_behind: AtomicU8::new(0), orphaned_statements: AtomicU32::new(0) }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn into_client(self) -> Client {
        self.client
    }

    /// The client for uses that this crate cannot follow.
    pub(crate) fn unscoped_client(&self) -> &Client {
        self.leave(SESSION_UNKNOWN);
        &self.client
    }

    /// Runs commands that bring no rows: `BEGIN`, `COMMIT` and the like.
    pub(crate) async fn command(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.client.batch_execute(sql).await
    }

    /// Sends `BEGIN`, and remembers that it is to be ended.
    pub(crate) async fn begin(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.leave(TRANSACTION_OPEN);
        self.command(sql).await
    }

    /// The transaction has ended on the server.
    pub(crate) fn ended(&self) {
        self.left_behind.fetch_and(!TRANSACTION_OPEN, Ordering::Relaxed);
    }

    /// Sends a command without waiting for its answer, for use where nothing can be awaited. What is
    /// sent afterwards runs after it.
    pub(crate) fn command_unanswered(&self, sql: &str) {
        self.leave(REPLY_PENDING);
        let command = pin!(self.client.batch_execute(sql));
        // The driver queues the message when it is polled first; its connection task sends it.
        let _ = command.poll(&mut Context::from_waker(Waker::noop()));
    }

    /// The prepared statements, where any are kept.
    pub(crate) fn statements<R>(&self, use_cache: impl FnOnce(&mut StatementCache) -> R) -> Option<R> {
        let statements = self.statements.as_ref()?;
        Some(use_cache(&mut statements.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Notes what a dropped future leaves behind.
    pub(crate) fn leave(&self, what: u8) {
        self.left_behind.fetch_or(what, Ordering::Relaxed);
        if what & ORPHANED_STATEMENT != 0 {
            self.orphaned_statements.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn has_left(&self, what: u8) -> bool {
        self.left_behind.load(Ordering::Relaxed) & what != 0
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.left_behind.load(Ordering::Relaxed) == 0
    }

    /// No waiting helps: the session itself is in doubt.
    pub(crate) fn is_beyond_recovery(&self) -> bool {
        self.has_left(SESSION_UNKNOWN)
            || self.orphaned_statements.load(Ordering::Relaxed) > MAX_ORPHANED_STATEMENTS
            || self.client.is_closed()
    }

    /// Waits until all that was under way has ended.
    pub(crate) async fn recover(&self) -> Result<(), tokio_postgres::Error> {
        self.command(if self.has_left(TRANSACTION_OPEN) { "ROLLBACK" } else { "" }).await?;
        self.left_behind.store(0, Ordering::Relaxed);
        Ok(())
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Wire").field("clean", &self.is_clean()).finish_non_exhaustive()
    }
}
