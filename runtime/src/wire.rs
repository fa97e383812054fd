//! One connection to the server with its prepared statements, and the notes of what is under way on it.
//!
//! Notes are made before something is sent and crossed out when it has ended, so that a future which is
//! dropped, or forgotten, leaves its note behind.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};
use std::time::Duration;

use futures_core::Stream;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row, RowStream, SimpleQueryMessage, Statement};

use crate::arrays;
use crate::cache::StatementCache;
use crate::connect::Connector;
use crate::new_rows::NewRows;
use crate::row_security::Carried;
use crate::turns::Turns;
use crate::types::KnownTypes;

/// How many statements that nobody knows a connection may carry on the server, some 10 kB each, before it
/// is closed instead of given back. They cannot be deallocated alone, and the driver has some of its own.
const MAX_ORPHANED_STATEMENTS: u32 = 100;

/// How often a connection is looked at within the time that an answer may take.
const LOOKS: u32 = 4;

/// How long a request to cancel may take.
const CANCEL_TIME: Duration = Duration::from_secs(5);

pub(crate) struct Wire {
    client: Client,
    statements: Option<Mutex<StatementCache>>,
    known_types: Arc<KnownTypes>,
    /// Replies that were not read to their end.
    replies_pending: AtomicU32,
    /// A transaction was begun and not ended.
    transaction_open: AtomicBool,
    /// Statements whose preparation was given up: the server keeps them, and nobody knows their names.
    orphaned_statements: AtomicU32,
    /// The raw client was handed out.
    handed_out: AtomicBool,
    /// What the transaction carries for row-level security.
    carried: Carried,
    /// The raw client was handed out, so that the session may hold anything; or the connection is lost.
    unusable: AtomicBool,
    /// Streams of rows that are open. The server sends nothing else until they are read or dropped.
    streams_open: AtomicU32,
    /// Who uses it outside of a transaction of the application's.
    turns: Turns,
    /// Futures that wait for an answer now.
    awaited: AtomicU32,
    /// Answers that came, to see whether any does.
    answers: AtomicU32,
    /// An answer was overdue, and the connection was closed.
    timed_out: AtomicBool,
    /// Of a connection of the pool.
    origin: Option<Origin>,
    /// What a dropped transaction or savepoint wants to be sent before anything else.
    due: Mutex<Option<Due>>,
}

/// What a connection of the pool knows of where it comes from.
pub(crate) struct Origin {
    /// How the server is asked to end what runs on the connection.
    pub(crate) connector: Connector,
    /// What runs the connection.
    pub(crate) task: AbortHandle,
    /// How long an answer may take.
    pub(crate) statement_timeout: Option<Duration>,
    /// A pooler in transaction mode stands between. It may take the end of one reply for the end of all, and
    /// give the server to another client while it has the next message in part: nothing is sent before the reply to
    /// what was sent before has come.
    pub(crate) is_behind_pooler: bool,
}

/// The end of a transaction or of savepoints that nobody waits for.
enum Due {
    Rollback,
    Savepoints(String),
}

impl Wire {
    /// Around a client of the application's own. `capacity` statements stay prepared; none is ever named where it
    /// is 0.
    pub(crate) fn new(client: Client, capacity: usize) -> Self {
        Self {
            client,
            statements: (capacity > 0).then(|| Mutex::new(StatementCache::new(capacity))),
            known_types: Arc::new(KnownTypes::new()),
            replies_pending: AtomicU32::new(0),
            transaction_open: AtomicBool::new(false),
            orphaned_statements: AtomicU32::new(0),
            handed_out: AtomicBool::new(false),
            carried: Carried::new(),
            unusable: AtomicBool::new(false),
            streams_open: AtomicU32::new(0),
            turns: Turns::default(),
            awaited: AtomicU32::new(0),
            answers: AtomicU32::new(0),
            timed_out: AtomicBool::new(false),
            origin: None,
            due: Mutex::new(None),
        }
    }

    /// A connection of the pool, which is closed when an answer is overdue.
    pub(crate) fn pooled(client: Client, capacity: usize, known_types: Arc<KnownTypes>, origin: Origin) -> Arc<Self> {
        let statement_timeout = origin.statement_timeout;
        let wire = Arc::new(Self { known_types, origin: Some(origin), ..Self::new(client, capacity) });
        if let Some(limit) = statement_timeout {
            wire.watch(limit);
        }
        wire
    }

