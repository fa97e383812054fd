//! Rows into a table.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;

use super::copy_in_text;
use super::encode::{Encoder, Writer};
use super::sending::Sending;
use super::session::Session;
use super::source::PollRows;
use crate::error::Error;
use crate::executor::{Executor, Target};
use crate::scope::Binding;
use crate::sql::splice;
use crate::statement::Impossible;
use crate::table::{NewRow, NewValues, Table, TableTexts};
use crate::tenant::{AnyTenant, SchemaName};
use crate::value::Value;
use crate::wire::Wire;

/// A COPY of rows into table `T`, all or none; made by a repository's `copy_in(rows)`, and run by
/// [`execute`](Self::execute).
///
/// It is the fastest way for many rows. The library writes the tenant into each of them. Into a column with a default
/// either all rows give a value or none does, as the first row has it.
///
/// It has a connection alone, on a [`Database`](crate::Database) in a transaction of its own. A future that is dropped
/// aborts it.
#[must_use = "a COPY does nothing until `.execute(&db)` runs it"]
pub struct CopyIn<T, R, P = fn(CopyProgress)> {
    binding: Binding,
    rows: R,
    on_progress: P,
    is_slow: bool,
    table: PhantomData<fn() -> T>,
}

/// How far a [`CopyIn`] is: what was handed to the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyProgress {
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

impl CopyProgress {
    /// So many rows.
    #[must_use]
    pub const fn rows(self) -> u64 {
        self.rows
    }

    /// In so many bytes of the binary format.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.bytes
    }
}

impl<T, R> CopyIn<T, R> {
    pub(crate) fn new(binding: Binding, rows: R) -> Self {
        Self { binding, rows, on_progress: |_| {}, is_slow: false, table: PhantomData }
    }
}

impl<T: Table, R, P> CopyIn<T, R, P> {
    /// Has this called whenever rows were handed to the connection, some 64 kB at a time, and after the last ones. They
    /// are written only when [`execute`](Self::execute) says so.
    pub fn on_progress<Q: FnMut(CopyProgress)>(self, on_progress: Q) -> CopyIn<T, R, Q> {
        let Self { binding, rows, on_progress: _, is_slow, table } = self;
        CopyIn { binding, rows, on_progress, is_slow, table }
    }

    /// Says that the server may take long, for triggers or foreign keys of many rows: no
    /// [timeout](crate::DatabaseOptions::statement_timeout) ends the COPY. Without this it fails where the server neither
    /// takes nor answers anything for that time; that it takes long in all does not matter.
    pub fn slow(self) -> Self {
        Self { is_slow: true, ..self }
    }

    /// The text that runs, where the first row gives all columns.
    #[must_use]
    pub fn sql(&self) -> String {
        let texts = &T::SQL.texts;
        let scope = self.binding.scope_of(texts);
        scope.map_or_else(
            |_| String::new(),
            |(schemas, _)| copy_in_text(texts, &schemas, texts.inserted.iter().copied()),
        )
    }
}

impl<T, R, P> CopyIn<T, R, P>
where
    T: Table,
    R: PollRows<T::New>,
    P: FnMut(CopyProgress),
{
    /// Runs the COPY, and answers how many rows it wrote. Without rows nothing is sent.
    ///
    /// The types of the columns are asked for first, of the server. On a [`Connection`](crate::Connection) or a
    /// [`Transaction`](crate::Transaction) other statements fail while it is under way: see [`Error::is_stream_open`].
    ///
    /// # Errors
    ///
    /// Nothing was written then, unless [`Error::may_have_run`]: whatever the database answers, which for a row it gives
    /// when all were sent; a value that does not fit its column, or a column with a default that some rows give and
    /// others do not, both with the column's name; what the source of the rows said, as
    /// [`Error::as_input_error`]. A `Transaction` has failed by it, as by any other error.
    ///
    /// PostgreSQL takes no COPY into a table that has row-level security: for one that says `rls` nothing is sent, and
    /// `insert_many` is the way.
    ///
    /// Where the server refuses the COPY as such (for want of a privilege, or by row-level security) the connection is
    /// closed, because the driver would mix up the answers that follow. So a client of the application's own, also in a
    /// [`Connection::from_client`](crate::Connection::from_client), takes no rows: that is an error that says so.
    pub async fn execute(self, executor: &dyn Executor) -> Result<u64, Error> {
        run(self, executor.target()).await
    }
}

