//! One opaque error that answers questions.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::types::WrongType;

use crate::value::NullCompared;

/// Why a statement, a transaction or a connection failed.
///
/// Its text names the table, the constraint or the setting, and never shows a bound value, a row's
/// content or a connection string. PostgreSQL's own details, which can hold values, are kept for the
/// program: see [`as_db_error`](Self::as_db_error).
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    source: Option<tokio_postgres::Error>,
}

#[derive(Debug)]
enum Kind {
    Options(&'static str),
    Connect,
    ConnectTimeout,
    AcquireTimeout(Option<Duration>),
    PoolClosed,
    ConnectionClosed,
    Database,
    Encode(String),
    Decode { table: &'static str, column: String },
    NotFound { table: &'static str },
    TooManyRows { table: &'static str },
    NoChanges { table: &'static str },
    TooManyParameters { table: &'static str, count: usize },
    TransactionAborted,
    Driver,
}

impl Error {
    fn new(kind: Kind, source: Option<tokio_postgres::Error>) -> Self {
        Self(Box::new(Inner { kind, source }))
    }

    pub(crate) fn options(problem: &'static str) -> Self {
        Self::new(Kind::Options(problem), None)
    }

    pub(crate) fn connect(source: tokio_postgres::Error) -> Self {
        Self::new(Kind::Connect, Some(source))
    }

    pub(crate) fn connect_timeout() -> Self {
        Self::new(Kind::ConnectTimeout, None)
    }

    pub(crate) fn acquire_timeout(limit: Option<Duration>) -> Self {
        Self::new(Kind::AcquireTimeout(limit), None)
    }

    pub(crate) fn pool_closed() -> Self {
        Self::new(Kind::PoolClosed, None)
    }

    pub(crate) fn decode(table: &'static str, column: &str, source: tokio_postgres::Error) -> Self {
        Self::new(Kind::Decode { table, column: column.to_owned() }, Some(source))
    }

    pub(crate) fn not_found(table: &'static str) -> Self {
        Self::new(Kind::NotFound { table }, None)
    }

    pub(crate) fn too_many_rows(table: &'static str) -> Self {
        Self::new(Kind::TooManyRows { table }, None)
    }

    pub(crate) fn no_changes(table: &'static str) -> Self {
        Self::new(Kind::NoChanges { table }, None)
    }

    pub(crate) fn too_many_parameters(table: &'static str, count: usize) -> Self {
        Self::new(Kind::TooManyParameters { table, count }, None)
    }

    pub(crate) fn transaction_aborted(source: tokio_postgres::Error) -> Self {
        Self::new(Kind::TransactionAborted, Some(source))
    }

    /// What the driver or the database answered.
    pub(crate) fn driver(source: tokio_postgres::Error) -> Self {
        let kind = match (source.as_db_error(), source.source()) {
            (Some(error), _) if ends_the_connection(error.code()) => Kind::ConnectionClosed,
            (Some(_), _) => Kind::Database,
            (None, _) if source.is_closed() => Kind::ConnectionClosed,
            // Only texts that are known to name types and no values.
            (None, Some(cause)) if cause.is::<WrongType>() || cause.is::<NullCompared>() => {
                Kind::Encode(format!("{source}: {cause}"))
            }
            (None, _) => Kind::Driver,
        };
        Self::new(kind, Some(source))
    }

    /// A row was asked for and there is none.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self.0.kind, Kind::NotFound { .. })
    }

    /// One row was asked for and there are several.
    #[must_use]
    pub fn is_too_many_rows(&self) -> bool {
        matches!(self.0.kind, Kind::TooManyRows { .. })
    }

    /// An update whose changes set no column; nothing was sent.
    #[must_use]
    pub fn is_no_changes(&self) -> bool {
        matches!(self.0.kind, Kind::NoChanges { .. })
    }

    /// A row with the same unique key exists; [`constraint`](Self::constraint) says which key.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.code() == Some(&SqlState::UNIQUE_VIOLATION)
    }

    /// The row that a foreign key names does not exist, or is still named.
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        self.code() == Some(&SqlState::FOREIGN_KEY_VIOLATION)
    }

    /// A check constraint refused the row.
    #[must_use]
    pub fn is_check_violation(&self) -> bool {
        self.code() == Some(&SqlState::CHECK_VIOLATION)
    }

    /// The table or its schema does not exist; for a table isolated by schema, this tenant has none.
    #[must_use]
    pub fn is_missing_table(&self) -> bool {
        matches!(self.code(), Some(code) if *code == SqlState::UNDEFINED_TABLE || *code == SqlState::INVALID_SCHEMA_NAME)
    }

    /// Another transaction was in the way, and running the whole transaction again may succeed: a
    /// serialization failure or a deadlock.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.code(),
            Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED
        )
    }

    /// The server cannot be reached, or the connection to it was lost. What was in flight may have run.
    #[must_use]
    pub fn is_connection(&self) -> bool {
        matches!(self.0.kind, Kind::Connect | Kind::ConnectTimeout | Kind::ConnectionClosed)
    }

    /// No connection came free in time.
    #[must_use]
    pub fn is_acquire_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::AcquireTimeout(_))
    }

    /// The transaction had failed already, so its commit wrote nothing.
    #[must_use]
    pub fn is_transaction_aborted(&self) -> bool {
        matches!(self.0.kind, Kind::TransactionAborted)
    }

    /// The SQLSTATE, where the database answered with an error.
    #[must_use]
    pub fn code(&self) -> Option<&SqlState> {
        self.as_db_error().map(DbError::code)
    }

    /// The name of the constraint that was violated.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        self.as_db_error().and_then(DbError::constraint)
    }

    /// All that the database said. **Its detail can hold values of rows**, so it belongs into no log
    /// that tenants' data may not reach.
    #[must_use]
    pub fn as_db_error(&self) -> Option<&DbError> {
        self.0.source.as_ref().and_then(tokio_postgres::Error::as_db_error)
    }
}

