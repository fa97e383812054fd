//! Where the rows of a COPY come from.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::error::InputError;
use crate::table::NewRow;

/// Rows to [copy in](crate::CopyIn): an iterator or a stream, of rows `N` or of `Result<N, E>`.
///
/// An `E` is any error, or what becomes a `Box<dyn Error + Send + Sync>`. `Kind` follows from the type: there is nothing
/// to implement and nothing to name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no source of `{N}` to copy in",
    label = "expected an iterator or a stream of `{N}`, or of `Result<{N}, E>`",
    note = "an `E` is an error, or what becomes a `Box<dyn Error + Send + Sync>`"
)]
pub trait RowSource<N, Kind> {
    #[doc(hidden)]
    type Rows: PollRows<N>;

    #[doc(hidden)]
    fn into_rows(self) -> Self::Rows;
}

/// Rows one by one.
pub trait PollRows<N> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<N, InputError>>>;
}

/// A row, or an error in its place.
pub trait IntoRow<N> {
    fn into_row(self) -> Result<N, InputError>;
}

impl<N: NewRow> IntoRow<N> for N {
    fn into_row(self) -> Result<N, InputError> {
        Ok(self)
    }
}

impl<N: NewRow, E: Into<InputError>> IntoRow<N> for Result<N, E> {
    fn into_row(self) -> Result<N, InputError> {
        self.map_err(Into::into)
    }
}

#[derive(Debug)]
pub enum ByIterator {}

#[derive(Debug)]
pub enum ByStream {}

#[derive(Debug)]
pub struct Iterated<I>(I);

#[derive(Debug)]
pub struct Streamed<S>(Pin<Box<S>>);

#[diagnostic::do_not_recommend]
impl<N, I> RowSource<N, ByIterator> for I
where
    I: IntoIterator,
    I::Item: IntoRow<N>,
{
    type Rows = Iterated<I::IntoIter>;

    fn into_rows(self) -> Self::Rows {
        Iterated(self.into_iter())
    }
}

#[diagnostic::do_not_recommend]
impl<N, S> RowSource<N, ByStream> for S
where
    S: Stream,
    S::Item: IntoRow<N>,
{
    type Rows = Streamed<S>;

    fn into_rows(self) -> Self::Rows {
        Streamed(Box::pin(self))
    }
}

impl<N, I> PollRows<N> for Iterated<I>
where
    I: Iterator,
    I::Item: IntoRow<N>,
{
    fn poll_next(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<N, InputError>>> {
        Poll::Ready(self.0.next().map(IntoRow::into_row))
    }
}

impl<N, S> PollRows<N> for Streamed<S>
where
    S: Stream,
    S::Item: IntoRow<N>,
{
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<N, InputError>>> {
        self.0.as_mut().poll_next(context).map(|row| row.map(IntoRow::into_row))
    }
}