async fn run<T, R, P>(copy: CopyIn<T, R, P>, target: Target<'_>) -> Result<u64, Error>
where
    T: Table,
    R: PollRows<T::New>,
    P: FnMut(CopyProgress),
{
    let CopyIn { binding, mut rows, mut on_progress, is_slow, .. } = copy;
    if T::SQL.texts.setting.is_some() {
        return Err(Error::impossible(T::SQL.texts.table, Impossible::CopyIn));
    }
    // A connection is taken when there is something for it, and the types of what the first row gives are asked for.
    let Some(first) = next(&mut rows).await? else { return Ok(0) };
    let texts = &T::SQL.texts;
    let mut values = NewValues::default();
    first.values(&mut values);
    let first = values.0;
    if texts.tenant.is_empty() && first.iter().all(Option::is_none) {
        return Err(Error::copy_without_columns(texts.table));
    }
    let session = Session::begin(target, is_slow, None).await?;
    let (schemas, tenant) = binding.scope_of(texts).map_err(|reason| Error::impossible(texts.table, reason))?;
    let mut writer = prepare(&session, texts, (&schemas, tenant.as_deref()), &first).await?;
    writer.write_first(&first)?;
    drop(first);
    let mut sending = Sending::start(session, &copy_in_text(texts, &schemas, writer.columns())).await?;
    loop {
        if writer.is_full() {
            sending.send(writer.take()).await?;
            on_progress(writer.progress());
        }
        let row = match next(&mut rows).await {
            Ok(Some(row)) => writer.write(row),
            Ok(None) => break,
            Err(error) => Err(error),
        };
        if let Err(error) = row {
            return Err(sending.abort(error).await);
        }
    }
    sending.send(writer.take_last()).await?;
    on_progress(writer.progress());
    sending.finish().await
}

async fn next<N>(rows: &mut impl PollRows<N>) -> Result<Option<N>, Error> {
    poll_fn(|context| rows.poll_next(context)).await.transpose().map_err(Error::input)
}

/// Asks for the types of the columns that the first row gives, and writes what comes before the rows.
async fn prepare(
    session: &Session<'_>,
    texts: &TableTexts,
    (schemas, tenant): (&[SchemaName], Option<&dyn AnyTenant>),
    first: &[Option<Value>],
) -> Result<Writer, Error> {
    if !session.wire().is_some_and(Wire::can_be_closed) {
        return Err(Error::copy_needs_pool());
    }
    let types = session.parameter_types(&insert_text(texts, schemas, first), texts.table).await?;
    Encoder::new(texts, types, tenant, first).map(Writer::new)
}

/// `INSERT INTO table ("tenant_id", columns) VALUES ($1, $2)`: an insert that gives what the COPY does.
fn insert_text(texts: &TableTexts, schemas: &[SchemaName], first: &[Option<Value>]) -> String {
    let mut text = String::new();
    splice(&mut text, texts.insert_into, schemas);
    let given = texts.inserted.iter().zip(first).filter(|(_, value)| value.is_some()).map(|(name, _)| *name);
    let columns: Vec<_> = texts.with_tenant(given).collect();
    let parameters: Vec<_> = (1..=columns.len()).map(|number| format!("${number}")).collect();
    format!("{text}{}) VALUES ({})", columns.join(", "), parameters.join(", "))
}

impl<T: Table, R, P> fmt::Debug for CopyIn<T, R, P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("CopyIn").field(&self.sql()).finish()
    }
}
