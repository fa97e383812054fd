use std::fmt;
use std::future::poll_fn;
use std::iter;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::apart::for_one_use;
use super::span::Span;
use super::together::Owners;
use crate::error::Error;
use crate::executor::Target;
use crate::rows::Rows;
use crate::statement::Statement;
use crate::tenant::{TenantId, TenantKey};

/// The rows of many tenants as a stream, each with its tenant; made by [`Across::fetch`](crate::Across::fetch).
///
/// Also read by [`try_next`](Self::try_next). As of [`Rows`], dropping it early gives up the rest, and on a
/// [`Connection`](crate::Connection) or a [`Transaction`](crate::Transaction) other statements fail while the rows of one of
/// its statements are open.
#[must_use = "a stream does nothing until it is polled"]
pub struct AcrossRows<'e, K: TenantKey, R> {
    reading: Option<Reading<'e, K, R>>,
    /// The statements that are still to run.
    statements: Statements<K, R>,
    failure: Option<Error>,
    target: Target<'e>,
    span: Span,
}

/// A statement whose rows are being read.
struct Reading<'e, K: TenantKey, R> {
    rows: Rows<'e, R>,
    whose: Whose<K>,
}

/// Whose the rows of a statement are.
enum Whose<K: TenantKey> {
    One(TenantId<K>),
    /// Each says it.
    Stated(Owners<K>),
}

/// Statements, each of one tenant.
type Statements<K, R> = Box<dyn Iterator<Item = (TenantId<K>, Statement<R>)> + Send>;

impl<'e, K: TenantKey, R: 'static> AcrossRows<'e, K, R> {
    /// Of one statement for all tenants.
    pub(crate) fn together(span: Span, statement: Statement<R>, owners: Owners<K>, target: Target<'e>) -> Self {
        let reading = Reading { rows: Rows::start(statement, target), whose: Whose::Stated(owners) };
        Self { reading: Some(reading), ..Self::apart(span, Box::new(iter::empty()), target) }
    }

    /// Of one statement after another.
    pub(crate) fn apart(span: Span, statements: Statements<K, R>, target: Target<'e>) -> Self {
        Self { reading: None, statements, failure: None, target, span }
    }

    /// Of none.
    pub(crate) fn failed(span: Span, failure: Error, target: Target<'e>) -> Self {
        Self { failure: Some(failure), ..Self::apart(span, Box::new(iter::empty()), target) }
    }

    /// The next row with its tenant, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Whatever the database answers; nothing comes after an error.
    pub async fn try_next(&mut self) -> Result<Option<(TenantId<K>, R)>, Error> {
        poll_fn(|context| self.poll_row(context)).await.transpose()
    }

    #[expect(clippy::type_complexity, reason = "a row of a stream")]
    fn poll_row(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<(TenantId<K>, R), Error>>> {
        let Self { reading, statements, failure, target, span } = self;
        let poll = span.within(|| {
            loop {
                if let Some(Reading { rows, whose }) = reading {
                    match ready!(whose.poll_row(rows, context)) {
                        Some(row) => return Poll::Ready(Some(row)),
                        None => *reading = None,
                    }
                }
                let Some((tenant, statement)) = statements.next() else { return Poll::Ready(failure.take().map(Err)) };
                let rows = Rows::start(for_one_use(statement, *target), *target);
                *reading = Some(Reading { rows, whose: Whose::One(tenant) });
            }
        });
        if let Poll::Ready(Some(Err(_))) = poll {
            self.reading = None;
            self.statements = Box::new(iter::empty());
        }
        poll
    }
}

impl<K: TenantKey> Whose<K> {
    #[expect(clippy::type_complexity, reason = "a row of a stream")]
    fn poll_row<R>(
        &mut self,
        rows: &mut Rows<'_, R>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<(TenantId<K>, R), Error>>> {
        match self {
            Self::One(tenant) => rows.poll_row(context).map(|row| {
                row.map(|row| row.map(|row| (tenant.clone(), row)).map_err(|error| error.of_tenant(&*tenant)))
            }),
            Self::Stated(owners) => rows.poll_row_by(context, &mut |row, decode| {
                owners.read(row, decode).map(|(owner, row)| (owner.tenant, row))
            }),
        }
    }
}

impl<K: TenantKey, R: 'static> Stream for AcrossRows<'_, K, R> {
    type Item = Result<(TenantId<K>, R), Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_row(context)
    }
}

impl<K: TenantKey, R> fmt::Debug for AcrossRows<'_, K, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AcrossRows")
    }
}
