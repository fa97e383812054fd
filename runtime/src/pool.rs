//! The pool: how connections are made, and how they come back.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::{self, Metrics, Object, RecycleError, RecycleResult};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::connect::Connector;
use crate::wire::Wire;

/// How long a connection that came back in the middle of a statement is waited for, before the
/// statement is cancelled and the connection closed.
///
/// Most statements end within it, which costs nothing. A cancelled connection is never used again: a
/// request to cancel can arrive late, and would hit the next borrower's statement.
const RECOVERY_TIME: Duration = Duration::from_millis(10);

pub(crate) type Pool = managed::Pool<Manager>;

pub(crate) struct Manager {
    pub(crate) connector: Arc<Connector>,
    pub(crate) statement_capacity: usize,
}

impl managed::Manager for Manager {
    type Type = Arc<Wire>;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> Result<Arc<Wire>, tokio_postgres::Error> {
        let client = self.connector.connect().await?;
        Ok(Arc::new(Wire::new(client, self.statement_capacity, Some(Arc::clone(&self.connector)))))
    }

    async fn recycle(&self, wire: &mut Arc<Wire>, _: &Metrics) -> RecycleResult<tokio_postgres::Error> {
        // Nothing need be asked of the server. A connection that was being recovered when its runtime
        // ended is not clean.
        match wire.is_clean() && !wire.client().is_closed() {
            true => Ok(()),
            false => Err(RecycleError::message("the connection cannot be used again")),
        }
    }
}

impl fmt::Debug for Manager {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Manager")
    }
}

/// A connection of the pool. It goes back only clean.
pub(crate) struct Pooled {
    wire: Arc<Wire>,
    /// The loan; there until this is dropped.
    object: Option<Object<Manager>>,
}

impl Pooled {
    pub(crate) fn new(object: Object<Manager>) -> Self {
        Self { wire: Arc::clone(&object), object: Some(object) }
    }

    pub(crate) fn wire(&self) -> &Wire {
        &self.wire
    }
}

impl fmt::Debug for Pooled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.wire(), formatter)
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        if self.wire.is_clean() {
            return;
        }
        let Some(object) = self.object.take() else { return };
        match Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(recover(object));
            }
            // Outside of the runtime nothing can be waited for: the connection is closed.
            Err(_) => drop(Object::take(object)),
        }
    }
}

/// Waits until the connection is clean and gives it back, or ends what runs on it and closes it.
async fn recover(object: Object<Manager>) {
    if !object.is_beyond_recovery()
        && let Ok(Ok(())) = timeout(RECOVERY_TIME, object.recover()).await
    {
        return;
    }
    // The pool may make a new connection from here on.
    Object::take(object).cancel().await;
}
