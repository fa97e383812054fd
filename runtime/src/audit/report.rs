//! What an audit found, to be read, serialised, or refused.

use std::fmt;

use crate::error::Error;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Nothing is wrong now: it would be safer otherwise.
    Advice,
    /// The database is not what the model says: statements fail, or will.
    Mismatch,
    /// One tenant's rows can reach another, or be changed for another.
    Danger,
}

impl Severity {
    const fn word(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Mismatch => "mismatch",
            Self::Danger => "danger",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.word())
    }
}

/// One thing that an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    severity: Severity,
    code: &'static str,
    place: String,
    problem: String,
    sql: Option<String>,
}

impl Finding {
    pub(super) fn new(severity: Severity, code: &'static str, place: impl Into<String>, problem: String) -> Self {
        Self { severity, code, place: place.into(), problem, sql: None }
    }

    pub(super) fn mended_by(self, sql: impl Into<Option<String>>) -> Self {
        Self { sql: sql.into(), ..self }
    }

    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// What it is, by a name that does not change: `rls-not-forced`. The guide lists them.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// Where it is, without quotes: `server`, `role app`, `schema acme`, `app.customer`, `app.customer.email`,
    /// `function app.all_customers()`.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What can happen, in a sentence, and where no SQL mends it what does.
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// The SQL that mends it, for a role that may change the schema. **Read it first:** it is made of what the model says,
    /// and what it does to rows is yours to judge.
    #[must_use]
    pub fn sql(&self) -> Option<&str> {
        self.sql.as_deref()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:<8}  {}  {}\n          {}", self.severity, self.code, self.place, self.problem)?;
        if let Some(sql) = &self.sql {
            write!(formatter, "\n          mend: {}", sql.replace('\n', "\n                "))?;
        }
        Ok(())
    }
}

/// What an [audit](crate::Audit) found, the worst first.
///
/// Its `Display` is a report for people; with the feature `serde` it is serialised for programs.
#[derive(Debug, Clone)]
#[must_use = "a report is to be read, or refused by `refuse_from`"]
pub struct Report {
    pub(super) role: String,
    pub(super) server_version: String,
    pub(super) tables: usize,
    pub(super) schemas: usize,
    pub(super) findings: Vec<Finding>,
    pub(super) unchecked: Vec<String>,
}

/// So many findings an error names.
const NAMED: usize = 3;

impl Report {
    /// What was found, the worst first.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// What could not be looked at, each in a sentence.
    #[must_use]
    pub fn unchecked(&self) -> &[String] {
        &self.unchecked
    }

    /// The role that the audit was run as: the application's, if the [`Database`](crate::Database) is.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// The server's version in its own words.
    #[must_use]
    pub fn server_version(&self) -> &str {
        &self.server_version
    }

    /// How many tables there were to compare, those that are missing among them.
    #[must_use]
    pub const fn tables(&self) -> usize {
        self.tables
    }

    /// How many schemas they are in.
    #[must_use]
    pub const fn schemas(&self) -> usize {
        self.schemas
    }

    /// The same report without what was found by this code, which the application has judged and accepted, wherever it is.
    pub fn accepting(mut self, code: &str) -> Self {
        self.findings.retain(|finding| finding.code != code);
        self
    }

    /// For an application that does not start on such a database.
    ///
    /// # Errors
    ///
    /// [`is_audit`](Error::is_audit) when anything was found that is as bad as this or worse. It says how many there are
    /// and names the first.
    pub fn refuse_from(&self, severity: Severity) -> Result<(), Error> {
        let refused = || self.findings.iter().filter(|finding| finding.severity >= severity);
        let count = refused().count();
        if count == 0 {
            return Ok(());
        }
        let named: Vec<_> =
            refused().take(NAMED).map(|finding| format!("{} at {}", finding.code, finding.place)).collect();
        let rest = if count > NAMED { ", .." } else { "" };
        Err(Error::audit(format!(
            "the audit of the database found {}: {}{rest}",
            counted(count, "fault"),
            named.join(", ")
        )))
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

fn counted(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tables, schemas) = (counted(self.tables, "table"), counted(self.schemas, "schema"));
        write!(
            formatter,
            "audit of {tables} in {schemas}, as role {} on PostgreSQL {}: ",
            self.role, self.server_version
        )?;
        if self.is_clean() {
            formatter.write_str("nothing was found\n")?;
        } else {
            let (danger, mismatch) = (self.count(Severity::Danger), self.count(Severity::Mismatch));
            let advice = self.count(Severity::Advice);
            writeln!(formatter, "{danger} danger, {mismatch} mismatch, {advice} advice")?;
        }
        for finding in &self.findings {
            writeln!(formatter, "\n{finding}")?;
        }
        for unchecked in &self.unchecked {
            writeln!(formatter, "\nnot checked: {unchecked}")?;
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
mod serialized {
    use serde::ser::{Serialize, SerializeStruct, Serializer};

    use super::{Finding, Report, Severity};

    impl Serialize for Severity {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(self.word())
        }
    }

    impl Serialize for Finding {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut finding = serializer.serialize_struct("Finding", 5)?;
            finding.serialize_field("severity", &self.severity)?;
            finding.serialize_field("code", self.code)?;
            finding.serialize_field("place", &self.place)?;
            finding.serialize_field("problem", &self.problem)?;
            finding.serialize_field("sql", &self.sql)?;
            finding.end()
        }
    }

    impl Serialize for Report {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut report = serializer.serialize_struct("Report", 6)?;
            report.serialize_field("role", &self.role)?;
            report.serialize_field("server_version", &self.server_version)?;
            report.serialize_field("tables", &self.tables)?;
            report.serialize_field("schemas", &self.schemas)?;
            report.serialize_field("findings", &self.findings)?;
            report.serialize_field("unchecked", &self.unchecked)?;
            report.end()
        }
    }
}
