//! A statement: SQL text with its bound values, made by a repository, run by a verb.

use std::fmt;

use crate::cache::StatementKey;
use crate::error::Error;
use crate::row::Row;
use crate::scope::Binding;
use crate::sql::{Piece, Sql, splice, write_pieces};
use crate::table::{FixedText, Table};
use crate::tenant::SchemaName;
use crate::value::{Parameters, Value};

/// A statement that is ready to run, whose rows are read as `R`.
///
/// Made by the methods of a repository; run by [`fetch_one`](Self::fetch_one) and its sisters on a
/// [`Database`](crate::Database), a [`Connection`](crate::Connection) or a
/// [`Transaction`](crate::Transaction). Until then nothing touches the network.
#[must_use = "a statement does nothing until a verb runs it: `.fetch_one(&db)`, `.execute(&db)`, .."]
pub struct Statement<R> {
    pub(crate) query: Query,
    pub(crate) decode: Decode<R>,
}

pub(crate) type Decode<R> = fn(&Row<'_>) -> Result<R, Error>;

/// Text and values, without the type of the rows.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) table: &'static str,
    pub(crate) text: Text,
    /// Where the schema names the tenant.
    pub(crate) schema: Option<SchemaName>,
    pub(crate) parameters: Parameters,
    /// Worth keeping prepared: the text does not depend on the number of values.
    pub(crate) reusable: bool,
    /// Where it is an insert of many rows that all give each column a value.
    pub(crate) rows_of: Option<RowsOf>,
    /// Said to be slow: it shares no connection, and takes the time it takes.
    pub(crate) slow: bool,
}

/// An insert of many rows, each with the values of the insert of one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowsOf {
    pub(crate) one: &'static FixedText,
    /// Parameters that stand once for all rows: the tenant of a row table.
    pub(crate) common: usize,
    /// Parameters of each row.
    pub(crate) of_each: usize,
}

#[derive(Debug, Clone)]
pub(crate) enum Text {
    /// Known when the program was compiled, but for the schema.
    Fixed(&'static FixedText),
    /// Put together from the table's own pieces.
    Built { pieces: Vec<Piece>, returning: &'static str },
    /// There is nothing to do: no rows were given.
    Nothing,
    /// The statement cannot be made; running it says why.
    Impossible(Impossible),
}

/// PostgreSQL counts the parameters of a statement in 16 bits.
const MAX_PARAMETERS: usize = 65_535;

/// Why a statement cannot be made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Impossible {
    NoChanges,
    TooManyParameters { count: usize },
}

/// Whether the statement brings the rows it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returning {
    Rows,
    Count,
}

impl Query {
    /// A fixed statement in a scope: the tenant is `$1` for a row table, the keys follow.
    pub(crate) fn fixed<T: Table>(
        statement: &'static FixedText,
        binding: Binding,
        values: impl IntoIterator<Item = Value>,
    ) -> Self {
        let mut parameters = Parameters::new();
        if let Some(tenant) = binding.tenant {
            parameters.push(Value::tenant(tenant));
        }
        for value in values {
            parameters.push(value);
        }
        Self {
            table: T::SQL.texts.table,
            text: Text::Fixed(statement),
            schema: binding.schema,
            parameters,
            reusable: true,
            rows_of: None,
            slow: false,
        }
    }

    pub(crate) fn built<T: Table>(sql: Sql, returning: &'static str) -> Self {
        let count = sql.parameters.len();
        if count > MAX_PARAMETERS {
            return Self::impossible::<T>(Impossible::TooManyParameters { count });
        }
        Self {
            table: T::SQL.texts.table,
            text: Text::Built { pieces: sql.pieces, returning },
            schema: sql.schema,
            parameters: sql.parameters,
            reusable: true,
            rows_of: None,
            slow: false,
        }
    }

    /// A statement whose text grows with the number of values: prepared for one use.
    pub(crate) fn once(self) -> Self {
        Self { reusable: false, ..self }
    }

    /// Of many rows, whose text grows with their number.
    pub(crate) fn of_rows(self, rows_of: Option<RowsOf>) -> Self {
        Self { rows_of, ..self.once() }
    }

    pub(crate) fn nothing<T: Table>() -> Self {
        Self::unsent::<T>(Text::Nothing)
    }

    pub(crate) fn impossible<T: Table>(reason: Impossible) -> Self {
        Self::unsent::<T>(Text::Impossible(reason))
    }

    fn unsent<T: Table>(text: Text) -> Self {
        Self {
            table: T::SQL.texts.table,
            text,
            schema: None,
            parameters: Parameters::new(),
            reusable: false,
            rows_of: None,
            slow: false,
        }
    }

    /// Whether there is anything to run; where there cannot be, the reason.
    pub(crate) fn is_runnable(&self) -> Result<bool, Error> {
        match self.text {
            Text::Fixed { .. } | Text::Built { .. } => Ok(true),
            Text::Nothing => Ok(false),
            Text::Impossible(Impossible::NoChanges) => Err(Error::no_changes(self.table)),
            Text::Impossible(Impossible::TooManyParameters { count }) => {
                Err(Error::too_many_parameters(self.table, count))
            }
        }
    }

