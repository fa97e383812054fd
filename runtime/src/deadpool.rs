//! A pool of `deadpool-postgres` that the application has already.

use deadpool_postgres::{ClientWrapper, Object, Pool, PoolError, Transaction};
use tokio_postgres::{Error as DriverError, RowStream};

use crate::error::Error;
use crate::executor::{self, Executor, sealed};
use crate::statement::{Query, Returning};

/// Statements are kept prepared by that crate's own cache, which has no bound.
pub(crate) enum Lease<'e> {
    Pooled(Box<Object>),
    Client(&'e ClientWrapper),
    Transaction(&'e Transaction<'e>),
}

impl Lease<'_> {
    pub(crate) async fn start(&self, query: &Query, returning: Returning) -> Result<RowStream, DriverError> {
        let sql = query.sql(returning);
        let (client, statement) = match self {
            Self::Pooled(object) => (object.as_client(), prepare(object, &sql, query.reusable).await?),
            Self::Client(client) => (client.as_client(), prepare(client, &sql, query.reusable).await?),
            Self::Transaction(transaction) => {
                let statement = match query.reusable {
                    true => transaction.prepare_cached(&sql).await?,
                    false => transaction.prepare(&sql).await?,
                };
                (transaction.client(), statement)
            }
        };
        client.query_raw(&statement, &query.parameters).await
    }
}

async fn prepare(client: &ClientWrapper, sql: &str, reusable: bool) -> Result<tokio_postgres::Statement, DriverError> {
    if reusable { client.prepare_cached(sql).await } else { client.prepare(sql).await }
}

trait AsClient {
    fn as_client(&self) -> &tokio_postgres::Client;
}

impl AsClient for ClientWrapper {
    fn as_client(&self) -> &tokio_postgres::Client {
        self
    }
}

impl sealed::Sealed for Pool {}

/// The application's own pool, which decides what a dropped future leaves behind.
#[cfg_attr(docsrs, doc(cfg(feature = "deadpool-postgres")))]
impl Executor for Pool {
    async fn lease(&self) -> Result<executor::Lease<'_>, Error> {
        match self.get().await {
            Ok(object) => Ok(executor::Lease::deadpool(Lease::Pooled(Box::new(object)))),
            Err(PoolError::Backend(source)) => Err(Error::connect(source)),
            Err(PoolError::Timeout(_)) => Err(Error::acquire_timeout(None)),
            Err(_) => Err(Error::pool_closed()),
        }
    }
}

impl sealed::Sealed for Object {}

/// A client of the application's own pool.
#[cfg_attr(docsrs, doc(cfg(feature = "deadpool-postgres")))]
impl Executor for Object {
    async fn lease(&self) -> Result<executor::Lease<'_>, Error> {
        Ok(executor::Lease::deadpool(Lease::Client(self)))
    }
}

impl sealed::Sealed for Transaction<'_> {}

/// A transaction of the application's own pool.
#[cfg_attr(docsrs, doc(cfg(feature = "deadpool-postgres")))]
impl Executor for Transaction<'_> {
    async fn lease(&self) -> Result<executor::Lease<'_>, Error> {
        Ok(executor::Lease::deadpool(Lease::Transaction(self)))
    }
}
