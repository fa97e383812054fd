//! Reads of many tenants' rows at once, each row with its tenant.
//!
//! What is asked is asked of each tenant by itself, in a statement's text as it would be for one tenant: by one statement
//! for all where a column names the tenant, and by a statement for each where schemas do.

mod access;
mod alone;
mod apart;
mod rows;
mod span;
mod together;

use std::collections::HashSet;
use std::fmt;

pub use self::access::AcrossTenants;
pub use self::alone::RunsAlone;
use self::apart::OnFailure;
pub use self::rows::AcrossRows;
use self::span::Span;
use self::together::Owners;
use crate::error::Error;
use crate::executor::{Executor, Target};
use crate::scope::Binding;
use crate::select::{InEachTenant, Select};
use crate::source::Source;
use crate::statement::{Impossible, Query, Returning, Statement};
use crate::table::Table;
use crate::tenant::{TenantId, TenantKey};

/// A query for each of many tenants, whose rows come with their tenant; made by a repository's `across` and `across_all`.
///
/// `K` is the type of the tenants' keys, `Q` and `R` are those of the [`Select`]. Without
/// [`in_each_tenant`](Self::in_each_tenant) it reads all rows.
#[must_use = "a query does nothing until a verb runs it: `.fetch_all(&db)`, .."]
pub struct Across<K, Q, R = Q> {
    reason: &'static str,
    tenants: Tenants<K>,
    select: Select<Q, R, InEachTenant>,
}

/// Whose rows are read.
enum Tenants<K> {
    /// Of each once, in this order.
    Listed(Vec<TenantId<K>>),
    /// Of every tenant that has rows in the table.
    All,
}

/// How they are read.
#[expect(clippy::large_enum_variant, reason = "there is one of them in a read")]
enum Plan<K: TenantKey> {
    /// By one statement, whose rows say whose they are.
    Together(Query, Owners<K>),
    /// By a statement for each of these.
    Apart(Vec<TenantId<K>>),
}

/// A tenant's rows, or why they cannot be read.
type OfTenant<K, R> = (TenantId<K>, Result<Vec<R>, Error>);

impl<K: TenantKey, T: Table> Across<K, T> {
    pub(crate) fn listed<'t>(access: &AcrossTenants, tenants: impl Iterator<Item = &'t TenantId<K>>) -> Self {
        let mut seen = HashSet::new();
        Self::new(access, Tenants::Listed(tenants.filter(|tenant| seen.insert(*tenant)).cloned().collect()))
    }

    pub(crate) fn all(access: &AcrossTenants) -> Self {
        Self::new(access, Tenants::All)
    }

    fn new(access: &AcrossTenants, tenants: Tenants<K>) -> Self {
        Self { reason: access.reason(), tenants, select: Select::new(Binding::EACH) }
    }

    /// What is read of each tenant: the closure is given the query on all its rows. **All that it says is said of each tenant
    /// by itself**: a limit is one for each, and so are groups and aggregates.
    ///
    /// ```
    /// # use tenantry::{AcrossTenants, Database, Error, TenantId, TenantTable};
    /// # #[derive(TenantTable)]
    /// # #[tenant_table(name = "invoice")]
    /// # struct Invoice { #[tenant_table(primary_key)] number: i64, paid: bool }
    /// async fn overdue(access: &AcrossTenants, tenants: &[TenantId], db: &Database) -> Result<(), Error> {
    ///     let first_three = Invoice::repository()
    ///         .across(access, tenants)
    ///         .in_each_tenant(|invoices| invoices.filter(|i| i.paid.eq(false)).order_by(|i| i.number.asc()).limit(3));
    ///     for (tenant, invoice) in first_three.fetch_all(db).await? {
    ///         println!("{tenant}: {}", invoice.number);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn in_each_tenant<Q: Source<Root = T>, R>(
        self,
        query: impl FnOnce(Select<T, T, InEachTenant>) -> Select<Q, R, InEachTenant>,
    ) -> Across<K, Q, R> {
        Across { reason: self.reason, tenants: self.tenants, select: query(self.select) }
    }
}