    pub(crate) fn known_types(&self) -> &KnownTypes {
        &self.known_types
    }

    pub(crate) fn statement_timeout(&self) -> Option<Duration> {
        self.origin.as_ref()?.statement_timeout
    }

    pub(crate) fn is_behind_pooler(&self) -> bool {
        self.origin.as_ref().is_some_and(|origin| origin.is_behind_pooler)
    }

    pub(crate) fn turns(&self) -> &Turns {
        &self.turns
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn into_client(self) -> Client {
        self.client
    }

    /// The client for uses that this crate cannot follow.
    pub(crate) fn unscoped_client(&self) -> &Client {
        self.handed_out.store(true, Relaxed);
        self.unusable.store(true, Relaxed);
        &self.client
    }

    /// Whether anything may have been run on it that this crate does not know of.
    pub(crate) fn was_handed_out(&self) -> bool {
        self.handed_out.load(Relaxed)
    }

    pub(crate) fn carried(&self) -> &Carried {
        &self.carried
    }

    /// The server has ended the connection.
    pub(crate) fn lost(&self) {
        self.unusable.store(true, Relaxed);
    }

    /// Whether this can close the connection, because it made it.
    pub(crate) fn can_be_closed(&self) -> bool {
        self.origin.is_some()
    }

    /// Closes the connection at once: what comes on it could be taken for the answer to something else.
    pub(crate) fn close(&self) {
        self.lost();
        let Some(origin) = &self.origin else { return };
        origin.task.abort();
        if let (false, Ok(runtime)) = (origin.is_behind_pooler, Handle::try_current()) {
            let (connector, token) = (origin.connector.clone(), self.client.cancel_token());
            // It cannot matter whether that comes through.
            runtime.spawn(async move { _ = timeout(CANCEL_TIME, connector.cancel(&token)).await });
        }
    }

    /// Whether the connection was closed because an answer was overdue.
    pub(crate) fn has_timed_out(&self) -> bool {
        self.timed_out.load(Relaxed)
    }

    /// Somebody waits for an answer from now on, until what this returns is dropped.
    pub(crate) fn await_answer(&self) -> Awaited<'_> {
        self.awaited.fetch_add(1, Relaxed);
        Awaited(self)
    }

    /// Something came from the server. Where two come at once, one of them may not be counted.
    pub(crate) fn answered(&self) {
        self.answers.store(self.answers.load(Relaxed).wrapping_add(1), Relaxed);
    }

    /// A reply is to come.
    pub(crate) fn reply_expected(&self) {
        self.replies_pending.fetch_add(1, Relaxed);
    }