/// The server says goodbye: an administrator, a shutdown, a timeout of the session, or class 08.
fn ends_the_connection(code: &SqlState) -> bool {
    matches!(code.code(), "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04") || code.code().starts_with("08")
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Options(problem) => write!(formatter, "invalid connection options: {problem}"),
            Kind::Connect => {
                formatter.write_str("cannot connect to the database")?;
                self.write_database_message(formatter)
            }
            Kind::ConnectTimeout => formatter.write_str("cannot connect to the database: it did not answer in time"),
            Kind::AcquireTimeout(Some(limit)) => {
                write!(formatter, "no connection came free within {limit:?}: all of the pool are in use")
            }
            Kind::AcquireTimeout(None) => formatter.write_str("no connection came free in time"),
            Kind::PoolClosed => formatter.write_str("the database handle is closed"),
            Kind::ConnectionClosed => {
                formatter.write_str("the connection to the database was lost; what was in flight may have run")?;
                self.write_database_message(formatter)
            }
            Kind::Database => {
                formatter.write_str("the database refused the statement")?;
                self.write_database_message(formatter)
            }
            Kind::Encode(problem) => formatter.write_str(problem),
            Kind::Decode { table, column } => {
                write!(formatter, "column `{column}` of `{table}` does not fit its field")?;
                match self.0.source.as_ref().and_then(|source| source.source()) {
                    Some(cause) if cause.is::<WrongType>() => write!(formatter, ": {cause}"),
                    Some(cause) if cause.is::<tokio_postgres::types::WasNull>() => {
                        formatter.write_str(": it is NULL, and the field is no `Option`")
                    }
                    _ => Ok(()),
                }
            }
            Kind::NotFound { table } => write!(formatter, "no row of `{table}` was found"),
            Kind::TooManyRows { table } => {
                write!(
                    formatter,
                    "several rows of `{table}` were found where one was asked for: `.limit(1)` takes the first"
                )
            }
            Kind::NoChanges { table } => {
                write!(formatter, "the changes to `{table}` set no column; nothing was sent")
            }
            Kind::TooManyParameters { table, count } => write!(
                formatter,
                "a statement on `{table}` needs {count} values and PostgreSQL takes 65535; nothing was sent: give it fewer rows at a time"
            ),
            Kind::TransactionAborted => formatter.write_str(
                "nothing was committed: an earlier statement of the transaction failed, and it was rolled back",
            ),
            Kind::Driver => match &self.0.source {
                Some(source) => fmt::Display::fmt(source, formatter),
                None => formatter.write_str("the driver failed"),
            },
        }
    }
}

impl Error {
    /// The server's primary message and code. Class 22, "data exception", quotes the value that it
    /// refuses, and so does `invalid input value for enum`, of the same class.
    fn write_database_message(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(error) = self.as_db_error() else { return Ok(()) };
        let code = error.code().code();
        if !code.starts_with("22") {
            write!(formatter, ": {}", error.message())?;
        } else if let Some(column) = error.column() {
            write!(formatter, ": a value of column `{column}` is out of range or malformed")?;
        } else {
            formatter.write_str(": a value is out of range or malformed")?;
        }
        write!(formatter, " (SQLSTATE {code})")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Error({self})")
    }
}

impl std::error::Error for Error {
    /// The driver's error, except for an answer of the database: its text can hold the values of rows,
    /// and sources are commonly logged. See [`Error::as_db_error`].
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match (&self.0.source, self.as_db_error()) {
            (Some(source), None) => Some(source),
            _ => None,
        }
    }
}
