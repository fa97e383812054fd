//! Futures that are dropped before they end.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use tokio::time::timeout;

use crate::random::Random;

/// When to drop a future.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Interrupt {
    AfterPolls(u64),
    After(Duration),
    Never,
}

impl Interrupt {
    /// Mostly early, where a statement is prepared, sent or read.
    pub(crate) fn random(random: &mut Random) -> Self {
        match random.below(8) {
            0..4 => Self::AfterPolls(1 + random.below(8)),
            4..7 => Self::After(Duration::from_micros(random.below(3_000))),
            _ => Self::Never,
        }
    }

    /// What the future answers, if it gets that far.
    pub(crate) async fn run<F: Future>(self, future: F) -> Option<F::Output> {
        match self {
            Self::AfterPolls(polls) => poll_at_most(polls, future).await,
            Self::After(limit) => timeout(limit, future).await.ok(),
            Self::Never => Some(future.await),
        }
    }
}

/// Polls the future so many times, and drops it right after.
pub(crate) async fn poll_at_most<F: Future>(polls: u64, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        left -= 1;
        if left == 0 { Poll::Ready(None) } else { Poll::Pending }
    })
    .await
}

/// Polls the future once, and leaves it as it is then.
pub(crate) async fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    poll_fn(|context| match Pin::new(&mut *future).poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// Polls the future while something else is waited for, and leaves it as it is then.
pub(crate) async fn poll_until<F: Future + Unpin>(reached: impl Future<Output = ()>, future: &mut F) {
    tokio::select! {
        _ = future => panic!("it ended too early"),
        () = reached => {}
    }
}
