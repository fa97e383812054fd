//! A pool of `deadpool-postgres` that the application has already.

use deadpool_postgres::{ClientWrapper, Object, Pool, PoolError, StatementCache, Transaction};
use tokio_postgres::{Error as DriverError, RowStream};

use crate::error::Error;
use crate::executor::{self, Executor, sealed};
use crate::flight::is_stale;
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
    Client(&'e ClientWrapper),
    Transaction(&'e Transaction<'e>),
}

impl<'e> Target<'e> {
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
    pub(crate) async fn start(&self, query: &Query, returning: Returning) -> Result<RowStream, DriverError> {
        let sql = query.sql(returning);
        match self {
            Self::Pooled(object) => match start_on(object, &sql, query).await {
                // The table was changed under a prepared statement, and nothing ran.
                Err(error) if is_stale(&error) => start_on(object, &sql, query).await,
                started => started,
            },
            Self::Client(client) => start_on(client, &sql, query).await,
            Self::Transaction(transaction) => {
                if !query.reusable {
                    return transaction.query_raw(&sql, &query.parameters).await;
                }
                let statement = transaction.prepare_cached(&sql).await?;
                let started = transaction.query_raw(&statement, &query.parameters).await;
                forget_if_stale(&started, &transaction.statement_cache, &sql);
                started
            }
        }
    }
}

async fn start_on(client: &ClientWrapper, sql: &str, query: &Query) -> Result<RowStream, DriverError> {
    if !query.reusable {
        return client.query_raw(sql, &query.parameters).await;
    }
    let statement = client.prepare_cached(sql).await?;
    let started = client.query_raw(&statement, &query.parameters).await;
    forget_if_stale(&started, &client.statement_cache, sql);
    started
}

fn forget_if_stale(started: &Result<RowStream, DriverError>, cache: &StatementCache, sql: &str) {
    if started.as_ref().is_err_and(is_stale) {
        cache.remove(sql, &[]);
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
