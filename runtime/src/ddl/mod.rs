//! DDL: the statements that make schemas, tables and roles, of what the structs say.

mod names;
mod order;
mod plan;
pub(crate) mod policy;
mod role;
mod script;
mod table;
mod text;

use std::any::TypeId;
use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::definition::{IsolationParts, TableDefinition};
use crate::error::Error;
use crate::tenant::{InvalidTenantId, TenantId, TenantKey};

use plan::{Place, PlannedTable, tenant_column};
pub use role::Role;
use role::RowsOf;
use script::Lock;
pub use script::Script;
use text::{block, literal, qualified, quoted};

/// The DDL of a set of tables: what creates them, with their keys, their row-level security and the roles that use them.
///
/// ```
/// use tenantry::{Ddl, Table, TenantId, TenantTable};
///
/// #[derive(TenantTable)]
/// #[tenant_table(name = "customer")]
/// struct Customer {
///     #[tenant_table(primary_key, generated)]
///     id: i64,
///     #[tenant_table(unique)]
///     email: String,
/// }
///
/// let ddl = Ddl::of(&[Customer::DEFINITION])?;
/// let acme: TenantId = "acme".parse()?;
/// assert!(ddl.create_all_for(&acme)?.sql().contains(r#"CREATE TABLE "acme"."customer" ("#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Where rows are kept apart by row, the primary key and every unique key, foreign key and index begin with the tenant column,
/// so that no row can refer to another tenant's.
#[derive(Clone)]
pub struct Ddl {
    /// In the order in which they can be made.
    tables: Arc<[PlannedTable]>,
    roles: Vec<Role>,
}

