//! A statement: SQL text with its bound values, made by a repository, run by a verb.

use std::fmt;

use crate::cache::StatementKey;
use crate::error::Error;
use crate::new_rows::NewRows;
use crate::row::Row;
use crate::row_security::RowSecurity;
use crate::scope::Binding;
use crate::sql::{Piece, Schemas, Sql, splice, write_pieces};
use crate::table::{FixedText, Table};
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
    /// Where schemas name the tenant.
    pub(crate) schemas: Schemas,
    pub(crate) parameters: Parameters,
    /// Worth keeping prepared: the text does not depend on the number of values.
    pub(crate) reusable: bool,
    /// Where it inserts them, other than by the fixed statement for one.
    pub(crate) rows: Option<Box<NewRows>>,
    /// Said to be slow: it shares no connection, and takes the time it takes.
    pub(crate) slow: bool,
    /// That it changes no row is an error: another has changed it.
    pub(crate) versioned: bool,
    /// What the transaction that it runs in carries for row-level security.
    pub(crate) row_security: Option<RowSecurity>,
}

#[derive(Debug, Clone)]
pub(crate) enum Text {
    /// Known when the program was compiled, but for the schema.
    Fixed(&'static FixedText),
    /// Put together from the table's own pieces.
    Built {
        pieces: Vec<Piece>,
        /// The position of the piece from which on it says what to bring of the rows that it writes; none for a query.
        returning: Option<usize>,
    },
    /// There is nothing to do: no rows were given.
    Nothing,
    /// The statement cannot be made; running it says why.
    Impossible(Impossible),
}

/// PostgreSQL counts the parameters of a statement in 16 bits.
pub(crate) const MAX_PARAMETERS: usize = 65_535;

/// Why a statement cannot be made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Impossible {
    NoChanges,
    /// Of the column, which is to be updated on conflict, no row gives a value.
    NotInserted {
        column: &'static str,
    },
    TooManyParameters {
        count: usize,
    },
    /// A column of another query stands in it.
    ForeignColumn,
    /// A column is set by more than one assignment, or by one and by the library.
    SetTwice {
        column: &'static str,
    },
    /// A column that the database or the library makes is to be inserted.
    GeneratedColumn,
    /// It is for each of many tenants, and has none by itself.
    NoTenant,
    /// The tenant's schema for a table would have a name that PostgreSQL does not keep whole.
    SchemaName {
        of: &'static str,
    },
    EmptyPages,
    LimitedPages,
    PagesOfGroups,
    /// A cursor belongs to another table or another order.
    CursorOfAnotherQuery,
    /// PostgreSQL takes no COPY into a table that has row-level security.
    CopyIn,
    /// To read across tenants the reason is blank.
    NoReason,
    /// All tenants cannot be found in the table.
    NoList,
}

