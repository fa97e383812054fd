//! How long a stream of rows waits for the next one.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep};

/// Patience with a server, but not with the reader of a stream: who comes back late for a row that is not there yet
/// begins to wait anew.
pub(crate) struct Patience {
    limit: Option<Duration>,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    pub(crate) fn new(limit: Option<Duration>) -> Self {
        Self { limit, waiting: None }
    }

    /// A row came.
    pub(crate) fn renew(&mut self) {
        self.waiting = None;
    }

    /// Ready when it has run out.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        // Outside of a runtime nothing can be timed.
        let Some(limit) = self.limit.filter(|_| Handle::try_current().is_ok()) else { return Poll::Pending };
        loop {
            let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(limit)));
            ready!(waiting.as_mut().poll(context));
            let is_late = Instant::now().duration_since(waiting.deadline()) > limit / 4;
            if !is_late {
                return Poll::Ready(());
            }
            self.waiting = None;
        }
    }
}
