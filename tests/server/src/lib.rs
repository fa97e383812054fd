//! A PostgreSQL server for examples, tests and doc tests.
//!
//! Where the environment variable `DATABASE_URL` is set, it names the server
//! to use. Otherwise a throwaway server is started from the installed
//! binaries: in a fresh folder, reached by a Unix socket, ended and removed
//! when this process ends, however it ends. Its data is in the temporary
//! folder, which `TMPDIR` names; one in memory makes it faster.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use throwaway_postgres::{by_hand, database};
//!
//! let database = database().await;
//! database.execute("create table item (id int); insert into item values (7)").await?;
//!
//! let client = database.client().await?;
//! let row = client.query_one(&by_hand("select id from item"), &[]).await?;
//! assert_eq!(row.get::<_, i32>(0), 7);
//! # Ok(())
//! # }
//! ```
//!
//! # Logs
//!
//! Where the environment variable `THROWAWAY_POSTGRES_LOG` names a folder, by
//! an absolute path, each throwaway server leaves its log there, with every
//! statement that it was sent, as a file that outlives it. What this package
//! runs itself is marked [by hand](by_hand) in it.
//!
//! Where PgBouncer is installed, a [`Bouncer`] puts a throwaway one before a
//! server.
//!
//! The futures of this package need a Tokio runtime with I/O and time enabled.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod binaries;
mod bouncer;
mod connection;
mod database;
mod error;
mod log;
mod server;
mod supervisor;

pub use bouncer::Bouncer;
pub use database::TestDatabase;
pub use error::StartError;
pub use log::by_hand;
pub use server::{Builder, Server};

/// A new empty database on the [shared server](Server::shared).
///
/// # Panics
///
/// If there is no server or the database cannot be created, with the error's
/// text.
pub async fn database() -> TestDatabase {
    let database = async { Server::shared().await?.create_database().await };
    match database.await {
        Ok(database) => database,
        Err(error) => panic!("{error:?}"),
    }
}

/// A PgBouncer before the [shared server](Server::shared), with at most
/// `pool_size` server connections for each database.
///
/// None where PgBouncer is not installed, with a line that says so: the test
/// has nothing to test then.
///
/// # Panics
///
/// If it does not start, with the error's text; and if it is not installed
/// though the environment variable `CI` is set.
pub async fn bouncer(pool_size: u32) -> Option<Bouncer> {
    let continuous = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    if !continuous && !Bouncer::is_installed() {
        eprintln!("PgBouncer is not installed: this test passes without it");
        return None;
    }
    let bouncer = async { Bouncer::start(Server::shared().await?, pool_size).await };
    match bouncer.await {
        Ok(bouncer) => Some(bouncer),
        Err(error) => panic!("{error:?}"),
    }
}

/// A name that no other process, and nothing else in this one, uses.
fn unique_name(prefix: &str, separator: char) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::{SystemTime, UNIX_EPOCH};

    static COUNT: AtomicU32 = AtomicU32::new(0);
    let process = std::process::id();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // Process ids recur, and may be shared between containers.
    let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_micros());
    format!("{prefix}{separator}{process}{separator}{count}{separator}{time:x}")
}