impl Impossible {
    /// In words, on a table.
    pub(crate) fn on(self, table: &'static str) -> String {
        match self {
            Self::NoChanges => format!("the changes to `{table}` set no column"),
            Self::NotInserted { column } => {
                format!("an insert into `{table}` gives no value for {column}, so it cannot update it on conflict")
            }
            Self::TooManyParameters { count } => format!(
                "a statement on `{table}` needs {count} values and PostgreSQL takes {MAX_PARAMETERS}: give it fewer rows at a time"
            ),
            Self::ForeignColumn => format!(
                "a statement on `{table}` holds a column of another query: use the columns that its own closures are given"
            ),
            Self::SetTwice { column } => format!("the changes to `{table}` set {column} more than once"),
            Self::GeneratedColumn => format!("an insert into `{table}` gives a column that is not to be given"),
            Self::NoTenant => format!("a statement on `{table}` has no tenant of its own"),
            Self::SchemaName { of } => {
                format!("the tenant's schema for `{of}` would have a name of more than 63 bytes")
            }
            Self::EmptyPages => format!("a page of `{table}` was to have no rows: it has one at least"),
            Self::LimitedPages => {
                format!("a query on `{table}` has pages and a `.limit(..)` or `.offset(..)` beside them: leave it out")
            }
            Self::PagesOfGroups => format!(
                "a query on `{table}` is grouped or distinct and has no pages: its rows have no primary key to end the order by"
            ),
            Self::CursorOfAnotherQuery => format!(
                "the cursor is of a query on other tables or in another order than this one on `{table}`: begin at its first page"
            ),
            Self::CopyIn => {
                format!("`{table}` has row-level security, and PostgreSQL takes no COPY into it: use `insert_many`")
            }
            Self::NoReason => {
                format!("a read of `{table}` across tenants has no reason: say it in `AcrossTenants::because(..)`")
            }
            Self::NoList => format!(
                "a read of `{table}` across all tenants holds a table in their schemas: list the tenants by `across`"
            ),
        }
    }
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
        binding: &Binding,
        values: impl IntoIterator<Item = Value>,
    ) -> Self {
        let (mut schemas, mut parameters) = (Schemas::new(), Parameters::new());
        let texts = &T::SQL.texts;
        let scoped = match (texts.is_by_schema(), texts.tenant) {
            (true, _) => binding.schema_of(texts).map(|schema| schemas.push(schema)),
            (false, "") => Ok(()),
            (false, _) => binding.parameter().map(|tenant| parameters.push(tenant)),
        };
        if let Err(reason) = scoped {
            return Self::impossible::<T>(reason);
        }
        for value in values {
            parameters.push(value);
        }
        let row_security = texts.setting.and_then(|setting| RowSecurity::of(&[setting], binding));
        Self {
            table: texts.table,
            text: Text::Fixed(statement),
            schemas,
            parameters,
            reusable: true,
            rows: None,
            slow: false,
            versioned: false,
            row_security,
        }
    }

    /// A fixed statement that reads no table of the application's: `name` says in errors what it is about.
    pub(crate) fn without_table(name: &'static str, statement: &'static FixedText, value: Value) -> Self {
        let mut parameters = Parameters::new();
        parameters.push(value);
        Self { text: Text::Fixed(statement), parameters, reusable: true, ..Self::unsent(name, Text::Nothing) }
    }

    /// A statement in pieces; `returning` is the position from which on they say what to bring of rows that are written.
    pub(crate) fn built<T: Table>(sql: Sql, returning: Option<usize>) -> Self {
        Self::of(T::SQL.texts.table, sql, returning)
    }

    /// A statement that was put together, on a table of this name.
    pub(crate) fn of(table: &'static str, sql: Sql, returning: Option<usize>) -> Self {
        if let Some(reason) = sql.impossible {
            return Self::unsent(table, Text::Impossible(reason));
        }
        let count = sql.parameters.len();
        if count > MAX_PARAMETERS {
            return Self::unsent(table, Text::Impossible(Impossible::TooManyParameters { count }));
        }
        let row_security = RowSecurity::of(&sql.settings, &sql.binding);
        Self {
            table,
            text: Text::Built { pieces: sql.pieces, returning },
            schemas: sql.schemas,
            parameters: sql.parameters,
            reusable: true,
            rows: None,
            slow: false,
            versioned: false,
            row_security,
        }
    }

    /// A statement whose text grows with the number of values: prepared for one use.
    pub(crate) fn once(self) -> Self {
        Self { reusable: false, ..self }
    }

    /// The same statement with an end after it.
    pub(crate) fn ended_by(self, end: Vec<Piece>) -> Self {
        let mut pieces = match self.text {
            Text::Fixed(statement) => {
                let mut sql = Vec::with_capacity(2 * statement.fragments.len() + end.len());
                for (position, fragment) in statement.fragments.iter().enumerate() {
                    if position > 0 {
                        sql.push(Piece::Schema { position: 0, logical: statement.logical_schema });
                    }
                    sql.push(Piece::Text(fragment));
                }
                sql
            }
            Text::Built { pieces, .. } => pieces,
            Text::Nothing | Text::Impossible(_) => return self,
        };
        pieces.extend(end);
        Self { text: Text::Built { pieces, returning: None }, ..self }
    }

    /// The same statement for whoever only counts the rows that it writes: without the values in what it would bring of
    /// them, which then stand nowhere in its text.
    pub(crate) fn counted(mut self) -> Self {
        if let Text::Built { pieces, returning: Some(from) } = &mut self.text {
            let last = |pieces: &[Piece]| pieces.iter().filter_map(Piece::parameter).max();
            if pieces.get(*from..).and_then(last).is_some() {
                pieces.truncate(*from);
                self.parameters.truncate(last(pieces).unwrap_or(0).into());
                self.rows = self.rows.map(|rows| Box::new(rows.counted()));
            }
        }
        self
    }

    pub(crate) fn nothing<T: Table>() -> Self {
        Self::unsent(T::SQL.texts.table, Text::Nothing)
    }

    pub(crate) fn impossible<T: Table>(reason: Impossible) -> Self {
        Self::unsent(T::SQL.texts.table, Text::Impossible(reason))
    }

    fn unsent(table: &'static str, text: Text) -> Self {
        Self {
            table,
            text,
            schemas: Schemas::new(),
            parameters: Parameters::new(),
            reusable: false,
            rows: None,
            slow: false,
            versioned: false,
            row_security: None,
        }
    }

    /// Whether there is anything to run; where there cannot be, the reason.
    pub(crate) fn is_runnable(&self) -> Result<bool, Error> {
        match self.text {
            Text::Fixed { .. } | Text::Built { .. } => Ok(true),
            Text::Nothing => Ok(false),
            Text::Impossible(reason) => Err(Error::impossible(self.table, reason)),
        }
    }

    pub(crate) fn sql(&self, returning: Returning) -> String {
        match &self.text {
            Text::Fixed(statement) => {
                let mut sql = String::new();
                splice(&mut sql, statement.fragments, &self.schemas);
                if returning == Returning::Rows {
                    sql.push_str(statement.returning);
                }
                sql
            }
            Text::Built { pieces, returning: from } => write_pieces(pieces_of(pieces, *from, returning), &self.schemas),
            Text::Nothing | Text::Impossible(_) => String::new(),
        }
    }

    /// Whether it brings rows even where only their number is asked for, because it is a query.
    pub(crate) fn is_query(&self) -> bool {
        match &self.text {
            Text::Fixed(statement) => statement.returning.is_empty(),
            Text::Built { returning, .. } => returning.is_none(),
            Text::Nothing | Text::Impossible(_) => false,
        }
    }

    /// The statement whose parameter types tell this one's; for rows the insert of one.
    pub(crate) fn key_of_types(&self) -> StatementKey<'_> {
        match self.rows.as_ref().and_then(|rows| rows.insert_of_one()) {
            Some(one) => StatementKey::fixed(one, &self.schemas, Returning::Rows),
            None => self.key(Returning::Rows),
        }
    }

    /// The text of that statement, without the rows that it would bring where these hold no values.
    pub(crate) fn sql_of_types(&self, returning: Returning) -> String {
        let Some(rows) = self.arrays() else { return self.sql(returning) };
        match rows.insert_of_one() {
            Some(one) => {
                let mut sql = String::new();
                splice(&mut sql, one.fragments, &self.schemas);
                sql
            }
            None => rows.insert_of_first().sql(returning),
        }
    }

    /// The rows that it inserts, where each column of them is an array.
    pub(crate) fn arrays(&self) -> Option<&NewRows> {
        self.rows.as_deref().filter(|rows| rows.are_arrays())
    }

    /// What tells this statement from others on a connection.
    pub(crate) fn key(&self, returning: Returning) -> StatementKey<'_> {
        match &self.text {
            Text::Fixed(statement) => StatementKey::fixed(statement, &self.schemas, returning),
            Text::Built { pieces, returning: from } => {
                StatementKey::built(pieces_of(pieces, *from, returning), &self.schemas, returning)
            }
            Text::Nothing | Text::Impossible(_) => StatementKey::built(&[], &[], returning),
        }
    }
}

