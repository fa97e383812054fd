//! What a statement runs on.

use std::fmt;
use std::sync::Arc;

use tokio_postgres::Client;

use crate::database::Database;
use crate::error::Error;
use crate::pool::{Home, Loan, Wish};
use crate::statement::Query;
use crate::wire::{Awaited, Wire};

/// What a statement runs on: a [`Database`], a [`Connection`](crate::Connection) or a
/// [`Transaction`](crate::Transaction); also a client or a transaction of `tokio_postgres`, and with the
/// feature `deadpool-postgres` a pool, a client or a transaction of that crate.
///
/// A function that takes `&dyn Executor` runs on each of them. This trait is sealed: an executor takes
/// only statements that a repository made.
///
/// ```no_run
/// # use tenantry::{Error, Executor, TenantId, TenantTable};
/// # #[derive(TenantTable)]
/// # #[tenant_table(name = "customer")]
/// # struct Customer { #[tenant_table(primary_key)] id: i64, active: bool }
/// async fn deactivate(tenant: &TenantId, id: i64, executor: &dyn Executor) -> Result<(), Error> {
///     let customers = Customer::repository().for_tenant(tenant);
///     customers.update(id, CustomerChanges::default().active(false)).execute(executor).await?;
///     Ok(())
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` runs no statements",
    label = "give a `&Database`, a `&Connection` or a `&Transaction`"
)]
pub trait Executor: sealed::Sealed + Send + Sync {
    #[doc(hidden)]
    fn target(&self) -> Target<'_>;
}

pub(crate) mod sealed {
    #[diagnostic::on_unimplemented(
        message = "`{Self}` cannot be made an executor",
        label = "statements run on a `Database`, a `Connection` or a `Transaction`, and on nothing else"
    )]
    pub trait Sealed {}
}

/// Where statements go.
#[derive(Clone, Copy)]
pub struct Target<'e>(Place<'e>);

#[derive(Clone, Copy)]
enum Place<'e> {
    Pool(&'e Database),
    Wire {
        wire: &'e Wire,
        in_transaction: bool,
    },
    Foreign(&'e Client),
    #[cfg(feature = "deadpool-postgres")]
    Deadpool(crate::deadpool::Target<'e>),
}

/// A connection for the time of one statement.
pub(crate) enum Lease<'e> {
    /// Of this crate's pool.
    Pooled(Loan),
    /// Held by the caller.
    Wire { wire: &'e Wire, in_transaction: bool },
    /// A client that the application brought.
    Foreign(&'e Client),
    #[cfg(feature = "deadpool-postgres")]
    Deadpool(crate::deadpool::Lease<'e>),
}

impl<'e> Target<'e> {
    pub(crate) fn wire(wire: &'e Wire, in_transaction: bool) -> Self {
        Self(Place::Wire { wire, in_transaction })
    }

    #[cfg(feature = "deadpool-postgres")]
    pub(crate) fn deadpool(target: crate::deadpool::Target<'e>) -> Self {
        Self(Place::Deadpool(target))
    }

    /// What a single statement runs on: on the pool a connection that others use as well, unless it was said to be
    /// slow. `None` where it has to be waited for, by [`lease_later`](Self::lease_later).
    pub(crate) fn lease_at_once(self, query: &Query) -> Result<Option<Lease<'e>>, Error> {
        Ok(match self.0 {
            Place::Pool(database) => database.pool().try_acquire(wish(database, query))?.map(Lease::Pooled),
            Place::Wire { wire, in_transaction } => Some(Lease::Wire { wire, in_transaction }),
            Place::Foreign(client) => Some(Lease::Foreign(client)),
            #[cfg(feature = "deadpool-postgres")]
            Place::Deadpool(_) => None,
        })
    }

    pub(crate) async fn lease_later(self, query: &Query) -> Result<Lease<'e>, Error> {
        match self.0 {
            Place::Pool(database) => database.pool().acquire(wish(database, query)).await.map(Lease::Pooled),
            _ => self.lease_alone().await,
        }
    }

    /// What a stream of rows runs on: on the pool a connection of its own.
    pub(crate) async fn lease_alone(self) -> Result<Lease<'e>, Error> {
        Ok(match self.0 {
            Place::Pool(database) => Lease::Pooled(database.pool().acquire(Wish::Own).await?),
            Place::Wire { wire, in_transaction } => Lease::Wire { wire, in_transaction },
            Place::Foreign(client) => Lease::Foreign(client),
            #[cfg(feature = "deadpool-postgres")]
            Place::Deadpool(target) => Lease::Deadpool(target.lease().await?),
        })
    }
}

/// Which connection suits a statement: one that knows the tenant's tables, where the schema names them.
fn wish(database: &Database, query: &Query) -> Wish {
    match &query.schema {
        _ if query.slow || !database.pool().settings().sharing => Wish::Own,
        Some(schema) => Wish::Share(Home::Of(schema.precomputed_hash())),
        None => Wish::Share(Home::Anywhere),
    }
}

impl Lease<'_> {
    /// This crate's own connection, on which it makes its notes.
    pub(crate) fn wire(&self) -> Option<&Wire> {
        match self {
            Self::Pooled(loan) => Some(loan.wire()),
            Self::Wire { wire, .. } => Some(wire),
            Self::Foreign(_) => None,
            #[cfg(feature = "deadpool-postgres")]
            Self::Deadpool(_) => None,
        }
    }

    /// A connection on which other tasks' statements are under way as well.
    pub(crate) fn shared(&self) -> Option<&Loan> {
        match self {
            Self::Pooled(loan) if loan.is_shared() => Some(loan),
            _ => None,
        }
    }

    pub(crate) fn in_transaction(&self) -> bool {
        matches!(self, Self::Wire { in_transaction: true, .. })
    }

    /// Somebody waits for the answer, which may be overdue at some time, if the statement was not said to be slow.
    pub(crate) fn await_answer(&self, query: &Query) -> Option<Awaited<'_>> {
        self.wire().filter(|_| !query.slow).map(Wire::await_answer)
    }

    /// Something came from the server.
    pub(crate) fn answered(&self) {
        if let Some(wire) = self.wire() {
            wire.answered();
        }
    }

    /// A reply is to come.
    pub(crate) fn reply_expected(&self) {
        if let Self::Pooled(loan) = self {
            loan.reply_expected();
        }
    }

    /// The reply was read to its end, or none will come.
    pub(crate) fn reply_read(&self) {
        if let Self::Pooled(loan) = self {
            loan.reply_read();
        }
    }
}

impl fmt::Debug for Target<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Target")
    }
}

impl<E: Executor + ?Sized> sealed::Sealed for &E {}

#[diagnostic::do_not_recommend]
impl<E: Executor + ?Sized> Executor for &E {
    fn target(&self) -> Target<'_> {
        E::target(self)
    }
}

impl<E: Executor + ?Sized> sealed::Sealed for Arc<E> {}

#[diagnostic::do_not_recommend]
impl<E: Executor + ?Sized> Executor for Arc<E> {
    fn target(&self) -> Target<'_> {
        E::target(self)
    }
}

impl sealed::Sealed for Database {}

#[diagnostic::do_not_recommend]
impl Executor for Database {
    fn target(&self) -> Target<'_> {
        Target(Place::Pool(self))
    }
}

impl sealed::Sealed for Client {}

/// The application's own client. Statements are prepared for one use; [`Connection`](crate::Connection)
/// keeps them.
#[diagnostic::do_not_recommend]
impl Executor for Client {
    fn target(&self) -> Target<'_> {
        Target(Place::Foreign(self))
    }
}

impl sealed::Sealed for tokio_postgres::Transaction<'_> {}

/// The application's own transaction. Statements are prepared for one use.
#[diagnostic::do_not_recommend]
impl Executor for tokio_postgres::Transaction<'_> {
    fn target(&self) -> Target<'_> {
        Target(Place::Foreign(self.client()))
    }
}
