//! A pool of `deadpool-postgres` that the application has already.

use deadpool_postgres::{ClientWrapper, Object, Pool, PoolError, Transaction};
use tokio_postgres::types::Type;
use tokio_postgres::{Error as DriverError, Statement};

use crate::arrays;
use crate::error::Error;
use crate::executor::{self, Executor, Lease as AnyLease, sealed};
use crate::flight::may_be_out_of_date;
use crate::reply::{Reply, send};
use crate::statement::{Query, Returning};

#[derive(Clone, Copy)]
pub(crate) enum Target<'e> {
    Pool(&'e Pool),
    Client(&'e ClientWrapper),
    Transaction(&'e Transaction<'e>),
}

/// Statements are kept prepared by that crate's own cache, which has no bound.
pub(crate) enum Lease<'e> {
    Pooled(Box<Object>),
    /// Of the pool as well, and held by the batch that the statement is part of.
    OfBatch(&'e Object),
    Client(&'e ClientWrapper),
    Transaction(&'e Transaction<'e>),
}

impl<'e> Target<'e> {
    /// The size of a pool.
    pub(crate) fn connections(self) -> Option<usize> {
        match self {
            Self::Pool(pool) => Some(pool.status().max_size),
            Self::Client(_) | Self::Transaction(_) => None,
        }
    }

    pub(crate) async fn lease(self) -> Result<Lease<'e>, Error> {
        match self {
            Self::Pool(pool) => match pool.get().await {
                Ok(object) => Ok(Lease::Pooled(Box::new(object))),
                Err(PoolError::Backend(source)) => Err(Error::connect(source)),
                Err(PoolError::Timeout(_)) => Err(Error::acquire_timeout(None)),
                Err(_) => Err(Error::pool_closed()),
            },
            Self::Client(client) => Ok(Lease::Client(client)),
            Self::Transaction(transaction) => Ok(Lease::Transaction(transaction)),
        }
    }
}

impl Lease<'_> {
    /// The same client, for one more statement that is under way at the same time.
    pub(crate) fn again(&self) -> Lease<'_> {
        match self {
            Self::Pooled(object) => Lease::OfBatch(object),
            Self::OfBatch(object) => Lease::OfBatch(object),
            Self::Client(client) => Lease::Client(client),
            Self::Transaction(transaction) => Lease::Transaction(transaction),
        }
    }

    pub(crate) fn in_transaction(&self) -> bool {
        matches!(self, Self::Transaction(_))
    }

    pub(crate) fn is_client(&self) -> bool {
        matches!(self, Self::Client(_))
    }

    pub(crate) async fn start(
        &self,
        lease: &AnyLease<'_>,
        query: &Query,
        returning: Returning,
    ) -> Result<Reply, Error> {
        let started = self.start_once(lease, query, returning).await;
        match (self, started) {
            // The table was changed under a prepared statement, and nothing ran.
            (Self::Pooled(_) | Self::OfBatch(_), Err(error))
                if error.as_driver_error().is_some_and(may_be_out_of_date) =>
            {
                self.start_once(lease, query, returning).await
            }
            (_, started) => started,
        }
    }

    async fn start_once(&self, lease: &AnyLease<'_>, query: &Query, returning: Returning) -> Result<Reply, Error> {
        let Some(rows) = query.arrays() else {
            return self.run(lease, query, &query.sql(returning), &[]).await.map_err(Error::driver);
        };
        let of_one = query.sql_of_types(returning);
        let prepared = self.prepare(&of_one, &[]).await.map_err(Error::driver)?;
        let started = match arrays::ask_all(self.client(), rows, prepared.params()).await.map_err(Error::driver)? {
            (Some(types), _) => self.run(lease, query, &query.sql(returning), &types).await,
            (None, elements) => {
                let (lists, _) = rows.as_lists(&elements);
                lists.is_runnable()?;
                self.run(lease, &lists, &lists.sql(returning), &[]).await
            }
        };
        self.forget_if_out_of_date(&started, &of_one, &[]);
        started.map_err(Error::driver)
    }

    /// Runs a statement whose parameters have these types, or where there are none those that the server infers.
    async fn run(&self, lease: &AnyLease<'_>, query: &Query, sql: &str, types: &[Type]) -> Result<Reply, DriverError> {
        let statement = match query.reusable {
            true => self.prepare(sql, types).await?,
            false => self.client().prepare(sql).await?,
        };
        let sending = self.client().query_raw(&statement, &query.parameters);
        let started = send(lease, query.row_security.as_ref(), sending).await;
        if !query.reusable {
            return started;
        }
        self.forget_if_out_of_date(&started, sql, types);
        started
    }

    async fn prepare(&self, sql: &str, types: &[Type]) -> Result<Statement, DriverError> {
        match self {
            Self::Pooled(object) => object.prepare_typed_cached(sql, types).await,
            Self::OfBatch(object) => object.prepare_typed_cached(sql, types).await,
            Self::Client(client) => client.prepare_typed_cached(sql, types).await,
            Self::Transaction(transaction) => transaction.prepare_typed_cached(sql, types).await,
        }
    }

    fn forget_if_out_of_date(&self, started: &Result<Reply, DriverError>, sql: &str, types: &[Type]) {
        if !started.as_ref().is_err_and(may_be_out_of_date) {
            return;
        }
        match self {
            Self::Pooled(object) => object.statement_cache.remove(sql, types),
            Self::OfBatch(object) => object.statement_cache.remove(sql, types),
            Self::Client(client) => client.statement_cache.remove(sql, types),
            Self::Transaction(transaction) => transaction.statement_cache.remove(sql, types),
        };
    }

    pub(crate) fn client(&self) -> &tokio_postgres::Client {
        match self {
            Self::Pooled(object) => object,
            Self::OfBatch(object) => object,
            Self::Client(client) => client,
            Self::Transaction(transaction) => transaction.client(),
        }
    }
}

impl sealed::Sealed for Pool {}

/// The application's own pool, which decides what a dropped future leaves behind.
#[cfg_attr(docsrs, doc(cfg(feature = "deadpool-postgres")))]
#[diagnostic::do_not_recommend]
impl Executor for Pool {
    fn target(&self) -> executor::Target<'_> {
        executor::Target::deadpool(Target::Pool(self))
    }
}

impl sealed::Sealed for Object {}

/// A client of the application's own pool.
#[cfg_attr(docsrs, doc(cfg(feature = "deadpool-postgres")))]
#[diagnostic::do_not_recommend]
impl Executor for Object {
    fn target(&self) -> executor::Target<'_> {
        executor::Target::deadpool(Target::Client(self))
    }
}

impl sealed::Sealed for Transaction<'_> {}

/// A transaction of the application's own pool.
#[cfg_attr(docsrs, doc(cfg(feature = "deadpool-postgres")))]
#[diagnostic::do_not_recommend]
impl Executor for Transaction<'_> {
    fn target(&self) -> executor::Target<'_> {
        executor::Target::deadpool(Target::Transaction(self))
    }
}
