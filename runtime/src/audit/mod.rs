//! The audit: what is in a database, compared with what the model says, and with the ways in which tenants leak.
//!
//! The catalogue is asked for everything at once, in a few queries, and compared here.

mod catalogue;
mod columns;
mod facts;
mod keys;
mod mend;
mod missing;
mod model;
mod policies;
mod policy_text;
mod pooler;
mod queries;
mod readers;
mod references;
mod report;
mod roles;
mod row_security;
mod schemas;
mod server;
mod types;

use std::any::TypeId;
use std::fmt;

use tokio::task::yield_now;

use crate::database::Database;
use crate::definition::TableDefinition;
use crate::error::Error;
use crate::tenant::{TenantId, TenantKey};
use crate::transaction::{IsolationLevel, TransactionOptions};

use catalogue::Catalogue;
use facts::{Facts, Relation};
use missing::Missing;
use model::{Expected, Model, Tenant};
use pooler::Pooler;
use references::Placed;
pub use report::{Finding, Report, Severity};

/// So many tables are compared before other tasks get their turn.
const AT_ONCE: usize = 256;

/// A comparison of the database as it is with the tables of the model, and with the known ways in which tenants leak into
/// each other.
///
/// ```no_run
/// # use tenantry::{Audit, Database, Error, Severity, Table, TenantId, TenantTable};
/// # #[derive(TenantTable)]
/// # #[tenant_table(name = "customer")]
/// # struct Customer { #[tenant_table(primary_key)] id: i64 }
/// # async fn run(db: &Database, tenants: &[TenantId]) -> Result<(), Error> {
/// let report = Audit::of(&[Customer::DEFINITION]).tenants(tenants).run(db).await?;
/// println!("{report}");
/// report.refuse_from(Severity::Danger)?;
/// # Ok(())
/// # }
/// ```
#[must_use = "an audit looks at nothing until `.run(&db)`"]
pub struct Audit {
    model: Model,
}

impl Audit {
    /// An audit of these tables. Give all of the application's: a table with the name of a tenant's is taken for one.
    pub fn of(tables: &[&'static TableDefinition]) -> Self {
        Self { model: Model::of(tables) }
    }

    /// Also looks for the schemas of these tenants, and for schemas that are none of theirs. Give all tenants whose tables
    /// are isolated by schema; those by row have no schema of their own. Called again it adds more, also of another kind of
    /// key: each kind has the tables that name it.
    ///
    /// Without a list every schema counts as a tenant's that holds a table with the name of one that is isolated by schema.
    pub fn tenants<'t, K: TenantKey>(mut self, tenants: impl IntoIterator<Item = &'t TenantId<K>>) -> Self {
        self.model.listed.insert(TypeId::of::<K>());
        let listed = self.model.tenants.get_or_insert_default();
        listed.extend(tenants.into_iter().map(|tenant| Tenant {
            kind: TypeId::of::<K>(),
            key: tenant.to_string(),
            schemas: tenant.to_any(),
            ddl: {
                let tenant = tenant.clone();
                Box::new(move |ddl| Some(ddl.create_all_for(&tenant).ok()?.sql().to_owned()))
            },
        }));
        self
    }

    /// Runs it, as the role that the application connects as: `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY` and some
    /// twenty queries on `pg_catalog`, however many schemas there are. It locks no table and reads no row of yours. The queries
    /// take the time they take: no [statement timeout](crate::DatabaseOptions::statement_timeout) ends them.
    ///
    /// It takes a connection of the pool, and for a moment a second one, to see whether a pooler stands between.
    ///
    /// # Errors
    ///
    /// Whatever the database answers. What is found is no error: see [`Report::refuse_from`].
    pub async fn run(self, db: &Database) -> Result<Report, Error> {
        let mut connection = db.connection().await?;
        let pooler = pooler::detect(db, &connection).await?;
        let options = TransactionOptions::new().isolation_level(IsolationLevel::RepeatableRead).read_only();
        let transaction = connection.begin_with(options).await?;
        let mut facts = Catalogue(transaction.wire()).read(&self.model).await?;
        transaction.rollback().await?;
        drop(connection);
        facts.server.has_pooler = matches!(pooler, Pooler::Found);
        Ok(self.compare(&facts, matches!(pooler, Pooler::Unknown)).await)
    }