/// The pieces with or without what is brought of rows that are written.
fn pieces_of(pieces: &[Piece], from: Option<usize>, returning: Returning) -> &[Piece] {
    match (returning, from) {
        (Returning::Count, Some(from)) => pieces.get(..from).unwrap_or(pieces),
        _ => pieces,
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

        /// Part of a [batch](crate::batch()): its one row, as [`fetch_one`](Self::fetch_one) reads it.
        pub fn to_fetch_one(&self) -> $crate::Batched<$row> {
            $crate::Batched::fetch_one(self.clone().into_statement())
        }

        /// Part of a [batch](crate::batch()): its row, if there is one, as
        /// [`fetch_optional`](Self::fetch_optional) reads it.
        pub fn to_fetch_optional(&self) -> $crate::Batched<Option<$row>> {
            $crate::Batched::fetch_optional(self.clone().into_statement())
        }

        /// Part of a [batch](crate::batch()): all its rows, as [`fetch_all`](Self::fetch_all) reads them.
        pub fn to_fetch_all(&self) -> $crate::Batched<Vec<$row>> {
            $crate::Batched::fetch_all(self.clone().into_statement())
        }

        /// Part of a [batch](crate::batch()): how many rows it wrote or found, as
        /// [`execute`](Self::execute) counts them.
        pub fn to_execute(&self) -> $crate::Batched<u64> {
            $crate::Batched::execute(self.clone().into_statement())
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

    /// For whoever only counts the rows that it writes.
    pub(crate) fn counted(self) -> Self {
        Self { query: self.query.counted(), decode: self.decode }
    }

    pub(crate) fn not_found(&self) -> Error {
        match self.query.versioned {
            true => Error::version_conflict(self.query.table),
            false => Error::not_found(self.query.table),
        }
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
