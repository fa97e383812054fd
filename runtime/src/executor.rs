//! What a statement runs on.

use std::fmt;
use std::sync::Arc;

use tokio_postgres::Client;

use crate::database::Database;
use crate::error::Error;
use crate::pool::{Home, Loan, Wish};
use crate::statement::Query;
use crate::tenant::SchemaName;
use crate::transaction::{Transaction, TransactionOptions};
use crate::turns::{Alone, Turn};
use crate::wire::{Awaited, Wire};

/// What a statement runs on: a [`Database`], a [`Connection`](crate::Connection) or a
/// [`Transaction`](crate::Transaction); also a client or a transaction of `tokio_postgres`, and with the
/// feature `deadpool-postgres` a pool, a client or a transaction of that crate.
///
/// A function that takes `&dyn Executor` runs on each of them. (Only a [`CopyIn`](crate::CopyIn) does not run on a client of
/// the application's own.) This trait is sealed: an executor takes only statements that a repository made.
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
    Foreign {
        client: &'e Client,
        in_transaction: bool,
    },
    #[cfg(feature = "deadpool-postgres")]
    Deadpool(crate::deadpool::Target<'e>),
}

/// A connection for the time of one statement.
pub(crate) enum Lease<'e> {
    /// Of this crate's pool.
    Pooled(Loan),
    /// Held by the caller; outside of a transaction together with a turn.
    Wire { wire: &'e Wire, turn: Option<Turn<'e>> },
    /// A client that the application brought, or a transaction on one.
    Foreign { client: &'e Client, in_transaction: bool },
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
            Place::Pool(database) => database.pool().try_acquire(wish_of(database, query))?.map(Lease::Pooled),
            Place::Wire { wire, in_transaction } => Some(Lease::on(wire, in_transaction)?),
            Place::Foreign { client, in_transaction } => Some(Lease::Foreign { client, in_transaction }),
            #[cfg(feature = "deadpool-postgres")]
            Place::Deadpool(_) => None,
        })
    }

    /// How many statements of one task may be under way here, so that there is room for those of others.
    pub(crate) fn room(self, query: &Query) -> usize {
        match self.0 {
            Place::Pool(database) => match wish_of(database, query) {
                Wish::Share(_) => AT_ONCE,
                Wish::Own => (database.pool().settings().size / 4).max(1),
            },
            Place::Wire { wire, .. } if wire.is_behind_pooler() => 1,
            Place::Wire { .. } | Place::Foreign { .. } => AT_ONCE,
            #[cfg(feature = "deadpool-postgres")]
            Place::Deadpool(target) => target.connections().map_or(AT_ONCE, |size| (size / 4).max(1)),
        }
    }

    /// Whether statements stay prepared without a bound.
    pub(crate) fn keeps_every_statement(self) -> bool {
        match self.0 {
            Place::Pool(_) | Place::Wire { .. } | Place::Foreign { .. } => false,
            #[cfg(feature = "deadpool-postgres")]
            Place::Deadpool(_) => true,
        }
    }

    pub(crate) async fn lease_later(self, query: &Query) -> Result<Lease<'e>, Error> {
        match self.0 {
            Place::Pool(database) => database.pool().acquire(wish_of(database, query)).await.map(Lease::Pooled),
            _ => self.lease_alone().await,
        }
    }

    /// What the statements of a batch run on, all together: on the pool a connection that others use as well, near the
    /// tenant whose schema this is, or one alone.
    pub(crate) async fn lease_for_all(self, schema: Option<&SchemaName>, is_alone: bool) -> Result<Lease<'e>, Error> {
        match self.0 {
            Place::Pool(database) => database.pool().acquire(wish(database, schema, is_alone)).await.map(Lease::Pooled),
            _ => self.lease_alone().await,
        }
    }

    /// What a stream of rows and a COPY run on: on the pool a connection of their own.
    pub(crate) async fn lease_alone(self) -> Result<Lease<'e>, Error> {
        Ok(match self.0 {
            Place::Pool(database) => Lease::Pooled(database.pool().acquire(Wish::Own).await?),
            Place::Wire { wire, in_transaction } => Lease::on(wire, in_transaction)?,
            Place::Foreign { client, in_transaction } => Lease::Foreign { client, in_transaction },
            #[cfg(feature = "deadpool-postgres")]
            Place::Deadpool(target) => Lease::Deadpool(target.lease().await?),
        })
    }

    /// Whether an insert can go on it in several statements.
    pub(crate) fn takes_parts(self) -> bool {
        matches!(self.0, Place::Pool(_) | Place::Wire { .. })
    }

    /// What the statements run on that are all done or none: a transaction, unless it is one.
    pub(crate) async fn begin(self) -> Result<Option<Begun<'e>>, Error> {
        match self.0 {
            Place::Pool(database) => Ok(Some(Begun { transaction: database.begin().await?, _alone: None })),
            Place::Wire { wire, in_transaction: false } if wire.has_open_stream() => Err(Error::stream_open()),
            Place::Wire { wire, in_transaction: false } => {
                let alone = wire.turns().take_alone().ok_or_else(Error::connection_busy)?;
                let transaction = Transaction::begin_borrowed(wire, TransactionOptions::new()).await?;
                Ok(Some(Begun { transaction, _alone: Some(alone) }))
            }
            _ => Ok(None),
        }
    }
}