    /// The reply was read to its end.
    pub(crate) fn reply_read(&self) {
        self.replies_pending.fetch_sub(1, Relaxed);
        self.answered();
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

    /// Prepares a statement whose parameters have these types, or where there are none those that the server infers.
    pub(crate) async fn prepare(&self, sql: &str, types: &[Type]) -> Result<Statement, tokio_postgres::Error> {
        self.reply_expected();
        self.orphaned_statements.fetch_add(1, Relaxed);
        let prepared = self.carried.waits_for(self.client.prepare_typed(sql, types)).await;
        self.orphaned_statements.fetch_sub(1, Relaxed);
        self.reply_read();
        prepared
    }

    /// The prepared statements, where any are kept.
    pub(crate) fn statements<R>(&self, use_cache: impl FnOnce(&mut StatementCache) -> R) -> Option<R> {
        let statements = self.statements.as_ref()?;
        Some(use_cache(&mut statements.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    /// The parameter types that the server infers, asked for without a statement that outlives the question: one
    /// message, which a pooler in transaction mode leaves whole. `None` stands for the database's own types.
    pub(crate) async fn infer_types(&self, sql: &str) -> Result<Vec<Option<Type>>, tokio_postgres::Error> {
        let question = format!(
            "PREPARE tenantry AS {sql};
             SELECT pg_catalog.unnest(parameter_types::oid[]) FROM pg_catalog.pg_prepared_statements
             WHERE name = 'tenantry';
             DEALLOCATE tenantry"
        );
        self.reply_expected();
        let answer = self.carried.waits_for(self.client.simple_query(&question)).await;
        self.reply_read();
        let oids = answer?.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
            _ => None,
        });
        Ok(oids.map(Type::from_oid).collect())
    }

    /// The types of the parameters of rows that go as arrays, by those of their elements. `None` where they cannot go
    /// so.
    pub(crate) async fn array_types(
        &self,
        rows: &NewRows,
        elements: &[Type],
    ) -> Result<Option<Vec<Type>>, tokio_postgres::Error> {
        let unknown = self.known_types.arrays().unknown(elements);
        if !unknown.is_empty() {
            self.reply_expected();
            let arrays = self.carried.waits_for(arrays::ask(&self.client, unknown)).await;
            self.reply_read();
            self.known_types.arrays().learn(arrays?);
        }
        let known = self.known_types.arrays();
        Ok(rows.types_of_arrays(elements, |element| known.of(element)))
    }

    /// Runs a query of which nothing stays prepared, and reads it to its end, however long that takes.
    pub(crate) async fn query_unnamed(
        &self,
        sql: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        self.reply_expected();
        let parameters = parameters.iter().map(|(value, ty)| (*value, ty.clone()));
        let started = self.client.query_typed_raw(sql, parameters).await;
        let answer = match started {
            Ok(rows) => self.read_all(rows).await,
            Err(error) => Err(error),
        };
        self.reply_read();
        answer
    }

    async fn read_all(&self, rows: RowStream) -> Result<Vec<Row>, tokio_postgres::Error> {
        let (mut rows, mut answer) = (pin!(rows), Vec::new());
        while let Some(row) = poll_fn(|context| rows.as_mut().poll_next(context)).await {
            answer.push(row?);
            self.answered();
        }
        Ok(answer)
    }

    /// The number of the server's process that answers, asked for in a transaction of its own.
    pub(crate) async fn backend(&self) -> Result<Option<i32>, tokio_postgres::Error> {
        let _answer = self.await_answer();
        self.reply_expected();
        let answer = self.client.simple_query("SELECT pg_catalog.pg_backend_pid()").await;
        self.reply_read();
        Ok(answer?.into_iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
            _ => None,
        }))
    }

    /// Runs commands that bring no rows: `SAVEPOINT` and the like.
    pub(crate) async fn command(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        let _answer = self.await_answer();
        self.reply_expected();
        let answer = self.carried.waits_for(self.client.batch_execute(sql)).await;
        self.reply_read();
        answer
    }

    /// Runs `BEGIN`, and remembers that it is to be ended.
    pub(crate) async fn begin(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        self.carried.forget();
        if self.transaction_open.swap(true, Relaxed) {
            // One was forgotten: its work must not become part of this one.
            self.command("ROLLBACK").await?;
        }
        self.command(sql).await
    }

    pub(crate) fn has_open_transaction(&self) -> bool {
        self.transaction_open.load(Relaxed)
    }

    /// The transaction has ended on the server.
    pub(crate) fn transaction_ended(&self) {
        self.transaction_open.store(false, Relaxed);
        self.carried.forget();
    }

    /// Sends `ROLLBACK` without waiting for its answer.
    pub(crate) fn roll_back_unanswered(&self) {
        if self.is_behind_pooler() {
            *self.due() = Some(Due::Rollback);
            return;
        }
        self.command_unanswered("ROLLBACK");
        self.transaction_ended();
    }

    /// Undoes a savepoint without waiting for the answer.
    pub(crate) fn undo_unanswered(&self, sql: &str) {
        // A savepoint holds what was set before it.
        self.carried.forget();
        if !self.is_behind_pooler() {
            return self.command_unanswered(sql);
        }
        let mut due = self.due();
        *due = match due.take() {
            None => Some(Due::Savepoints(sql.to_owned())),
            Some(Due::Savepoints(before)) => Some(Due::Savepoints(format!("{before}; {sql}"))),
            rollback => rollback,
        };
    }

