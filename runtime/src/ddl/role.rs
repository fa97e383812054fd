//! The roles of the database: what each may do.

use super::names::MAX_BYTES;
use super::script::{Lock, Script};
use super::text::{block, literal, quoted};
use crate::error::Error;

/// A role of the database, with what it may do.
///
/// ```
/// use tenantry::Role;
///
/// let app = Role::application("app")?;
/// assert!(app.create().sql().contains("NOBYPASSRLS"));
/// # Ok::<(), tenantry::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    name: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Application,
    BackOffice,
    SharedWriter,
}

/// Whose rows a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowsOf {
    Tenants,
    All,
}

impl Role {
    /// As which the application connects: it reads and writes the rows of tenants, reads those that all share, and is bound
    /// by row-level security.
    ///
    /// # Errors
    ///
    /// When no role can have this name.
    pub fn application(name: &str) -> Result<Self, Error> {
        Self::new(name, Kind::Application)
    }

    /// As which reports and support connect: it reads everything across tenants, past row-level security, and writes nothing.
    ///
    /// # Errors
    ///
    /// When no role can have this name.
    pub fn back_office(name: &str) -> Result<Self, Error> {
        Self::new(name, Kind::BackOffice)
    }

    /// As which the rows that all tenants share are written; it sees no tenant's.
    ///
    /// # Errors
    ///
    /// When no role can have this name.
    pub fn shared_writer(name: &str) -> Result<Self, Error> {
        Self::new(name, Kind::SharedWriter)
    }

    fn new(name: &str, kind: Kind) -> Result<Self, Error> {
        // PostgreSQL takes the first two for no roles, with quotes or without.
        let is_reserved = ["public", "none"].iter().any(|reserved| name.eq_ignore_ascii_case(reserved))
            || name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("pg_"));
        if name.is_empty() || name.len() > MAX_BYTES || name.contains('\0') || is_reserved {
            let problem = "a role's name has 1 to 63 bytes, holds no NUL, and is not `public`, `none` or one that begins with `pg_`";
            return Err(Error::ddl(&[problem.to_owned()]));
        }
        Ok(Self { name: name.to_owned(), kind })
    }

    /// The role's name, without quotes.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Creates the role, unless there is one of this name: `CREATE ROLE "app" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE
    /// NOINHERIT NOREPLICATION NOBYPASSRLS`; for the back office with `BYPASSRLS`, which only a superuser can give. It has no
    /// password, so that nobody connects by one until you set it: `\password app`.
    ///
    /// It fails where the role that is there can do more than it should, by itself or as a member of another role: a superuser,
    /// or one that is exempt from row-level security, sees every tenant's rows whatever the policies say.
    pub fn create(&self) -> Script {
        let Self { name, kind } = self;
        let (attribute, forbidden, lacks) = match kind {
            Kind::BackOffice => (
                "BYPASSRLS",
                "rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication",
                format!(
                    "    ELSIF NOT (SELECT rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = {}) THEN\n{}",
                    literal(name),
                    raise(&format!("the role {} is bound by row-level security, and would see no rows", quoted(name))),
                ),
            ),
            Kind::Application | Kind::SharedWriter => (
                "NOBYPASSRLS",
                "rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication",
                String::new(),
            ),
        };
        let more = raise(&format!(
            "the role {} may do more than it should, by itself or as a member of another",
            quoted(name)
        ));
        let body = format!(
            "    IF pg_catalog.to_regrole({}) IS NULL THEN\n        \
                     CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION {attribute};\n    \
                 ELSIF EXISTS (\n        \
                     SELECT FROM pg_catalog.pg_roles\n        \
                     WHERE pg_catalog.pg_has_role({}, oid, 'MEMBER') AND ({forbidden}\n            \
                         OR rolname IN ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',\n            \
                             'pg_write_server_files', 'pg_execute_server_program'))\n    \
                 ) THEN\n{more}{lacks}    \
                 END IF;\n",
            literal(&quoted(name)),
            quoted(name),
            literal(name),
        );
        Script::new(block(&body), vec![Lock::common(false)])
    }

    /// What it may do with a table, if anything.
    pub(super) fn privileges(&self, rows: RowsOf) -> Option<&'static str> {
        match (self.kind, rows) {
            (Kind::Application, RowsOf::Tenants) | (Kind::SharedWriter, RowsOf::All) => {
                Some("SELECT, INSERT, UPDATE, DELETE")
            }
            (Kind::Application, RowsOf::All) | (Kind::BackOffice, _) => Some("SELECT"),
            (Kind::SharedWriter, RowsOf::Tenants) => None,
        }
    }
}

fn raise(message: &str) -> String {
    format!(
        "        RAISE EXCEPTION USING ERRCODE = 'invalid_role_specification',\n            MESSAGE = {};\n",
        literal(message)
    )
}
