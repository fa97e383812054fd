//! Whether a pooler in transaction mode stands between, which gives each transaction another connection of the server.

use std::time::Duration;

use tokio::time::timeout;

use crate::connection::Connection;
use crate::database::Database;
use crate::error::Error;
use crate::flight::failed;

/// How long to wait for a second connection, which may be long in coming.
const PATIENCE: Duration = Duration::from_secs(2);

/// What two connections tell of the server's.
pub(super) enum Pooler {
    /// There is none, or the options name it.
    None,
    Found,
    /// There was no second connection to compare with.
    Unknown,
}

/// Without a pooler no two connections have one backend at a time, nor does one have two after each other.
pub(super) async fn detect(db: &Database, connection: &Connection) -> Result<Pooler, Error> {
    let settings = db.pool().settings();
    if settings.is_behind_pooler {
        return Ok(Pooler::None);
    }
    let first = backend(connection).await?;
    if settings.size < 2 {
        return Ok(if backend(connection).await? == first { Pooler::Unknown } else { Pooler::Found });
    }
    let Ok(Ok(other)) = timeout(PATIENCE, db.connection()).await else { return Ok(Pooler::Unknown) };
    let second = backend(&other).await?;
    // One that takes turns gives either of them its first one again, and the next the time after.
    let mut has_moved = first == second;
    for _ in 0..2 {
        has_moved |= backend(connection).await? != first;
    }
    has_moved |= backend(&other).await? != second;
    Ok(if has_moved { Pooler::Found } else { Pooler::None })
}

async fn backend(connection: &Connection) -> Result<Option<i32>, Error> {
    let wire = connection.wire();
    wire.backend().await.map_err(|error| failed(wire, error))
}