    /// Sends a command without waiting for its answer, for use where nothing can be awaited. What is
    /// sent afterwards runs after it.
    fn command_unanswered(&self, sql: &str) {
        self.reply_expected();
        let command = pin!(self.client.batch_execute(sql));
        // The driver queues the message when it is polled first; its connection task sends it.
        let _ = self.carried.in_turn(|_| command.poll(&mut Context::from_waker(Waker::noop())));
    }

    fn due(&self) -> MutexGuard<'_, Option<Due>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether no reply is to come: behind a pooler only then may anything be sent.
    pub(crate) fn is_silent(&self) -> bool {
        self.replies_pending.load(Relaxed) == 0
    }

    /// Sends what dropped transactions and savepoints left to be sent, and waits for it.
    pub(crate) async fn send_due(&self) -> Result<(), tokio_postgres::Error> {
        let due = self.due().take();
        match due {
            None => {}
            Some(Due::Savepoints(sql)) => self.command(&sql).await?,
            Some(Due::Rollback) => {
                self.command("ROLLBACK").await?;
                self.transaction_ended();
            }
        }
        Ok(())
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.is_silent() && !self.transaction_open.load(Relaxed) && !self.unusable.load(Relaxed)
    }

    /// No waiting helps: the session itself is in doubt.
    pub(crate) fn is_beyond_recovery(&self) -> bool {
        self.unusable.load(Relaxed)
            || self.orphaned_statements.load(Relaxed) > MAX_ORPHANED_STATEMENTS
            || (self.is_behind_pooler() && !self.is_silent())
            || self.client.is_closed()
    }

    /// Waits until all that was sent before has ended.
    pub(crate) async fn settle(&self) -> Result<(), tokio_postgres::Error> {
        self.carried.waits_for(self.client.batch_execute("")).await
    }

    /// Waits until all that was under way has ended. To be called when nobody else uses the connection.
    pub(crate) async fn recover(&self) -> Result<(), tokio_postgres::Error> {
        self.command(if self.transaction_open.load(Relaxed) { "ROLLBACK" } else { "" }).await?;
        *self.due() = None;
        self.transaction_open.store(false, Relaxed);
        self.replies_pending.store(0, Relaxed);
        self.streams_open.store(0, Relaxed);
        Ok(())
    }

    /// Ends what runs here on the server, for a connection that nobody uses any more. It cannot matter whether the
    /// request comes through.
    pub(crate) async fn cancel(&self) {
        let Some(origin) = self.origin.as_ref().filter(|_| !self.client.is_closed()) else { return };
        self.request_cancel(origin).await;
        // Whether that was heard or not: the pool counts this connection no more.
        origin.task.abort();
    }

    /// A pooler ends what runs when its client is gone, and some end themselves at such a request.
    async fn request_cancel(&self, origin: &Origin) {
        if !origin.is_behind_pooler {
            let _ = timeout(CANCEL_TIME, origin.connector.cancel(&self.client.cancel_token())).await;
        }
    }

    /// Closes the connection when nothing has come from the server for `limit` while somebody waits; what runs
    /// there is cancelled.
    fn watch(self: &Arc<Self>, limit: Duration) {
        let wire = Arc::downgrade(self);
        tokio::spawn(async move {
            // Looks are counted and not time, which also passes where nothing could come: while the program stood still.
            let (mut silent_looks, mut before) = (0, 0);
            loop {
                sleep(limit / LOOKS).await;
                let Some(wire) = wire.upgrade().filter(|wire| !wire.client.is_closed()) else { return };
                let answers = wire.answers.load(Relaxed);
                let is_silent = wire.awaited.load(Relaxed) > 0 && (silent_looks == 0 || answers == before);
                silent_looks = if is_silent { silent_looks + 1 } else { 0 };
                before = answers;
                if silent_looks > LOOKS {
                    return wire.give_up().await;
                }
            }
        });
    }

    /// Closes the connection, whoever waits on it.
    async fn give_up(&self) {
        let Some(origin) = &self.origin else { return };
        self.timed_out.store(true, Relaxed);
        origin.task.abort();
        self.request_cancel(origin).await;
    }
}

/// Somebody waits for an answer.
pub(crate) struct Awaited<'w>(&'w Wire);

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        self.0.awaited.fetch_sub(1, Relaxed);
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Wire").field("clean", &self.is_clean()).finish_non_exhaustive()
    }
}
