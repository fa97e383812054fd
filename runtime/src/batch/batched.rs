//! A statement that says how its answer is read.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use crate::error::Error;
use crate::executor::Lease;
use crate::run;
use crate::statement::{Query, Returning, Statement};

/// A statement of a [batch](crate::batch()), which says how its answer is read, as an `A`.
///
/// Made by [`to_fetch_one`](Statement::to_fetch_one) and its sisters, and run by [`Batch::run`](crate::Batch::run).
#[must_use = "this does nothing until a batch runs it: `tenantry::batch((.., ..)).run(&db)`"]
pub struct Batched<A>(Arc<dyn Read<A>>);

/// An answer under way.
pub(super) type Answer<'f, A> = Pin<Box<dyn Future<Output = Result<A, Error>> + Send + 'f>>;

/// A statement whose answer is an `A`, whatever its rows are.
trait Read<A>: Send + Sync {
    fn query(&self) -> &Query;
    fn returning(&self) -> Returning;
    fn has_many_rows(&self) -> bool;
    fn start<'f>(&'f self, lease: Lease<'f>) -> Answer<'f, A>;
}

struct Reading<R, A> {
    statement: Statement<R>,
    returning: Returning,
    has_many_rows: bool,
    start: for<'f> fn(&'f Statement<R>, Lease<'f>) -> Answer<'f, A>,
}

impl<R, A> Read<A> for Reading<R, A> {
    fn query(&self) -> &Query {
        &self.statement.query
    }

    fn returning(&self) -> Returning {
        self.returning
    }

    fn has_many_rows(&self) -> bool {
        self.has_many_rows
    }

    fn start<'f>(&'f self, lease: Lease<'f>) -> Answer<'f, A> {
        (self.start)(&self.statement, lease)
    }
}

impl<R: Send + 'static> Batched<R> {
    pub(crate) fn fetch_one(statement: Statement<R>) -> Self {
        Self(Arc::new(Reading {
            statement,
            returning: Returning::Rows,
            has_many_rows: false,
            start: |statement, lease| {
                Box::pin(async move { optional(statement, lease).await?.ok_or_else(|| statement.not_found()) })
            },
        }))
    }
}

impl Batched<u64> {
    pub(crate) fn execute<R: 'static>(statement: Statement<R>) -> Self {
        let statement = statement.counted();
        // The rows of a query come even where they are only counted.
        let has_many_rows = statement.query.is_query();
        Self(Arc::new(Reading {
            statement,
            returning: Returning::Count,
            has_many_rows,
            start: |statement, lease| Box::pin(count(&statement.query, lease)),
        }))
    }
}

impl<R: Send + 'static> Batched<Option<R>> {
    pub(crate) fn fetch_optional(statement: Statement<R>) -> Self {
        Self(Arc::new(Reading {
            statement,
            returning: Returning::Rows,
            has_many_rows: false,
            start: |statement, lease| Box::pin(optional(statement, lease)),
        }))
    }
}

impl<R: Send + 'static> Batched<Vec<R>> {
    pub(crate) fn fetch_all(statement: Statement<R>) -> Self {
        Self(Arc::new(Reading {
            statement,
            returning: Returning::Rows,
            has_many_rows: true,
            start: |statement, lease| Box::pin(all(statement, lease)),
        }))
    }
}

async fn optional<R>(statement: &Statement<R>, lease: Lease<'_>) -> Result<Option<R>, Error> {
    match statement.query.is_runnable()? {
        true => run::read_optional(&lease, statement).await,
        false => Ok(None),
    }
}

async fn all<R>(statement: &Statement<R>, lease: Lease<'_>) -> Result<Vec<R>, Error> {
    match statement.query.is_runnable()? {
        true => run::read_all(&lease, statement).await,
        false => Ok(Vec::new()),
    }
}

async fn count(query: &Query, lease: Lease<'_>) -> Result<u64, Error> {
    match query.is_runnable()? {
        true => run::count(&lease, query).await,
        false => Ok(0),
    }
}

impl<A> Batched<A> {
    /// The text that runs, with `$1`, `$2` .. where the bound values stand; the values are never shown.
    #[must_use]
    pub fn sql(&self) -> String {
        self.0.query().sql(self.0.returning())
    }

    pub(super) fn query(&self) -> &Query {
        self.0.query()
    }

    pub(super) fn has_many_rows(&self) -> bool {
        self.0.has_many_rows()
    }

    pub(super) fn start<'f>(&'f self, lease: Lease<'f>) -> Answer<'f, A> {
        self.0.start(lease)
    }
}

/// A part of a [batch](crate::batch()): a statement that says how its answer is read.
///
/// This trait is sealed: [`Batched`] is the one type that has it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how its answer is read in a batch",
    label = "call `.to_fetch_one()`, `.to_fetch_optional()`, `.to_fetch_all()` or `.to_execute()` on it"
)]
pub trait BatchItem: sealed::Sealed + Send + Sync + 'static {
    /// What the statement answers.
    type Answer: Send + 'static;

    #[doc(hidden)]
    fn batched(&self) -> &Batched<Self::Answer>;
}

impl<A: Send + 'static> BatchItem for Batched<A> {
    type Answer = A;

    fn batched(&self) -> &Self {
        self
    }
}

mod sealed {
    pub trait Sealed {}

    impl<A> Sealed for super::Batched<A> {}
}

impl<A> Clone for Batched<A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A> fmt::Debug for Batched<A> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Batched").field(&self.sql()).finish()
    }
}
