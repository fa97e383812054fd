//! A connection that is being made, in a task of its own: whoever waits for it may go.

use std::sync::Arc;

use tokio::time::timeout;

use super::{Inner, Settings};
use crate::error::Error;
use crate::wire::{Origin, Wire};

pub(super) struct Connecting {
    pool: Arc<Inner>,
    place: usize,
    ended: bool,
}

impl Connecting {
    pub(super) fn new(pool: Arc<Inner>, place: usize) -> Self {
        Self { pool, place, ended: false }
    }

    pub(super) async fn run(mut self) {
        let settings = self.pool.settings;
        let connected = match settings.connect_timeout {
            Some(limit) => match timeout(limit, self.pool.connector.connect()).await {
                Ok(connected) => connected.map_err(Error::connect),
                Err(_) => Err(Error::connect_timeout()),
            },
            None => self.pool.connector.connect().await.map_err(Error::connect),
        };
        let connected = connected.map(|(client, task)| {
            let Settings { statement_capacity, statement_timeout, is_behind_pooler, .. } = settings;
            let (connector, known_types) = (self.pool.connector.clone(), Arc::clone(&self.pool.known_types));
            Wire::pooled(
                client,
                statement_capacity,
                known_types,
                Origin { connector, task, statement_timeout, is_behind_pooler },
            )
        });
        self.end(connected);
    }

    fn end(&mut self, connected: Result<Arc<Wire>, Error>) {
        self.ended = true;
        self.pool.change(|state| {
            match connected {
                Ok(wire) => state.places.end_connecting(self.place, Some(wire)),
                Err(error) => {
                    state.places.end_connecting(self.place, None);
                    state.connecting_failed(error);
                }
            }
            state.returned();
        });
    }
}

impl Drop for Connecting {
    /// The runtime has ended. Nothing is started here, which would end like this at once: who waits on in another
    /// runtime is served with the next that comes.
    fn drop(&mut self) {
        if !self.ended {
            self.pool.lock().places.end_connecting(self.place, None);
        }
    }
}