/// A transaction that this crate begins for an insert, on a connection that nobody else uses meanwhile.
pub(crate) struct Begun<'e> {
    pub(crate) transaction: Transaction<'e>,
    _alone: Option<Alone<'e>>,
}

fn wish_of(database: &Database, query: &Query) -> Wish {
    wish(database, query.schemas.first(), query.slow)
}

/// So many statements of one task may be under way where statements share connections.
const AT_ONCE: usize = 32;

/// Which connection suits a statement: one that knows the tenant's tables, where the schema names them.
fn wish(database: &Database, schema: Option<&SchemaName>, is_alone: bool) -> Wish {
    match schema {
        _ if is_alone || !database.pool().settings().sharing => Wish::Own,
        Some(schema) => Wish::Share(Home::Of(schema.precomputed_hash())),
        None => Wish::Share(Home::Anywhere),
    }
}

impl<'e> Lease<'e> {
    fn on(wire: &'e Wire, in_transaction: bool) -> Result<Self, Error> {
        let turn = match in_transaction {
            true => None,
            false => Some(wire.turns().take().ok_or_else(Error::connection_busy)?),
        };
        Ok(Self::Wire { wire, turn })
    }
}

impl Lease<'_> {
    /// The same connection, for one more statement that is under way at the same time.
    pub(crate) fn again(&self) -> Lease<'_> {
        match self {
            // Where it is no longer the pool's, because it is lost, the statement finds that out.
            Self::Pooled(loan) => match loan.again() {
                Some(share) => Lease::Pooled(share),
                None => Lease::Wire { wire: loan.wire(), turn: loan.wire().turns().take() },
            },
            Self::Wire { wire, turn } => Lease::Wire { wire, turn: turn.as_ref().and_then(|_| wire.turns().take()) },
            Self::Foreign { client, in_transaction } => Lease::Foreign { client, in_transaction: *in_transaction },
            #[cfg(feature = "deadpool-postgres")]
            Self::Deadpool(lease) => Lease::Deadpool(lease.again()),
        }
    }

    /// This crate's own connection, on which it makes its notes.
    pub(crate) fn wire(&self) -> Option<&Wire> {
        match self {
            Self::Pooled(loan) => Some(loan.wire()),
            Self::Wire { wire, .. } => Some(wire),
            Self::Foreign { .. } => None,
            #[cfg(feature = "deadpool-postgres")]
            Self::Deadpool(_) => None,
        }
    }

    pub(crate) fn client(&self) -> &Client {
        match self {
            Self::Pooled(loan) => loan.wire().client(),
            Self::Wire { wire, .. } => wire.client(),
            Self::Foreign { client, .. } => client,
            #[cfg(feature = "deadpool-postgres")]
            Self::Deadpool(lease) => lease.client(),
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
        match self {
            Self::Wire { turn, .. } => turn.is_none(),
            Self::Foreign { in_transaction, .. } => *in_transaction,
            Self::Pooled(_) => false,
            #[cfg(feature = "deadpool-postgres")]
            Self::Deadpool(lease) => lease.in_transaction(),
        }
    }

    /// Whether the application may have begun a transaction that this crate does not know of: beginning one would not
    /// fail, and ending it would end the application's.
    pub(crate) fn may_be_in_transaction(&self) -> bool {
        match self {
            // One may have been forgotten, and is still open.
            Self::Wire { wire, .. } => !self.in_transaction() && (wire.was_handed_out() || wire.has_open_transaction()),
            Self::Foreign { in_transaction, .. } => !in_transaction,
            Self::Pooled(_) => false,
            #[cfg(feature = "deadpool-postgres")]
            Self::Deadpool(lease) => lease.is_client(),
        }
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
        Target(Place::Foreign { client: self, in_transaction: false })
    }
}

impl sealed::Sealed for tokio_postgres::Transaction<'_> {}

/// The application's own transaction. Statements are prepared for one use.
#[diagnostic::do_not_recommend]
impl Executor for tokio_postgres::Transaction<'_> {
    fn target(&self) -> Target<'_> {
        Target(Place::Foreign { client: self.client(), in_transaction: true })
    }
}
