//! What a statement runs on.

use std::fmt;
use std::future::Future;

use tokio_postgres::Client;

use crate::error::Error;
use crate::pool::Pooled;
use crate::wire::Wire;

/// What a statement runs on: a [`Database`](crate::Database), a [`Connection`](crate::Connection) or a
/// [`Transaction`](crate::Transaction); also a client or a transaction of `tokio_postgres`, and with the
/// feature `deadpool-postgres` a pool, a client or a transaction of that crate.
///
/// A function that takes `&impl Executor` runs on each of them. This trait is sealed: an executor takes
/// only statements that a repository made.
///
/// ```no_run
/// # use tenantry::{Error, Executor, TenantId, TenantTable};
/// # #[derive(TenantTable)]
/// # #[tenant_table(name = "customer")]
/// # struct Customer { #[tenant_table(primary_key)] id: i64, active: bool }
/// async fn deactivate(tenant: &TenantId, id: i64, executor: &impl Executor) -> Result<(), Error> {
///     let customers = Customer::repository().for_tenant(tenant);
///     customers.update(id, CustomerChanges::default().active(false)).execute(executor).await?;
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` runs no statements",
    label = "give a `&Database`, a `&Connection` or a `&Transaction`"
)]
pub trait Executor: sealed::Sealed + Sync {
    #[doc(hidden)]
    fn lease(&self) -> impl Future<Output = Result<Lease<'_>, Error>> + Send;
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

/// A connection for the time of one statement.
pub struct Lease<'e>(Holder<'e>);

enum Holder<'e> {
    Pooled(Pooled),
    Borrowed(Target<'e>),
    #[cfg(feature = "deadpool-postgres")]
    Deadpool(crate::deadpool::Lease<'e>),
}

/// Where a statement goes.
#[derive(Clone, Copy)]
pub(crate) enum Target<'l> {
    /// A connection of this crate's.
    Wire { wire: &'l Wire, in_transaction: bool },
    /// A client that the application brought.
    Foreign(&'l Client),
    #[cfg(feature = "deadpool-postgres")]
    Deadpool(&'l crate::deadpool::Lease<'l>),
}

impl<'e> Lease<'e> {
    pub(crate) fn pooled(pooled: Pooled) -> Self {
        Self(Holder::Pooled(pooled))
    }

    pub(crate) fn held(wire: &'e Wire, in_transaction: bool) -> Self {
        Self(Holder::Borrowed(Target::Wire { wire, in_transaction }))
    }

    #[cfg(feature = "deadpool-postgres")]
    pub(crate) fn deadpool(lease: crate::deadpool::Lease<'e>) -> Self {
        Self(Holder::Deadpool(lease))
    }

    pub(crate) fn target(&self) -> Target<'_> {
        match &self.0 {
            Holder::Pooled(pooled) => Target::Wire { wire: pooled.wire(), in_transaction: false },
            Holder::Borrowed(target) => *target,
            #[cfg(feature = "deadpool-postgres")]
            Holder::Deadpool(lease) => Target::Deadpool(lease),
        }
    }
}

impl fmt::Debug for Lease<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Lease")
    }
}

impl<E: Executor + ?Sized> sealed::Sealed for &E {}

impl<E: Executor + ?Sized> Executor for &E {
    async fn lease(&self) -> Result<Lease<'_>, Error> {
        E::lease(self).await
    }
}

impl sealed::Sealed for Client {}

/// The application's own client. Statements are prepared for one use; [`Connection`](crate::Connection)
/// keeps them.
impl Executor for Client {
    async fn lease(&self) -> Result<Lease<'_>, Error> {
        Ok(Lease(Holder::Borrowed(Target::Foreign(self))))
    }
}

impl sealed::Sealed for tokio_postgres::Transaction<'_> {}

/// The application's own transaction. Statements are prepared for one use.
impl Executor for tokio_postgres::Transaction<'_> {
    async fn lease(&self) -> Result<Lease<'_>, Error> {
        Ok(Lease(Holder::Borrowed(Target::Foreign(self.client()))))
    }
}
