//! One opaque error that answers questions.

use std::borrow::Cow;
use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use tokio_postgres::error::{DbError, Severity, SqlState};
use tokio_postgres::types::{WasNull, WrongType};

use crate::raw_value::OtherType;
use crate::statement::Impossible;
use crate::tenant::InvalidTenantId;
use crate::value::{NullCompared, WrittenAsText};

/// Why a statement, a transaction or a connection failed.
///
/// Its text names the table, the constraint or the setting, and never shows a bound value, a row's
/// content or a connection string. PostgreSQL's own details, which can hold values, are kept for the
/// program: see [`as_db_error`](Self::as_db_error).
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    /// The key of the tenant, where one of many is to blame.
    tenant: Option<Box<str>>,
    source: Option<tokio_postgres::Error>,
    /// Another statement of the same batch may have changed the database.
    others_may_have_run: bool,
}

#[derive(Debug)]
enum Kind {
    Options(Cow<'static, str>),
    Ddl(Box<str>),
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
    Decode { table: &'static str, column: String, problem: Option<String> },
    MalformedCopy { table: &'static str },
    CopyNeedsPool,
    RowSecurityNeedsTransaction { table: &'static str },
    Input(InputError),
    NotFound { table: &'static str },
    TooManyRows { table: &'static str },
    Impossible { table: &'static str, reason: Impossible },
    InvalidTenant { table: &'static str, reason: InvalidTenantId },
    VersionConflict { table: &'static str },
    CursorOfAnotherType,
    TransactionAborted,
    StreamOpen,
    Audit(String),
    Driver,
}

impl Error {
    fn new(kind: Kind, source: Option<tokio_postgres::Error>) -> Self {
        Self(Box::new(Inner { kind, tenant: None, source, others_may_have_run: false }))
    }

    /// The answer of a batch in which other statements may have changed the database.
    pub(crate) fn beside_others(mut self) -> Self {
        self.0.others_may_have_run = true;
        self
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

    /// Why no DDL can be written.
    pub(crate) fn ddl(problems: &[String]) -> Self {
        let list = match problems {
            [only] => format!(": {only}"),
            _ => problems.iter().map(|problem| format!("\n- {problem}")).collect(),
        };
        Self::new(Kind::Ddl(format!("no DDL can be written{list}").into()), None)
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
        let problem = source.source().and_then(misfit);
        Self::new(Kind::Decode { table, column: column.to_owned(), problem }, Some(source))
    }

    /// As [`decode`](Self::decode), of a row that the driver has not read.
    pub(crate) fn decode_copied(table: &'static str, column: &str, cause: &(dyn std::error::Error + 'static)) -> Self {
        Self::new(Kind::Decode { table, column: column.to_owned(), problem: misfit(cause) }, None)
    }

    pub(crate) fn malformed_copy(table: &'static str) -> Self {
        Self::new(Kind::MalformedCopy { table }, None)
    }

    /// A value of a row to copy cannot be written.
    pub(crate) fn encode_copied(table: &'static str, column: &str, cause: Option<InputError>) -> Self {
        let known = cause.filter(|cause| cause.is::<WrongType>() || cause.is::<WrittenAsText>());
        let problem = known.map(|cause| format!(": {cause}")).unwrap_or_default();
        Self::not_copied(format!("a value of column {column} of `{table}` cannot be written{problem}"))
    }

    /// Rows that a COPY cannot hold.
    pub(crate) fn not_copied(problem: String) -> Self {
        Self::new(Kind::Encode(problem + "; nothing was written"), None)
    }

    pub(crate) fn copy_without_columns(table: &'static str) -> Self {
        Self::not_copied(format!("a row of `{table}` gives no column, and in a COPY it has to: use `insert_many`"))
    }

    pub(crate) fn copy_needs_pool() -> Self {
        Self::new(Kind::CopyNeedsPool, None)
    }

    /// Row-level security needs a transaction, and whether there is one is not known.
    pub(crate) fn row_security_needs_transaction(table: &'static str) -> Self {
        Self::new(Kind::RowSecurityNeedsTransaction { table }, None)
    }

    pub(crate) fn input(error: InputError) -> Self {
        Self::new(Kind::Input(error), None)
    }

    pub(crate) fn not_found(table: &'static str) -> Self {
        Self::new(Kind::NotFound { table }, None)
    }

    pub(crate) fn too_many_rows(table: &'static str) -> Self {
        Self::new(Kind::TooManyRows { table }, None)
    }

    /// The statement could not be made, and nothing was sent.
    pub(crate) fn impossible(table: &'static str, reason: Impossible) -> Self {
        Self::new(Kind::Impossible { table, reason }, None)
    }

    /// The tenant column holds what is no tenant's key.
    pub(crate) fn invalid_tenant(table: &'static str, reason: InvalidTenantId) -> Self {
        Self::new(Kind::InvalidTenant { table, reason }, None)
    }

    /// It came of the statement for this tenant, where that of another may have gone well.
    pub(crate) fn of_tenant(mut self, tenant: impl fmt::Display) -> Self {
        if self.is_about_the_statement() {
            self.0.tenant = Some(tenant.to_string().into());
        }
        self
    }

    /// Whether neither the connection nor the transaction had a part in it.
    fn is_about_the_statement(&self) -> bool {
        match self.0.kind {
            Kind::Database => self.code() != Some(&SqlState::IN_FAILED_SQL_TRANSACTION),
            Kind::Encode(_) | Kind::Decode { .. } | Kind::OwnType { .. } | Kind::Impossible { .. } => true,
            _ => false,
        }
    }

    pub(crate) fn version_conflict(table: &'static str) -> Self {
        Self::new(Kind::VersionConflict { table }, None)
    }

    pub(crate) fn transaction_aborted(source: tokio_postgres::Error) -> Self {
        Self::new(Kind::TransactionAborted, Some(source))
    }

    pub(crate) fn stream_open() -> Self {
        Self::new(Kind::StreamOpen, None)
    }

    /// What an audit found is refused.
    pub(crate) fn audit(problem: String) -> Self {
        Self::new(Kind::Audit(problem), None)
    }

    /// What the driver or the database answered.
    pub(crate) fn driver(source: tokio_postgres::Error) -> Self {
        let kind = match (source.as_db_error(), source.source()) {
            _ if ends_the_connection(&source) => Kind::ConnectionClosed,
            (None, Some(cause)) if cause.is::<OtherType>() => Kind::CursorOfAnotherType,
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

    /// An update whose changes set no column, or an insert that has none to update on conflict; nothing was sent.
    #[must_use]
    pub fn is_no_changes(&self) -> bool {
        matches!(self.0.kind, Kind::Impossible { reason: Impossible::NoChanges, .. })
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
    ///
    /// The error of a [batch](crate::Batch::run) also says so where another of its statements may have changed it.
    #[must_use]
    pub fn may_have_run(&self) -> bool {
        self.0.others_may_have_run || self.statement_may_have_run()
    }

    fn statement_may_have_run(&self) -> bool {
        match self.0.kind {
            Kind::Database => self.code().is_some_and(|code| code.code() == COMPLETION_UNKNOWN),
            Kind::ConnectionClosed
            | Kind::StatementTimeout
            | Kind::Decode { .. }
            | Kind::TooManyRows { .. }
            | Kind::InvalidTenant { .. }
            | Kind::OwnType { was_read: true, .. }
            | Kind::MalformedCopy { .. }
            | Kind::Driver => true,
            Kind::Options(_)
            | Kind::Ddl(_)
            | Kind::Connect
            | Kind::ConnectTimeout
            | Kind::AcquireTimeout(_)
            | Kind::PoolClosed
            | Kind::NoRuntime
            | Kind::OwnType { was_read: false, .. }
            | Kind::ConnectionBusy
            | Kind::CopyNeedsPool
            | Kind::RowSecurityNeedsTransaction { .. }
            | Kind::Input(_)
            | Kind::Encode(_)
            | Kind::NotFound { .. }
            | Kind::Impossible { .. }
            | Kind::VersionConflict { .. }
            | Kind::CursorOfAnotherType
            | Kind::TransactionAborted
            | Kind::StreamOpen
            | Kind::Audit(_) => false,
        }
    }

    /// The row has another version than the one that the update was given, or is gone: someone else changed it. Read it
    /// again.
    #[must_use]
    pub fn is_version_conflict(&self) -> bool {
        matches!(self.0.kind, Kind::VersionConflict { .. })
    }

    /// Another transaction holds a lock that was not to be waited for.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.code() == Some(&SqlState::LOCK_NOT_AVAILABLE)
    }

    /// A text that was compared with a column is no value of its type, like `abc` of a number.
    #[must_use]
    pub fn is_invalid_value(&self) -> bool {
        const INVALID: [SqlState; 5] = [
            SqlState::INVALID_TEXT_REPRESENTATION,
            SqlState::INVALID_DATETIME_FORMAT,
            SqlState::DATETIME_FIELD_OVERFLOW,
            SqlState::NUMERIC_VALUE_OUT_OF_RANGE,
            SqlState::CHARACTER_NOT_IN_REPERTOIRE,
        ];
        self.code().is_some_and(|code| INVALID.contains(code))
    }

    /// The [cursor](crate::Cursor) leads to no page of this query: it is of another table or another order, or a column has
    /// another type now. Nothing was sent; begin at the first page again.
    #[must_use]
    pub fn is_invalid_cursor(&self) -> bool {
        matches!(
            self.0.kind,
            Kind::Impossible { reason: Impossible::CursorOfAnotherQuery, .. } | Kind::CursorOfAnotherType
        )
    }

    /// The key of the tenant whose statement failed, of those that were read
    /// [across tenants](crate::AcrossTenants).
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        self.0.tenant.as_deref()
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

    /// A stream of rows is open on the same connection or transaction, or a COPY is under way there, and stands in the
    /// way of this statement; nothing was sent.
    #[must_use]
    pub fn is_stream_open(&self) -> bool {
        matches!(self.0.kind, Kind::StreamOpen)
    }

    /// Another statement is under way on the same `Connection` or `Transaction`, or one was given up there, where
    /// [a pooler](crate::DatabaseOptions::transaction_pooler) stands between, or one of the two is an
    /// [`Insert`](crate::Insert) in several statements; nothing was sent.
    #[must_use]
    pub fn is_connection_busy(&self) -> bool {
        matches!(self.0.kind, Kind::ConnectionBusy)
    }

    /// What an audit found was [refused](crate::Report::refuse_from).
    #[must_use]
    pub fn is_audit(&self) -> bool {
        matches!(self.0.kind, Kind::Audit(_))
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

    /// The error in which the rows to [copy](crate::CopyIn) ended; nothing was written. What it says is up to the source
    /// of the rows, so that it is shown nowhere else.
    #[must_use]
    pub fn as_input_error(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        match &self.0.kind {
            Kind::Input(error) => Some(&**error),
            _ => None,
        }
    }

    /// As [`as_input_error`](Self::as_input_error), to be had back.
    ///
    /// # Errors
    ///
    /// This error itself, where it is another.
    pub fn into_input_error(self) -> Result<Box<dyn std::error::Error + Send + Sync>, Self> {
        match *self.0 {
            Inner { kind: Kind::Input(error), .. } => Ok(error),
            inner => Err(Self(Box::new(inner))),
        }
    }

    /// The driver's error. **It and its sources can hold values of rows**, like
    /// [`as_db_error`](Self::as_db_error).
    #[must_use]
    pub fn as_driver_error(&self) -> Option<&tokio_postgres::Error> {
        self.0.source.as_ref()
    }
}

/// What the source of rows said.
pub(crate) type InputError = Box<dyn std::error::Error + Send + Sync>;

/// Why a value does not fit its field, as far as that says nothing of the value.
fn misfit(cause: &(dyn std::error::Error + 'static)) -> Option<String> {
    if cause.is::<WasNull>() {
        return Some("it is NULL, and the field is no `Option`".to_owned());
    }
    cause.is::<WrongType>().then(|| cause.to_string())
}

/// "statement completion unknown"
const COMPLETION_UNKNOWN: &str = "40003";

/// The connection is gone, or the server says goodbye: an administrator, a shutdown, a timeout of the
/// session, or class 08, except where it goes on: after a value that is too short, or when another server cannot be reached.
pub(crate) fn ends_the_connection(error: &tokio_postgres::Error) -> bool {
    match error.code().map(SqlState::code) {
        Some("57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04") => true,
        Some(code) => code.starts_with("08") && !is_survived(error),
        None => error.is_closed(),
    }
}

fn is_survived(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().and_then(DbError::parsed_severity) == Some(Severity::Error)
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_problem(formatter)?;
        match self.0.others_may_have_run {
            true => formatter.write_str("; others of the batch may have run"),
            false => Ok(()),
        }
    }
}

impl Error {
    fn write_problem(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(tenant) = &self.0.tenant {
            write!(formatter, "for tenant `{tenant}`: ")?;
        }
        match &self.0.kind {
            Kind::Options(problem) => write!(formatter, "invalid connection options: {problem}"),
            Kind::Ddl(problems) => formatter.write_str(problems),
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
                "a statement is under way on this connection, or one was given up: behind a pooler in transaction mode, and beside an insert in several statements, they run one after another; nothing was sent",
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
            Kind::Decode { table, column, problem } => {
                write!(formatter, "column `{column}` of `{table}` does not fit its field")?;
                problem.iter().try_for_each(|problem| write!(formatter, ": {problem}"))
            }
            Kind::MalformedCopy { table } => {
                write!(formatter, "the answer to a COPY of `{table}` is not as PostgreSQL writes it")
            }
            Kind::CopyNeedsPool => formatter.write_str(
                "rows are copied in on a `Database`, or on its connections and transactions: when a server refuses a COPY the driver mixes up the answers that follow, and a client of the application's own cannot be closed; nothing was sent",
            ),
            Kind::RowSecurityNeedsTransaction { table } => write!(
                formatter,
                "a statement on `{table}`, which has row-level security, runs in a transaction: begin one on this client, whose transactions are the application's own; nothing was sent"
            ),
            Kind::Input(_) => formatter.write_str("the source of the rows ended in an error; nothing was written"),
            Kind::NotFound { table } => write!(formatter, "no row of `{table}` was found"),
            Kind::TooManyRows { table } => {
                write!(
                    formatter,
                    "several rows of `{table}` were found where one was asked for: `.limit(1)` takes the first"
                )
            }
            Kind::Impossible { table, reason } => write!(formatter, "{}; nothing was sent", reason.on(table)),
            Kind::InvalidTenant { table, reason } => {
                write!(formatter, "the tenant column of `{table}` holds a key that is no tenant's: {reason}")
            }
            Kind::VersionConflict { table } => write!(
                formatter,
                "the row of `{table}` has another version than the one that was given, or is gone: nothing was changed"
            ),
            Kind::CursorOfAnotherType => formatter.write_str(
                "a column of the order had another type when the cursor was made: begin at the first page; nothing was sent",
            ),
            Kind::TransactionAborted => formatter.write_str(
                "nothing was committed: an earlier statement of the transaction failed, and it was rolled back",
            ),
            Kind::StreamOpen => formatter.write_str(
                "a stream of rows is open on this connection, or a COPY is under way: end it, or drop it, before another statement",
            ),
            Kind::Audit(problem) => formatter.write_str(problem),
            Kind::Driver => match &self.0.source {
                Some(source) => fmt::Display::fmt(source, formatter),
                None => formatter.write_str("the driver failed"),
            },
        }
    }

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
