//! The pool: connections that statements share, or that one owner has for a while.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::timeout;

use self::connecting::Connecting;
use self::places::Ended;
use self::queue::{Errand, Granted, State};
use crate::connect::Connector;
use crate::error::Error;
use crate::types::KnownTypes;
use crate::wire::Wire;

mod connecting;
mod loan;
mod places;
mod queue;

pub(crate) use self::loan::Loan;
pub(crate) use self::places::Home;
pub(crate) use self::queue::Wish;

#[derive(Clone)]
pub(crate) struct Pool(Arc<Inner>);

struct Inner {
    connector: Connector,
    settings: Settings,
    known_types: Arc<KnownTypes>,
    /// Where the pool was made: for what is to be done when it is used from outside of a runtime.
    runtime: Handle,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) size: usize,
    pub(crate) sharing: bool,
    pub(crate) acquire_timeout: Option<Duration>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) statement_timeout: Option<Duration>,
    pub(crate) statement_capacity: usize,
    pub(crate) is_behind_pooler: bool,
}

impl Pool {
    /// To be called within a runtime.
    pub(crate) fn new(connector: Connector, settings: Settings) -> Result<Self, Error> {
        let runtime = Handle::try_current().map_err(|_| Error::no_runtime())?;
        let state = State::new(settings.size, settings.sharing);
        let known_types = Arc::new(KnownTypes::new());
        Ok(Self(Arc::new(Inner { connector, settings, known_types, runtime, state: Mutex::new(state) })))
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// How many connections there are.
    pub(crate) fn connections(&self) -> usize {
        self.0.lock().places.connections()
    }

    pub(crate) async fn acquire(&self, wish: Wish) -> Result<Loan, Error> {
        match self.try_acquire(wish)? {
            Some(loan) => Ok(loan),
            None => self.wait(wish).await,
        }
    }

    /// A connection that is there at once.
    pub(crate) fn try_acquire(&self, wish: Wish) -> Result<Option<Loan>, Error> {
        let granted = self.0.change(|state| {
            if state.closed {
                return Err(Error::pool_closed());
            }
            Ok(state.try_take(wish))
        });
        Ok(granted?.map(|granted| self.loan(granted, wish)))
    }

    /// Queues for a connection.
    async fn wait(&self, wish: Wish) -> Result<Loan, Error> {
        if Handle::try_current().is_err() {
            // Nothing can be timed.
            return Err(Error::no_runtime());
        }
        let granted = self.0.change(|state| state.wait(wish));
        let waiting = Waiting { pool: &self.0, wish, granted: Some(granted) };
        let granted = waiting.granted(self.settings().acquire_timeout).await?;
        Ok(self.loan(granted, wish))
    }

    fn loan(&self, Granted { index, wire }: Granted, wish: Wish) -> Loan {
        Loan::new(Arc::clone(&self.0), index, wire, matches!(wish, Wish::Share(_)))
    }

    /// What runs may end, and whatever asks for a connection from now on fails.
    pub(crate) fn close(&self) {
        let mut state = self.0.lock();
        state.closed = true;
        state.returned();
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, and starts what the change asks for.
    fn change<R>(self: &Arc<Self>, change: impl FnOnce(&mut State) -> R) -> R {
        let mut state = self.lock();
        let answer = change(&mut state);
        if !state.errands.is_empty() {
            let errands = mem::take(&mut state.errands);
            drop(state);
            errands.into_iter().for_each(|errand| self.start(errand));
        }
        answer
    }

    fn runtime(&self) -> Handle {
        Handle::try_current().unwrap_or_else(|_| self.runtime.clone())
    }

    fn start(self: &Arc<Self>, errand: Errand) {
        let pool = Arc::clone(self);
        match errand {
            Errand::Connect { place } => self.runtime().spawn(Connecting::new(pool, place).run()),
            Errand::Expire { index, wire } => self.runtime().spawn(loan::expire(pool, index, wire)),
        };
    }

    fn end_share(self: &Arc<Self>, index: usize, wire: &Arc<Wire>, what: Ended) {
        self.change(|state| {
            if state.places.end_share(index, wire, what) {
                state.errands.push(Errand::Expire { index, wire: Arc::clone(wire) });
            }
            state.returned();
        });
    }

    fn abandon_share(self: &Arc<Self>, index: usize, wire: &Arc<Wire>) {
        self.change(|state| {
            if state.places.abandon_share(index, wire) {
                state.errands.push(Errand::Expire { index, wire: Arc::clone(wire) });
            }
        });
    }

    fn end_loan(self: &Arc<Self>, index: usize, wire: &Arc<Wire>) {
        self.change(|state| {
            state.places.end_loan(index, wire);
            state.returned();
        });
    }

    fn remove(self: &Arc<Self>, index: usize, wire: &Arc<Wire>) {
        self.change(|state| {
            state.places.remove(index, wire);
            state.returned();
        });
    }
}

/// A place in the queue, left when this is dropped.
struct Waiting<'p> {
    pool: &'p Arc<Inner>,
    wish: Wish,
    granted: Option<oneshot::Receiver<Result<Granted, Error>>>,
}

impl Waiting<'_> {
    async fn granted(mut self, limit: Option<Duration>) -> Result<Granted, Error> {
        let Some(granted) = &mut self.granted else { return Err(Error::pool_closed()) };
        let answer = match limit {
            Some(limit) => timeout(limit, granted).await.map_err(|_| Error::acquire_timeout(Some(limit)))?,
            None => granted.await,
        };
        self.granted = None;
        answer.unwrap_or_else(|_| Err(Error::pool_closed()))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let Some(mut granted) = self.granted.take() else { return };
        granted.close();
        match (granted.try_recv(), self.wish) {
            // It came when nobody waited for it any more.
            (Ok(Ok(Granted { index, wire })), Wish::Share(_)) => self.pool.end_share(index, &wire, Ended::Statement),
            (Ok(Ok(Granted { index, wire })), Wish::Own) => self.pool.end_loan(index, &wire),
            _ => self.pool.change(State::returned),
        }
    }
}