impl<K: TenantKey, Q: Source, R: Send + 'static> Across<K, Q, R> {
    /// The text that runs, with `$1`, `$2` .. where the bound values stand: the one for all tenants, or that of the first of
    /// them, where each has one of its own. Empty where there is no tenant.
    #[must_use]
    pub fn sql(&self) -> String {
        match self.plan() {
            Ok(Plan::Together(query, _)) => query.sql(Returning::Rows),
            Ok(Plan::Apart(tenants)) => tenants.first().map(|tenant| self.of_tenant(tenant).sql()).unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Reads the rows of all tenants, each with its tenant: those of one after those of another, in the order of the list, and
    /// a tenant's own in the order of the query. A tenant that stands in the list twice is read once.
    ///
    /// Where a column names the tenant, this is one statement. Where schemas do, it is one for each tenant, the same as the
    /// tenant's own repository would run; of these up to 32 are under way at a time, or, where they do not share connections,
    /// as many as a quarter of the pool. What they read is of one moment only in a transaction of
    /// [`RepeatableRead`](crate::IsolationLevel::RepeatableRead).
    ///
    /// # Errors
    ///
    /// Whatever the database answers; [`Error::tenant`] is the tenant whose statement failed, where each has one. Also where
    /// the reason is blank.
    pub async fn fetch_all(self, executor: &dyn Executor) -> Result<Vec<(TenantId<K>, R)>, Error> {
        self.span().around(self.read_all(executor.target())).await
    }

    /// Reads the rows of each tenant by itself, so that the failure of one hides nothing of the others: each tenant comes with
    /// its rows, or with the error.
    ///
    /// Tenants of a list come in its order, also those without rows. See [`fetch_all`](Self::fetch_all) for how it runs.
    ///
    /// # Errors
    ///
    /// What is no single tenant's: a connection that is lost or not to be had, and the failure of the one statement for all.
    /// In a transaction, which it ends, also the failure of one tenant's.
    pub async fn fetch_each(self, executor: &dyn Executor) -> Result<Vec<OfTenant<K, R>>, Error> {
        self.span().around(self.read_each(executor.target())).await
    }

    /// Reads the rows one by one, as they come, each with its tenant; it starts when first polled.
    ///
    /// Where schemas name the tenants, their statements run one after another, in the order of the list. Where a column does,
    /// rows of different tenants may be mixed. On a [`Database`](crate::Database) a connection is held until the
    /// last row of a statement is read, or the stream is dropped.
    ///
    /// # Errors
    ///
    /// Each item is a row, or an error as of [`fetch_all`](Self::fetch_all), which is the last item.
    pub fn fetch(self, executor: &dyn Executor) -> AcrossRows<'_, K, R> {
        let (span, target) = (self.span(), executor.target());
        match self.plan() {
            Ok(Plan::Together(query, owners)) => {
                AcrossRows::together(span, Statement::new(query, self.select.decode), owners, target)
            }
            Ok(Plan::Apart(tenants)) => {
                let statements = tenants.into_iter().map(move |tenant| {
                    let statement = self.of_tenant(&tenant);
                    (tenant, statement)
                });
                AcrossRows::apart(span, Box::new(statements), target)
            }
            Err(error) => AcrossRows::failed(span, error, target),
        }
    }

    async fn read_all(self, target: Target<'_>) -> Result<Vec<(TenantId<K>, R)>, Error> {
        match self.plan()? {
            Plan::Together(query, owners) => {
                let rows = together::read(query, owners, self.select.decode, target).await?;
                Ok(rows.into_iter().map(|(owner, row)| (owner.tenant, row)).collect())
            }
            Plan::Apart(tenants) => {
                let of_each = apart::read(&tenants, |tenant| self.of_tenant(tenant), OnFailure::End, target).await?;
                let mut all = Vec::new();
                for (tenant, rows) in tenants.into_iter().zip(of_each) {
                    all.extend(rows?.into_iter().map(|row| (tenant.clone(), row)));
                }
                Ok(all)
            }
        }
    }

    async fn read_each(self, target: Target<'_>) -> Result<Vec<OfTenant<K, R>>, Error> {
        match self.plan()? {
            Plan::Together(query, owners) => {
                let mut of_each: Vec<_> = owners.known().map(|tenant| (tenant.clone(), Ok(Vec::new()))).collect();
                for (owner, row) in together::read(query, owners, self.select.decode, target).await? {
                    match of_each.get_mut(owner.position) {
                        Some((_, Ok(rows))) => rows.push(row),
                        _ => of_each.push((owner.tenant, Ok(vec![row]))),
                    }
                }
                Ok(of_each)
            }
            Plan::Apart(tenants) => {
                let of_each = apart::read(&tenants, |tenant| self.of_tenant(tenant), OnFailure::GoOn, target).await?;
                Ok(tenants.into_iter().zip(of_each).collect())
            }
        }
    }

    fn plan(&self) -> Result<Plan<K>, Error> {
        let table = Select::<Q, R, InEachTenant>::table().table;
        if self.reason.trim().is_empty() {
            return Err(Error::impossible(table, Impossible::NoReason));
        }
        match (together::statement(&self.select, &self.tenants), &self.tenants) {
            (_, Tenants::Listed(tenants)) if tenants.is_empty() => Ok(Plan::Apart(Vec::new())),
            (Some((query, owners)), _) => query.is_runnable().map(|_| Plan::Together(query, owners)),
            (None, Tenants::Listed(tenants)) => Ok(Plan::Apart(tenants.clone())),
            (None, Tenants::All) => Err(Error::impossible(table, Impossible::NoList)),
        }
    }

    /// What the tenant's own repository would make.
    fn of_tenant(&self, tenant: &TenantId<K>) -> Statement<R> {
        self.select.in_scope(Binding::tenant(tenant)).into_statement()
    }

    fn span(&self) -> Span {
        let tenants = match &self.tenants {
            Tenants::Listed(tenants) => Some(tenants.len()),
            Tenants::All => None,
        };
        Span::new(self.reason, Select::<Q, R, InEachTenant>::table().table, tenants)
    }
}

impl<K, Q, R> fmt::Debug for Across<K, Q, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Across")
            .field("reason", &self.reason)
            .field("select", &self.select)
            .finish_non_exhaustive()
    }
}
