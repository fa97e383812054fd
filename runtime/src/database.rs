//! The handle that an application keeps.

use std::fmt;
use std::time::Duration;

use tokio_postgres::Config;

use crate::connect::{Connector, Tls};
use crate::connection::Connection;
use crate::error::Error;
use crate::pool::{Home, Pool, Settings, Wish};
use crate::transaction::{Transaction, TransactionOptions};

/// A database, as an application holds it: a pool of connections, cheap to clone.
///
/// It needs a tokio runtime whose IO and time are enabled, as those of `#[tokio::main]` are. Statements run
/// on it directly, many of them under way on each connection: whatever a statement of this crate needs is in its
/// text, and nothing is left on a connection for the next one to find. It does not hand out its clients.
///
/// ```no_run
/// # async fn run() -> Result<(), tenantry::Error> {
/// use std::time::Duration;
/// use tenantry::Database;
///
/// let db = Database::connect("postgres://app@localhost/app").await?;
///
/// let db = Database::options()
///     .pool_size(32)
///     .acquire_timeout(Duration::from_secs(2))
///     .connect("postgres://app@localhost/app")
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Database {
    pool: Pool,
}

impl Database {
    /// Connects with default [options](DatabaseOptions) to `postgres://user:password@host/database`, or
    /// to `host=.. user=.. dbname=..`.
    ///
    /// # Errors
    ///
    /// When the URL is malformed, and when no connection can be made: one is tried at once.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        Self::options().connect(url).await
    }

    /// The size of the pool and its timeouts, to be set before connecting.
    pub fn options() -> DatabaseOptions {
        DatabaseOptions::default()
    }

    /// Begins a transaction with the database's default isolation level: `BEGIN`.
    ///
    /// # Errors
    ///
    /// When no connection comes free in time, or none can be made.
    pub async fn begin(&self) -> Result<Transaction<'static>, Error> {
        self.begin_with(TransactionOptions::new()).await
    }

    /// Begins a transaction: `BEGIN ISOLATION LEVEL ..`.
    ///
    /// # Errors
    ///
    /// When no connection comes free in time, or none can be made.
    pub async fn begin_with(&self, options: TransactionOptions) -> Result<Transaction<'static>, Error> {
        Transaction::begin_owned(self.connection().await?, options).await
    }

    /// Takes a connection of one's own from the pool, until it is dropped.
    ///
    /// Single statements need none. It serves several statements in a row without going through the
    /// pool each time, and [`Connection::unscoped_client`].
    ///
    /// # Errors
    ///
    /// When no connection comes free in time, or none can be made.
    pub async fn connection(&self) -> Result<Connection, Error> {
        self.pool.acquire(Wish::Own).await.map(Connection::pooled)
    }

    /// Closes the pool: what runs may end, and whatever asks for a connection from now on fails.
    pub fn close(&self) {
        self.pool.close();
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Database")
            .field("pool_size", &self.pool.settings().size)
            .field("connections", &self.pool.connections())
            .finish_non_exhaustive()
    }
}

/// PostgreSQL serves far fewer.
const MAX_SIZE: usize = 10_000;

/// A gigabyte of a server's memory for each connection.
const MAX_CAPACITY: usize = 65_536;

/// The size of a [`Database`]'s pool and its timeouts.
#[must_use = "options do nothing until `connect` or `connect_with`"]
pub struct DatabaseOptions {
    settings: Settings,
    tls: Option<Tls>,
}

impl Default for DatabaseOptions {
    /// 10 connections, shared by statements; 30 seconds to get one, 10 seconds to make one, 60 seconds for a
    /// statement; 256 prepared statements on each.
    fn default() -> Self {
        let settings = Settings {
            size: 10,
            sharing: true,
            acquire_timeout: Some(Duration::from_secs(30)),
            connect_timeout: Some(Duration::from_secs(10)),
            statement_timeout: Some(Duration::from_secs(60)),
            statement_capacity: 256,
            is_behind_pooler: false,
        };
        Self { settings, tls: None }
    }
}

impl DatabaseOptions {
    fn with(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        set(&mut self.settings);
        self
    }

    /// At most this many connections, made as they are needed. The default is 10.
    pub fn pool_size(self, connections: usize) -> Self {
        self.with(|settings| settings.size = connections)
    }

    /// Whether single statements share connections, many under way on each; the default is `true`. With `false`
    /// each has one alone while it runs, as in other pools.
    ///
    /// A transaction, a [`Connection`], a stream of rows and a statement that was said to be
    /// [`slow`](crate::Statement::slow) have a connection alone in any case.
    pub fn share_connections(self, share: bool) -> Self {
        self.with(|settings| settings.sharing = share)
    }

