//! One opaque error that answers questions.

use std::borrow::Cow;
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
    Options(Cow<'static, str>),
    Connect,
    ConnectTimeout,
    AcquireTimeout(Option<Duration>),
    PoolClosed,
    ConnectionClosed,
    StatementTimeout,
    NoRuntime,
    OwnType { table: &'static str, was_read: bool },
    ConnectionBusy,
    Database,
    Encode(String),
    Decode { table: &'static str, column: String },
    NotFound { table: &'static str },
    TooManyRows { table: &'static str },
    NoChanges { table: &'static str },
    TooManyParameters { table: &'static str, count: usize },
    TransactionAborted,
    StreamOpen,
    Driver,
}

impl Error {
    fn new(kind: Kind, source: Option<tokio_postgres::Error>) -> Self {
        Self(Box::new(Inner { kind, source }))
    }

    pub(crate) fn options(problem: &'static str) -> Self {
        Self::new(Kind::Options(problem.into()), None)
    }

    /// Says which option is wrong, where the driver names one, and nothing else of the URL: it holds the
    /// password.
    pub(crate) fn malformed_url(source: &tokio_postgres::Error) -> Self {
        let cause = source.source().map(ToString::to_string);
        let problem = match cause.filter(|cause| cause.starts_with("invalid value for option")) {
            Some(cause) => format!("the connection URL has an {cause}").into(),
            None => "the connection URL is malformed".into(),
        };
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

    /// What reads the answer was ended.
    pub(crate) fn connection_closed() -> Self {
        Self::new(Kind::ConnectionClosed, None)
    }

    /// The connection was closed because its answer was overdue.
    pub(crate) fn statement_timeout(source: Option<tokio_postgres::Error>) -> Self {
        Self::new(Kind::StatementTimeout, source)
    }

    pub(crate) fn no_runtime() -> Self {
        Self::new(Kind::NoRuntime, None)
    }

    pub(crate) fn connection_busy() -> Self {
        Self::new(Kind::ConnectionBusy, None)
    }

    /// A value of a type that only the database knows: in a row that was read, or to be bound.
    pub(crate) fn own_type(table: &'static str, was_read: bool) -> Self {
        Self::new(Kind::OwnType { table, was_read }, None)
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

    pub(crate) fn stream_open() -> Self {
        Self::new(Kind::StreamOpen, None)
    }

    /// What the driver or the database answered.
    pub(crate) fn driver(source: tokio_postgres::Error) -> Self {
        let kind = match (source.as_db_error(), source.source()) {
            _ if ends_the_connection(&source) => Kind::ConnectionClosed,
            (Some(_), _) => Kind::Database,
            // Only texts that are known to name types and no values.
            (None, Some(cause)) if cause.is::<WrongType>() || cause.is::<NullCompared>() => {
                Kind::Encode(format!("{source}: {cause}"))
            }
            // Nothing was sent.
            (None, _) if source.to_string().starts_with("error serializing parameter") => {
                Kind::Encode(source.to_string())
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

    /// The database left the statement without an answer for longer than
    /// [`DatabaseOptions::statement_timeout`](crate::DatabaseOptions::statement_timeout). It may have run.
    #[must_use]
    pub fn is_statement_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::StatementTimeout)
    }

    /// Whether the statement may have changed the database in spite of the error: it was or may have been sent, and its
    /// answer was lost, came too late or could not be read. Otherwise nothing was sent, or the database refused it as a
    /// whole.
    #[must_use]
    pub fn may_have_run(&self) -> bool {
        match self.0.kind {
            Kind::Database => self.code().is_some_and(|code| code.code() == COMPLETION_UNKNOWN),
            Kind::ConnectionClosed
            | Kind::StatementTimeout
            | Kind::Decode { .. }
            | Kind::TooManyRows { .. }
            | Kind::OwnType { was_read: true, .. }
            | Kind::Driver => true,
            Kind::Options(_)
            | Kind::Connect
            | Kind::ConnectTimeout
            | Kind::AcquireTimeout(_)
            | Kind::PoolClosed
            | Kind::NoRuntime
            | Kind::OwnType { was_read: false, .. }
            | Kind::ConnectionBusy
            | Kind::Encode(_)
            | Kind::NotFound { .. }
            | Kind::NoChanges { .. }
            | Kind::TooManyParameters { .. }
            | Kind::TransactionAborted
            | Kind::StreamOpen => false,
        }
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

    /// A stream of rows is open on the same connection or transaction, and its rows stand in the way of this
    /// statement's; nothing was sent.
    #[must_use]
    pub fn is_stream_open(&self) -> bool {
        matches!(self.0.kind, Kind::StreamOpen)
    }

    /// Another statement is under way on the same `Connection` or `Transaction`, or one was given up there, where
    /// [a pooler](crate::DatabaseOptions::transaction_pooler) stands between; nothing was sent.
    #[must_use]
    pub fn is_connection_busy(&self) -> bool {
        matches!(self.0.kind, Kind::ConnectionBusy)
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
        self.as_driver_error().and_then(tokio_postgres::Error::as_db_error)
    }

    /// The driver's error. **It and its sources can hold values of rows**, like
    /// [`as_db_error`](Self::as_db_error).
    #[must_use]
    pub fn as_driver_error(&self) -> Option<&tokio_postgres::Error> {
        self.0.source.as_ref()
    }
}

/// "statement completion unknown"
const COMPLETION_UNKNOWN: &str = "40003";

/// The connection is gone, or the server says goodbye: an administrator, a shutdown, a timeout of the
/// session, or class 08.
pub(crate) fn ends_the_connection(error: &tokio_postgres::Error) -> bool {
    match error.code().map(SqlState::code) {
        Some("57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04") => true,
        Some(code) => code.starts_with("08"),
        None => error.is_closed(),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Options(problem) => write!(formatter, "invalid connection options: {problem}"),
            Kind::Connect => {
                formatter.write_str("cannot connect to the database")?;
                if let Some(cause) = self.io_error() {
                    write!(formatter, ": {cause}")?;
                }
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
            Kind::StatementTimeout => formatter.write_str(
                "the database did not answer in time; the connection was closed, and what was in flight may have run",
            ),
            Kind::ConnectionBusy => formatter.write_str(
                "a statement is under way on this connection, or one was given up: behind a pooler in transaction mode they run one after another; nothing was sent",
            ),
            Kind::NoRuntime => {
                formatter.write_str("there is no tokio runtime here to make a connection on; nothing was sent")
            }
            Kind::OwnType { table, .. } => write!(
                formatter,
                "a value of `{table}` is of a type of the database's own, which cannot be used behind a pooler in transaction mode"
            ),
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
            Kind::StreamOpen => formatter.write_str(
                "a stream of rows is open on this connection: read it to its end, or drop it, before another statement",
            ),
            Kind::Driver => match &self.0.source {
                Some(source) => fmt::Display::fmt(source, formatter),
                None => formatter.write_str("the driver failed"),
            },
        }
    }
}

impl Error {
    /// The server's code, and its primary message where that quotes no value: class 22, "data exception",
    /// shows what it refuses; so do syntax errors, which are of values like a `tsquery`, never of this crate's
    /// texts; and class P0 is what functions of the database raise, in words of their own.
    fn write_database_message(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(error) = self.as_db_error() else { return Ok(()) };
        let code = error.code().code();
        let class = if code == SqlState::SYNTAX_ERROR.code() { "22" } else { code.get(..2).unwrap_or(code) };
        match (class, error.column()) {
            ("22", Some(column)) => {
                write!(formatter, ": a value of column `{column}` is out of range or malformed")?;
            }
            ("22", None) => formatter.write_str(": a value is out of range or malformed")?,
            ("P0", _) => formatter.write_str(": a function of the database raised an error")?,
            _ => write!(formatter, ": {}", error.message())?,
        }
        write!(formatter, " (SQLSTATE {code})")
    }

    fn io_error(&self) -> Option<&std::io::Error> {
        self.as_driver_error()?.source()?.downcast_ref()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Error({self})")
    }
}

impl std::error::Error for Error {
    /// The input or output error of a connection that failed. Everything else the driver says can hold values
    /// of rows, and sources are commonly logged: see [`Error::as_driver_error`].
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.io_error().map(|error| error as _)
    }
}
