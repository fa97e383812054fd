//! DDL as text, and how it runs.

use std::fmt::Write as _;

use crate::error::Error;
use crate::executor::Executor;
use crate::fingerprint::Fingerprint;
use crate::flight::{failed, silence};

/// SQL that makes what is not there yet: made by [`Ddl`](crate::Ddl) and [`Role`](crate::Role), run by
/// [`execute`](Self::execute).
///
/// What is there already is never dropped and never altered, so that it may run any number of times.
#[derive(Debug, Clone)]
#[must_use = "a script does nothing until `execute`"]
pub struct Script {
    sql: String,
    locks: Vec<Lock>,
}

/// Keeps apart those who make the same things at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lock {
    key: Fingerprint,
    shared: bool,
}

impl Lock {
    /// Of what all tenants have in common.
    pub(super) fn common(shared: bool) -> Self {
        Self { key: Fingerprint::new().text("tenantry ddl"), shared }
    }

    /// Of one schema.
    pub(super) fn schema(name: &str) -> Self {
        Self { key: Fingerprint::new().text("tenantry ddl").text(name), shared: false }
    }

    fn call(self) -> String {
        let function = if self.shared { "pg_advisory_xact_lock_shared" } else { "pg_advisory_xact_lock" };
        format!("pg_catalog.{function}({})", self.key.number().cast_signed())
    }
}

impl Script {
    pub(super) fn new(sql: String, locks: Vec<Lock>) -> Self {
        Self { sql, locks }
    }

    /// The text, for a file of migrations or to be read: statement by statement, in the order in which they depend on each
    /// other.
    ///
    /// There is no `BEGIN` and no `COMMIT` in it: a tool that runs migrations has a transaction of its own.
    #[must_use]
    pub fn sql(&self) -> &str {
        &self.sql
    }

    /// Runs it: all of it or, where anything fails, nothing.
    ///
    /// One round trip: a single message, which PostgreSQL runs as one transaction, on a [`Database`](crate::Database) on a
    /// connection that nobody else uses; in a [`Transaction`](crate::Transaction) as part of it. It begins with `SELECT
    /// pg_advisory_xact_lock(..)`: who makes the same tables at the same time waits. A future that is dropped leaves nothing
    /// half done and nothing open: all of it has run, or none of it.
    ///
    /// # Errors
    ///
    /// [`is_stream_open`](Error::is_stream_open) while rows are being read on that connection. What the database answers, mostly that this user may not create a schema, a table or a role.
    pub async fn execute(&self, executor: &dyn Executor) -> Result<(), Error> {
        let text = self.with_locks();
        let lease = executor.target().lease_alone().await?;
        let Some(wire) = lease.wire() else {
            return lease.client().batch_execute(&text).await.map_err(Error::driver);
        };
        if wire.has_open_stream() {
            return Err(Error::stream_open());
        }
        silence(wire).await?;
        wire.command(&text).await.map_err(|error| failed(wire, error))
    }

    fn with_locks(&self) -> String {
        let mut text = String::new();
        for lock in &self.locks {
            // One after another: others ask for them in the same order.
            _ = writeln!(text, "SELECT {};", lock.call());
        }
        text + &self.sql
    }
}
