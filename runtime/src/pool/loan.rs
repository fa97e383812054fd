//! A connection for a while, and how it comes back.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::Inner;
use super::places::Ended;
use crate::wire::Wire;

/// How long a connection that came back in the middle of a statement is waited for, before the
/// statement is cancelled and the connection closed.
///
/// Most statements end within it, which costs nothing. A cancelled connection is never used again: a
/// request to cancel can arrive late, and would hit the next borrower's statement.
const RECOVERY_TIME: Duration = Duration::from_millis(10);

/// A connection for the time of one statement, or for as long as its owner keeps it. What is had alone goes
/// back only clean.
pub(crate) struct Loan {
    pool: Arc<Inner>,
    index: usize,
    wire: Arc<Wire>,
    kind: Kind,
    /// A statement was sent on a shared connection, and its reply has not been read to the end.
    pending: AtomicBool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Alone,
    Shared,
    /// Shared, and for a statement that is being prepared.
    Preparing,
}

impl Loan {
    pub(super) fn new(pool: Arc<Inner>, index: usize, wire: Arc<Wire>, is_shared: bool) -> Self {
        let kind = if is_shared { Kind::Shared } else { Kind::Alone };
        Self { pool, index, wire, kind, pending: AtomicBool::new(false) }
    }

    pub(crate) fn wire(&self) -> &Wire {
        &self.wire
    }

    /// Whether other statements are under way on the same connection.
    pub(crate) fn is_shared(&self) -> bool {
        self.kind == Kind::Shared
    }

    /// One more share in the same connection, where it is shared, for one more statement of the same owner.
    pub(crate) fn again(&self) -> Option<Self> {
        let is_there = self.is_shared() && self.pool.lock().places.share_again(self.index, &self.wire);
        is_there.then(|| self.one_more(Kind::Shared))
    }

    /// One more share in the same connection, for a statement that is prepared there.
    pub(crate) fn to_prepare(&self) -> Option<Self> {
        let is_there = self.pool.lock().places.begin_preparing(self.index, &self.wire);
        is_there.then(|| self.one_more(Kind::Preparing))
    }

    fn one_more(&self, kind: Kind) -> Self {
        let (pool, wire) = (Arc::clone(&self.pool), Arc::clone(&self.wire));
        Self { pool, index: self.index, wire, kind, pending: AtomicBool::new(false) }
    }

    pub(crate) fn reply_expected(&self) {
        self.pending.store(true, Relaxed);
    }

    pub(crate) fn reply_read(&self) {
        self.pending.store(false, Relaxed);
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        match self.kind {
            Kind::Shared if *self.pending.get_mut() => self.abandon(),
            Kind::Shared => self.pool.end_share(self.index, &self.wire, Ended::Statement),
            Kind::Preparing => self.pool.end_share(self.index, &self.wire, Ended::Preparing),
            Kind::Alone if self.wire.is_clean() => self.pool.end_loan(self.index, &self.wire),
            Kind::Alone => {
                let (pool, wire) = (Arc::clone(&self.pool), Arc::clone(&self.wire));
                let recovering = Recovering { pool, index: self.index, wire, is_clean: false };
                self.pool.runtime().spawn(recovering.run());
            }
        }
    }
}

impl Loan {
    /// Nobody waits any more for the statement that is under way.
    fn abandon(&self) {
        let (pool, index, wire) = (Arc::clone(&self.pool), self.index, Arc::clone(&self.wire));
        let runtime = pool.runtime();
        pool.abandon_share(index, &wire);
        let abandoned = Abandoned { pool, index, wire };
        runtime.spawn(async move {
            // Its reply comes before this one's.
            let _ = abandoned.wire.settle().await;
            abandoned.wire.reply_read();
        });
    }
}

/// A statement that is under way, and that nobody waits for.
struct Abandoned {
    pool: Arc<Inner>,
    index: usize,
    wire: Arc<Wire>,
}

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.pool.end_share(self.index, &self.wire, Ended::Abandoned);
    }
}

/// A connection that came back in the middle of something. It is closed, unless it becomes clean.
struct Recovering {
    pool: Arc<Inner>,
    index: usize,
    wire: Arc<Wire>,
    is_clean: bool,
}

impl Recovering {
    /// Waits until the connection is clean and gives it back, or ends what runs on it and closes it.
    async fn run(mut self) {
        if !self.wire.is_beyond_recovery() {
            self.is_clean = matches!(timeout(RECOVERY_TIME, self.wire.recover()).await, Ok(Ok(())));
        }
        let wire = Arc::clone(&self.wire);
        let is_clean = self.is_clean;
        // The pool may make a new connection from here on.
        drop(self);
        if !is_clean {
            wire.cancel().await;
        }
    }
}

impl Drop for Recovering {
    fn drop(&mut self) {
        if self.is_clean {
            self.pool.end_loan(self.index, &self.wire);
        } else {
            self.pool.remove(self.index, &self.wire);
        }
    }
}

impl fmt::Debug for Loan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.wire(), formatter)
    }
}

/// Ends a connection on which only abandoned statements are under way, unless they end soon or others join them.
pub(super) async fn expire(pool: Arc<Inner>, index: usize, wire: Arc<Wire>) {
    sleep(RECOVERY_TIME).await;
    let is_taken_out = pool.change(|state| {
        let is_taken_out = state.places.remove_abandoned(index, &wire);
        state.returned();
        is_taken_out
    });
    if is_taken_out {
        // Nobody else can have it now, so that no other statement is hit.
        wire.cancel().await;
    }
}