    async fn compare(self, facts: &Facts, is_pooler_unknown: bool) -> Report {
        let model = &self.model;
        let expected = model.expected(&schemas::holders(facts, model));
        let mut findings = Vec::new();
        let tables = there(facts, model, &expected, &mut findings);
        let placed = Placed::new(facts, &expected);
        // Each check on all tables before the next: what mends one may be what the next needs.
        for (position, (expected, relation)) in tables.iter().enumerate() {
            columns::check(facts, expected, relation, &mut findings);
            take_turns(position).await;
        }
        for (position, (expected, relation)) in tables.iter().enumerate() {
            keys::check(facts, &placed, expected, relation, &mut findings);
            take_turns(position).await;
        }
        for (position, (expected, relation)) in tables.iter().enumerate() {
            references::check(facts, model, &placed, expected, relation, &mut findings);
            take_turns(position).await;
        }
        let is_secured = |(expected, relation): &&(&Expected, &Relation)| {
            expected.tenant_column().is_some_and(|column| relation.column(column).is_some())
        };
        for (_, relation) in tables.iter().filter(|(expected, _)| expected.tenant_column().is_none()) {
            row_security::check_foreign(relation, &mut findings);
        }
        for (expected, relation) in tables.iter().filter(is_secured) {
            row_security::check(facts, expected, relation, &mut findings);
            roles::check_table(facts, expected, relation, &mut findings);
        }
        let is_secured = |(expected, _): &(&Expected, &Relation)| expected.parts.setting.is_some();
        let secured: Vec<_> = tables.iter().copied().filter(is_secured).collect();
        row_security::check_strangers(facts, model, &mut findings);
        readers::check(facts, &secured, &mut findings);
        readers::check_between(facts, &placed, &mut findings);
        schemas::check(facts, model, &expected, &mut findings);
        roles::check(facts, model, &mut findings);
        server::check(facts, model, &mut findings);
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
        let schemas: std::collections::HashSet<_> = expected.iter().map(|expected| &expected.schema).collect();
        Report {
            role: facts.role.name.clone(),
            server_version: facts.server.version.clone(),
            tables: expected.len(),
            schemas: schemas.len(),
            findings,
            unchecked: unchecked(model, is_pooler_unknown),
        }
    }
}

async fn take_turns(position: usize) {
    if position % AT_ONCE == AT_ONCE - 1 {
        yield_now().await;
    }
}

/// The tables that are there, each with what it is to be.
fn there<'e>(
    facts: &'e Facts,
    model: &Model,
    expected: &'e [Expected],
    findings: &mut Vec<Finding>,
) -> Vec<(&'e Expected, &'e Relation)> {
    let mut made = Missing::new(facts, model);
    let missing = schemas::check_missing(facts, model, expected, &mut made, findings);
    let mut there = Vec::new();
    for expected in expected {
        match facts.relation(&expected.schema, expected.parts.name) {
            Some(relation) => there.push((expected, relation)),
            None if missing.contains(&*expected.schema) => {}
            None => findings.push(made.table(expected)),
        }
    }
    there
}

fn unchecked(model: &Model, is_pooler_unknown: bool) -> Vec<String> {
    let mut unchecked = Vec::new();
    if model.tenants.is_none() && model.by_schema().next().is_some() {
        unchecked.push(
            "which tenants are to have a schema: give a list of them by `Audit::tenants`. Each schema was taken for a tenant's that holds a table with the name of one isolated by schema".to_owned(),
        );
    }
    let unlisted = model.unlisted();
    if !unlisted.is_empty() {
        unchecked.push(format!(
            "the tables of {}, whose tenants are not listed: their keys are of another kind than those of the list",
            unlisted.join(", ")
        ));
    }
    if is_pooler_unknown {
        unchecked.push(
            "whether a pooler in transaction mode stands before the server: there was no second connection to compare with".to_owned(),
        );
    }
    unchecked
}

impl Database {
    /// Compares the database with these tables, and with the known ways in which tenants leak into each other: see
    /// [`Audit`], which also takes a list of the tenants.
    ///
    /// # Errors
    ///
    /// Whatever the database answers. What is found is no error: see [`Report::refuse_from`].
    pub async fn audit(&self, tables: &[&'static TableDefinition]) -> Result<Report, Error> {
        Audit::of(tables).run(self).await
    }
}

impl fmt::Debug for Audit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables: Vec<_> = self.model.tables.iter().map(|parts| parts.rust).collect();
        formatter
            .debug_struct("Audit")
            .field("tables", &tables)
            .field("tenants", &self.model.tenants.as_ref().map(Vec::len))
            .finish()
    }
}