    /// How long a statement waits for a connection; `None` waits for ever. The default is 30 seconds.
    pub fn acquire_timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        let limit = limit.into();
        self.with(|settings| settings.acquire_timeout = limit)
    }

    /// How long a new connection may take; `None` waits for ever. The default is 10 seconds.
    pub fn connect_timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        let limit = limit.into();
        self.with(|settings| settings.connect_timeout = limit)
    }

    /// How long the database may leave those who wait on a connection without any answer; `None` waits for ever.
    /// The default is 60 seconds.
    ///
    /// Then, within another quarter of that time, the connection is closed, what runs on it is cancelled on the
    /// server, and each statement under way there fails, by [`Error::is_statement_timeout`]; so do `BEGIN` and
    /// `COMMIT`. It ends what a server that stopped answering would hold up for ever. Statements said to be
    /// [`slow`](crate::Statement::slow) are exempt, where nothing else is awaited on their connection.
    pub fn statement_timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        let limit = limit.into();
        self.with(|settings| settings.statement_timeout = limit)
    }

    /// How many statements each connection keeps prepared. The default is 256, some 15 kB of the server's memory
    /// each. With 0 none is kept.
    pub fn statement_capacity(self, statements: usize) -> Self {
        self.with(|settings| settings.statement_capacity = statements)
    }

    /// For a pooler in transaction mode, such as PgBouncer: each statement goes in one message, without a name on the
    /// server, and none is sent on a connection before the reply to the one before has come.
    ///
    /// Such a pooler gives each transaction another connection of the server: a statement that was prepared is not
    /// there the next time, and messages that are under way together can be mixed up with other clients'. So
    /// statements do not share connections, however [`share_connections`](Self::share_connections) is set; on a
    /// [`Connection`] and in a [`Transaction`] they have to follow one another, and after one that was given up the
    /// others fail, by [`Error::is_connection_busy`]; and a dropped future closes its connection to the pooler
    /// instead of asking the server to cancel.
    ///
    /// It costs the server about twice as much for a statement by key. Columns of the database's own types (enums,
    /// composites, extensions) cannot be used, because the driver looks them up by named statements; that is an error
    /// that says so.
    pub fn transaction_pooler(self) -> Self {
        self.with(|settings| settings.is_behind_pooler = true)
    }

    /// TLS by rustls with this configuration, which verifies the server's certificate and name.
    ///
    /// Whether TLS is used is then the URL's `sslmode`: `require` insists on it, `prefer` (the default) uses
    /// it where the server offers it. Without this setting `require` uses the operating system's roots, and
    /// anything else no TLS.
    #[cfg(feature = "rustls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "rustls")))]
    pub fn rustls(self, config: rustls::ClientConfig) -> Self {
        Self { tls: Some(Tls::Rustls(tokio_postgres_rustls::MakeRustlsConnect::new(config))), ..self }
    }

    /// Connects to `postgres://user:password@host/database`, or to `host=.. user=.. dbname=..`.
    ///
    /// # Errors
    ///
    /// When the URL is malformed, and when no connection can be made: one is tried at once.
    pub async fn connect(self, url: &str) -> Result<Database, Error> {
        let config = url.parse::<Config>().map_err(|error| Error::malformed_url(&error))?;
        self.connect_with(config).await
    }

    /// Connects by the driver's own configuration.
    ///
    /// # Errors
    ///
    /// When no connection can be made: one is tried at once.
    pub async fn connect_with(self, config: Config) -> Result<Database, Error> {
        if self.settings.size == 0 {
            return Err(Error::options("a pool of no connections runs nothing"));
        }
        if self.settings.size > MAX_SIZE || self.settings.statement_capacity > MAX_CAPACITY {
            return Err(Error::options(
                "a pool has at most 10000 connections, of at most 65536 prepared statements each",
            ));
        }
        if self.settings.statement_timeout.is_some_and(|limit| limit < Duration::from_millis(4)) {
            return Err(Error::options("a statement timeout is at least 4 milliseconds"));
        }
        let tls = match self.tls {
            Some(tls) => tls,
            None => Tls::for_config(&config)?,
        };
        let mut settings = self.settings;
        if settings.is_behind_pooler {
            settings.sharing = false;
            settings.statement_capacity = 0;
        }
        let database = Database { pool: Pool::new(Connector::new(config, tls), settings)? };
        drop(database.pool.acquire(Wish::Share(Home::Anywhere)).await?);
        Ok(database)
    }
}

impl fmt::Debug for DatabaseOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DatabaseOptions").field("settings", &self.settings).finish_non_exhaustive()
    }
}
