//! The handle that an application keeps.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{PoolError, QueueMode, TimeoutType, Timeouts};
use tokio_postgres::Config;

use crate::connect::{Connector, Tls};
use crate::connection::Connection;
use crate::error::Error;
use crate::pool::{Manager, Pool, Pooled};
use crate::transaction::{Transaction, TransactionOptions};

/// A database, as an application holds it: a pool of connections, cheap to clone.
///
/// It needs a tokio runtime whose IO and time are enabled, as those of `#[tokio::main]` are. Statements run
/// on it directly. It does not hand out its clients: whatever a statement of this crate
/// needs is in its text, and nothing is left on a connection for the next one to find.
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
    acquire_timeout: Option<Duration>,
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
        self.acquire().await.map(Connection::pooled)
    }

    /// Closes the pool: what runs may end, and whatever asks for a connection from now on fails.
    pub fn close(&self) {
        self.pool.close();
    }

    pub(crate) async fn acquire(&self) -> Result<Pooled, Error> {
        // A connection that is free is taken without setting a timer.
        let at_once = Timeouts { wait: Some(Duration::ZERO), ..self.pool.timeouts() };
        let mut loan = self.pool.timeout_get(&at_once).await;
        if let Err(PoolError::Timeout(TimeoutType::Wait)) = loan {
            loan = self.pool.get().await;
        }
        match loan {
            Ok(object) => Ok(Pooled::new(object)),
            Err(PoolError::Backend(source)) => Err(Error::connect(source)),
            Err(PoolError::Timeout(TimeoutType::Create)) => Err(Error::connect_timeout()),
            Err(PoolError::Timeout(_)) => Err(Error::acquire_timeout(self.acquire_timeout)),
            Err(PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_)) => {
                Err(Error::pool_closed())
            }
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.pool.status();
        formatter
            .debug_struct("Database")
            .field("pool_size", &status.max_size)
            .field("connections", &status.size)
            .finish_non_exhaustive()
    }
}

/// The size of a [`Database`]'s pool and its timeouts.
#[must_use = "options do nothing until `connect` or `connect_with`"]
pub struct DatabaseOptions {
    pool_size: usize,
    acquire_timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    statement_capacity: usize,
    tls: Option<Tls>,
}

impl Default for DatabaseOptions {
    /// 10 connections, 30 seconds to get one, 10 seconds to make one, 256 prepared statements on each.
    fn default() -> Self {
        Self {
            pool_size: 10,
            acquire_timeout: Some(Duration::from_secs(30)),
            connect_timeout: Some(Duration::from_secs(10)),
            statement_capacity: 256,
            tls: None,
        }
    }
}

impl DatabaseOptions {
    /// At most this many connections, made as they are needed. The default is 10.
    pub fn pool_size(self, connections: usize) -> Self {
        Self { pool_size: connections, ..self }
    }

    /// How long a statement waits for a connection; `None` waits for ever. The default is 30 seconds.
    pub fn acquire_timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        Self { acquire_timeout: limit.into(), ..self }
    }

    /// How long a new connection may take; `None` waits for ever. The default is 10 seconds.
    pub fn connect_timeout(self, limit: impl Into<Option<Duration>>) -> Self {
        Self { connect_timeout: limit.into(), ..self }
    }

    /// How many statements each connection keeps prepared; with 0 each is prepared for one use. The
    /// default is 256.
    pub fn statement_capacity(self, statements: usize) -> Self {
        Self { statement_capacity: statements, ..self }
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
        if self.pool_size == 0 {
            return Err(Error::options("a pool of no connections runs nothing"));
        }
        let tls = match self.tls {
            Some(tls) => tls,
            None => Tls::for_config(&config)?,
        };
        let manager =
            Manager { connector: Arc::new(Connector::new(config, tls)), statement_capacity: self.statement_capacity };
        let pool = Pool::builder(manager)
            .max_size(self.pool_size)
            .queue_mode(QueueMode::Lifo) // the last one used has its statements at hand
            .wait_timeout(self.acquire_timeout)
            .create_timeout(self.connect_timeout)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|_| Error::options("the pool cannot be built"))?;
        let database = Database { pool, acquire_timeout: self.acquire_timeout };
        drop(database.acquire().await?);
        Ok(database)
    }
}

impl fmt::Debug for DatabaseOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DatabaseOptions")
            .field("pool_size", &self.pool_size)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("statement_capacity", &self.statement_capacity)
            .finish_non_exhaustive()
    }
}