impl Ddl {
    /// The DDL of these tables, which may be given in any order and isolated in any way.
    ///
    /// # Errors
    ///
    /// One error with everything that has to be said first: a column has no SQL type, a `generated` or `default` value has no
    /// expression, a table to which another refers is not given, two structs are one table.
    pub fn of(tables: &[&'static TableDefinition]) -> Result<Self, Error> {
        let tables = plan::plan(tables).map_err(|problems| Error::ddl(&problems))?;
        Ok(Self { tables: tables.into(), roles: Vec::new() })
    }

    /// Grants a role what it needs, with the tables: `USAGE` on their schemas, and on each table what the role may do there.
    ///
    /// | | tenants' tables | shared tables |
    /// | --- | --- | --- |
    /// | [`Role::application`] | `SELECT, INSERT, UPDATE, DELETE` | `SELECT` |
    /// | [`Role::back_office`] | `SELECT` | `SELECT` |
    /// | [`Role::shared_writer`] | | `SELECT, INSERT, UPDATE, DELETE` |
    ///
    /// Never `TRUNCATE`, `REFERENCES` or `TRIGGER`, which row-level security does not bind.
    #[must_use]
    pub fn granted_to(mut self, role: &Role) -> Self {
        if !self.roles.contains(role) {
            self.roles.push(role.clone());
        }
        self
    }

    /// Creates what is there once, for all tenants: the tables isolated by row and the shared ones, with their schemas.
    ///
    /// A table that is there is left as it is, whatever it looks like. (Grants are given in any case, and a foreign key of
    /// tables that refer to each other where it is missing.)
    pub fn create_all(&self) -> Script {
        let tables = self.tables.iter().filter_map(|table| match table.place {
            Place::OfAll { schema } => Some((table, quoted(schema))),
            Place::OfTenants { .. } => None,
        });
        let tables: Vec<_> = tables.collect();
        Script::new(self.write(&tables, |place| quoted(common_schema(place))), vec![Lock::common(false)])
    }

    /// Creates a tenant's tables, with their schemas: its own, and the logical ones. What they refer to in shared tables has to
    /// be there, by [`create_all`](Self::create_all). Tables that are isolated by row are there for every tenant.
    ///
    /// Tables whose tenants have keys of another kind are left out, because an application with two kinds of tenants has one
    /// list of tables. A table that is there is left as it is, whatever it looks like.
    ///
    /// # Errors
    ///
    /// When none of the tables belongs to tenants of this kind, when a logical schema's name would be longer than PostgreSQL
    /// keeps or is that of a table of all tenants, and when two tables of one name, from two logical schemas, would be in one schema.
    pub fn create_all_for<K: TenantKey>(&self, tenant: &TenantId<K>) -> Result<Script, Error> {
        let kind = TypeId::of::<K>();
        if !self.tables.iter().any(|table| kind_of(table) == Some(kind)) {
            let problem = "none of the tables belongs to tenants with this kind of key";
            return Err(Error::ddl(&[problem.to_owned()]));
        }
        let any = tenant.to_any();
        let refused = |reason: InvalidTenantId| Error::ddl(&[reason.to_string()]);
        let (mut tables, mut schemas, mut names) = (Vec::new(), BTreeSet::new(), HashSet::new());
        for table in self.tables.iter() {
            let Place::OfTenants { tenants, logical } = table.place else { continue };
            if tenants != kind {
                continue;
            }
            let schema = any.schema_of(logical).map_err(refused)?;
            let is_common = |other: &PlannedTable| matches!(other.place, Place::OfAll { schema: of_all } if of_all == schema.name());
            if let Some(common) = self.tables.iter().find(|other| is_common(other)) {
                let problem =
                    format!("the tenant's schema is that of `{}`, which is there for all tenants", common.parts.rust);
                return Err(Error::ddl(&[problem]));
            }
            for name in table.relation_names() {
                if let Some((_, name)) = names.replace((schema.name().to_owned(), name)) {
                    let problem = format!(
                        "`{name}` of `{}` would be twice in one schema: two logical schemas are one",
                        table.parts.rust
                    );
                    return Err(Error::ddl(&[problem]));
                }
            }
            schemas.insert(schema.name().to_owned());
            tables.push((table, schema.quoted().to_owned()));
        }
        let schema_of = |place: &Place| match place {
            // It was asked for above.
            Place::OfTenants { logical, .. } => {
                any.schema_of(*logical).map_or_else(|_| String::new(), |schema| schema.quoted().to_owned())
            }
            Place::OfAll { schema } => quoted(schema),
        };
        let mut locks = vec![Lock::common(true)];
        locks.extend(schemas.iter().map(|schema| Lock::schema(schema)));
        Ok(Script::new(self.write(&tables, schema_of), locks))
    }

    /// The tables, each with its schema's name in quotes.
    fn write(&self, tables: &[(&PlannedTable, String)], schema_of: impl Fn(&Place) -> String) -> String {
        let parent = |foreign_key: &plan::ForeignKey| match self.tables.get(foreign_key.parent) {
            Some(parent) => qualified(&schema_of(&parent.place), parent.parts.name),
            None => String::new(),
        };
        let mut parts = Vec::new();
        let mut schemas: Vec<&str> = Vec::new();
        for (_, schema) in tables {
            if !schemas.contains(&&**schema) {
                schemas.push(schema);
                parts.push(self.schema(schema, tables));
            }
        }
        parts.extend(
            tables.iter().map(|(table, schema)| table::create(table, schema, parent) + &self.grants(table, schema)),
        );
        parts.extend(tables.iter().map(|(table, schema)| table::add_foreign_keys(table, schema, parent)));
        parts.retain(|part| !part.is_empty());
        parts.join("\n")
    }

    /// Creates a schema. `CREATE SCHEMA IF NOT EXISTS` would ask for the right to create one even where there is nothing to do.
    fn schema(&self, schema: &str, tables: &[(&PlannedTable, String)]) -> String {
        let body = format!(
            "IF pg_catalog.to_regnamespace({}) IS NULL THEN\n\nCREATE SCHEMA {schema};\n\nEND IF;\n",
            literal(schema)
        );
        let uses = |role: &&Role| {
            let mut inside = tables.iter().filter(|(_, other)| other == schema);
            inside.any(|(table, _)| role.privileges(rows_of(table)).is_some())
        };
        let grants = self.roles.iter().filter(uses);
        let grants = grants.map(|role| format!("GRANT USAGE ON SCHEMA {schema} TO {};\n", quoted(role.name())));
        block(&body) + &grants.collect::<String>()
    }

    fn grants(&self, table: &PlannedTable, schema: &str) -> String {
        let name = qualified(schema, table.parts.name);
        let grant = |role: &Role| {
            let privileges = role.privileges(rows_of(table))?;
            Some(format!("GRANT {privileges} ON TABLE {name} TO {};\n", quoted(role.name())))
        };
        self.roles.iter().filter_map(grant).collect()
    }
}

impl fmt::Debug for Ddl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables: Vec<_> = self.tables.iter().map(|table| table.parts.rust).collect();
        let roles: Vec<_> = self.roles.iter().map(Role::name).collect();
        formatter.debug_struct("Ddl").field("tables", &tables).field("roles", &roles).finish()
    }
}

/// The schema of a table that is there once. What such a table refers to is there once, too.
fn common_schema(place: &Place) -> &'static str {
    match place {
        Place::OfAll { schema } => schema,
        Place::OfTenants { .. } => "",
    }
}

/// The kind of a table's tenants.
fn kind_of(table: &PlannedTable) -> Option<TypeId> {
    match table.parts.isolation {
        IsolationParts::Schema { tenants, .. } | IsolationParts::Row { tenants, .. } => Some(tenants()),
        IsolationParts::Shared { .. } => None,
    }
}

fn rows_of(table: &PlannedTable) -> RowsOf {
    match (table.place, tenant_column(table.parts)) {
        (Place::OfAll { .. }, None) => RowsOf::All,
        _ => RowsOf::Tenants,
    }
}