    pub(crate) fn sql(&self, returning: Returning) -> String {
        let (mut sql, suffix) = match &self.text {
            Text::Fixed(statement) => {
                let mut sql = String::new();
                splice(&mut sql, statement.fragments, self.schema.as_ref());
                (sql, statement.returning)
            }
            Text::Built { pieces, returning } => (write_pieces(pieces, self.schema.as_ref()), *returning),
            Text::Nothing | Text::Impossible(_) => (String::new(), ""),
        };
        if returning == Returning::Rows {
            sql.push_str(suffix);
        }
        sql
    }

    /// Whether it brings rows even where only their number is asked for, because it is a query.
    pub(crate) fn is_query(&self) -> bool {
        match &self.text {
            Text::Fixed(statement) => statement.returning.is_empty(),
            Text::Built { returning, .. } => returning.is_empty(),
            Text::Nothing | Text::Impossible(_) => false,
        }
    }

    /// The statement whose parameter types tell this one's; for many rows that of one.
    pub(crate) fn key_of_types(&self) -> StatementKey<'_> {
        match self.rows_of {
            Some(RowsOf { one, .. }) => StatementKey::fixed(one, self.schema.as_ref(), Returning::Rows),
            None => self.key(Returning::Rows),
        }
    }

    /// What tells this statement from others on a connection.
    pub(crate) fn key(&self, returning: Returning) -> StatementKey<'_> {
        match &self.text {
            Text::Fixed(statement) => StatementKey::fixed(statement, self.schema.as_ref(), returning),
            Text::Built { pieces, returning: columns } => {
                StatementKey::built(pieces, columns, self.schema.as_ref(), returning)
            }
            Text::Nothing | Text::Impossible(_) => StatementKey::built(&[], "", None, returning),
        }
    }
}

impl<R> Statement<R> {
    pub(crate) fn new(query: Query, decode: Decode<R>) -> Self {
        Self { query, decode }
    }

    /// The text that runs, with `$1`, `$2` .. where the bound values stand; the values are never shown.
    ///
    /// Empty for an insert of no rows, which does nothing.
    #[must_use]
    pub fn sql(&self) -> String {
        self.query.sql(Returning::Rows)
    }
}

/// The verbs, for every type that becomes a [`Statement`].
macro_rules! verbs {
    ($row:ident) => {
        /// Runs the statement and reads its one row.
        ///
        /// # Errors
        ///
        /// [`is_not_found`](crate::Error::is_not_found) when there is no row,
        /// [`is_too_many_rows`](crate::Error::is_too_many_rows) when there are several (a write has then
        /// happened), and whatever the database answers.
        pub async fn fetch_one(self, executor: &dyn $crate::Executor) -> Result<$row, $crate::Error> {
            let statement = self.into_statement();
            let row = $crate::run::fetch_optional(&statement, executor.target()).await?;
            row.ok_or_else(|| statement.not_found())
        }

        /// Runs the statement and reads its row, if there is one.
        ///
        /// # Errors
        ///
        /// [`is_too_many_rows`](crate::Error::is_too_many_rows) when there are several (a write has then
        /// happened), and whatever the database answers.
        pub async fn fetch_optional(self, executor: &dyn $crate::Executor) -> Result<Option<$row>, $crate::Error> {
            $crate::run::fetch_optional(&self.into_statement(), executor.target()).await
        }

        /// Runs the statement and reads all its rows.
        ///
        /// # Errors
        ///
        /// Whatever the database answers.
        pub async fn fetch_all(self, executor: &dyn $crate::Executor) -> Result<Vec<$row>, $crate::Error> {
            $crate::run::fetch_all(self.into_statement(), executor.target()).await
        }

        /// Runs the statement and reads its rows one by one, as they come; it starts when first polled.
        ///
        /// On a [`Database`](crate::Database) the rows hold a connection of their own until the last
        /// one is read or they are dropped.
        ///
        /// # Errors
        ///
        /// Each item is a row, or whatever the database answers; an error is the last item.
        pub fn fetch<'e>(self, executor: &'e dyn $crate::Executor) -> $crate::Rows<'e, $row>
        where
            $row: 'e,
        {
            $crate::Rows::start(self.into_statement(), executor.target())
        }

        /// Runs the statement without reading rows, and answers how many it wrote or found.
        ///
        /// # Errors
        ///
        /// Whatever the database answers.
        pub async fn execute(self, executor: &dyn $crate::Executor) -> Result<u64, $crate::Error> {
            $crate::run::execute(self.into_statement(), executor.target()).await
        }
    };
}
pub(crate) use verbs;

impl<R: Send + 'static> Statement<R> {
    verbs!(R);

    fn into_statement(self) -> Self {
        self
    }
}

impl<R> Statement<R> {
    /// Says that the statement may take long: on a [`Database`](crate::Database) it then has a connection of its
    /// own, where no other statement waits behind it, and
    /// [no timeout](crate::DatabaseOptions::statement_timeout) ends it.
    pub fn slow(mut self) -> Self {
        self.query.slow = true;
        self
    }

    pub(crate) fn not_found(&self) -> Error {
        Error::not_found(self.query.table)
    }
}

impl<R> Clone for Statement<R> {
    fn clone(&self) -> Self {
        Self { query: self.query.clone(), decode: self.decode }
    }
}

impl<R> fmt::Debug for Statement<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Statement").field(&self.sql()).finish()
    }
}
