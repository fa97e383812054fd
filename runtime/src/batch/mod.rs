//! Several statements in one flight.

use std::fmt;
use std::sync::Arc;

use tokio::runtime::Handle;

use crate::error::Error;
use crate::executor::{Executor, Lease, Target};
use crate::run;
use crate::wire::Wire;

mod batched;
mod items;
mod outcome;

pub use self::batched::{BatchItem, Batched};
pub use self::items::BatchItems;
use self::items::Flights;
use self::outcome::Plan;

/// Behind the statements of a batch others wait, and behind more than so many they would wait too long.
const MOST_SHARED: usize = 16;

/// Several statements that are sent together: one round trip for all of them instead of one for each.
///
/// A batch is a tuple of 1 to 8 statements, or a `Vec` of statements with one type of answer. Each says how its answer
/// is read: by [`to_fetch_one`](crate::Statement::to_fetch_one),
/// [`to_fetch_optional`](crate::Statement::to_fetch_optional), [`to_fetch_all`](crate::Statement::to_fetch_all) or
/// [`to_execute`](crate::Statement::to_execute). The answers come as a tuple or a `Vec` in the same order.
///
/// **The statements are independent.** None may build upon another's work, for which of them the database runs first is
/// not said. Outside of a transaction each is one of its own, and one that fails does not undo the others; what
/// belongs together runs in a [`Transaction`](crate::Transaction).
///
/// They may be of several tenants: each statement carries its own, as everywhere, and gets its own answer.
///
/// ```no_run
/// # use tenantry::{Database, Error, TenantId, TenantTable};
/// # #[derive(TenantTable)]
/// # #[tenant_table(name = "customer")]
/// # struct Customer { #[tenant_table(primary_key)] id: i64, active: bool }
/// # async fn run(db: &Database, tenant: &TenantId) -> Result<(), Error> {
/// let customers = Customer::repository().for_tenant(tenant);
/// let active = customers.filter(|c| c.active.eq(true));
/// let (first, page, total) = tenantry::batch((
///     customers.find(1).to_fetch_optional(),
///     active.clone().limit(20).to_fetch_all(),
///     active.count().to_fetch_one(),
/// ))
/// .run(db)
/// .await?;
/// # let _: (Option<Customer>, Vec<Customer>, i64) = (first, page, total);
/// # Ok(())
/// # }
/// ```
pub fn batch<I, A, E>(statements: I) -> Batch<A, E>
where
    I: BatchItems<Answers = A, Each = E>,
{
    Batch { statements: Arc::new(statements) }
}

/// Statements that are sent together; made by [`batch()`]. `A` are their answers, and `E` is for each its answer or its
/// error.
#[must_use = "a batch does nothing until it is run: `.run(&db)`"]
pub struct Batch<A, E> {
    statements: Arc<dyn BatchItems<Answers = A, Each = E>>,
}

impl<A: 'static, E: Send + 'static> Batch<A, E> {
    /// Runs the statements, all sent on one connection before the first answer is awaited, and answers when the
    /// last one is there.
    ///
    /// A statement that the database has to be asked about first takes a second round trip, as it does alone; all of
    /// a batch take it together. Behind [a pooler in transaction mode](crate::DatabaseOptions::transaction_pooler), where
    /// nothing may be under way together, they run one after another. On a [`Database`](crate::Database) they share
    /// their connection with other statements, unless one of them was said to be slow or they are more than 16.
    ///
    /// A future of this method that is dropped leaves each of them as it would a single one, which may have run or not.
    ///
    /// # Errors
    ///
    /// The first in the order of the batch; in a transaction the one that made the others fail. **The others have run in
    /// spite of it**, and where that may have changed the database,
    /// [`may_have_run`](Error::may_have_run) is true. [`run_each`](Self::run_each) answers what became of each.
    ///
    /// Where a statement cannot be made, like an update that changes nothing, none is sent.
    pub async fn run(self, executor: &dyn Executor) -> Result<A, Error> {
        let mut plan = self.plan();
        let outcome = plan.outcome()?;
        let each = self.fly(plan, executor.target()).await?;
        self.statements.all(each, outcome)
    }

    /// Runs the statements as [`run`](Self::run) does, and answers what became of each: its answer or its error.
    ///
    /// # Errors
    ///
    /// When no connection comes free in time, or none can be made; nothing was sent then.
    pub async fn run_each(self, executor: &dyn Executor) -> Result<E, Error> {
        let plan = self.plan();
        self.fly(plan, executor.target()).await
    }

    fn plan(&self) -> Plan {
        let mut plan = Plan::default();
        self.statements.note(&mut plan);
        plan
    }

    async fn fly(&self, plan: Plan, target: Target<'_>) -> Result<E, Error> {
        if let Some(nothing) = self.statements.nothing() {
            return Ok(nothing);
        }
        let is_alone = plan.is_slow || plan.count > MOST_SHARED;
        let lease = target.lease_for_all(plan.schema.as_ref(), is_alone).await?;
        match (lease, Handle::try_current()) {
            (Lease::Pooled(loan), Ok(runtime)) if loan.is_shared() && plan.has_many_rows => {
                let batch = self.clone();
                let landing = async move { Ok(batch.land(&Lease::Pooled(loan), plan.is_slow).await) };
                run::read_apart(&runtime, landing).await
            }
            (lease, _) => Ok(self.land(&lease, plan.is_slow).await),
        }
    }

    /// Those behind a slow one wait for it, so that none of them can be overdue.
    async fn land(&self, lease: &Lease<'_>, is_slow: bool) -> E {
        let _answers = lease.wire().filter(|_| !is_slow).map(Wire::await_answer);
        self.statements.land(Flights::on(lease)).await
    }
}

impl<A, E> Clone for Batch<A, E> {
    fn clone(&self) -> Self {
        Self { statements: Arc::clone(&self.statements) }
    }
}

impl<A, E> fmt::Debug for Batch<A, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Batch")
    }
}
