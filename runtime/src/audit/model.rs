//! Which tables are to be where.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::ddl::Ddl;
use crate::definition::{ColumnParts, Given, IsolationParts, TableDefinition, TableParts};
use crate::tenant::AnyTenant;

/// The DDL of a tenant's tables.
pub(super) type WriteDdl = Box<dyn Fn(&Ddl) -> Option<String> + Send + Sync>;

/// A tenant of the list.
pub(super) struct Tenant {
    pub(super) kind: TypeId,
    pub(super) key: String,
    pub(super) schemas: Arc<dyn AnyTenant>,
    pub(super) ddl: WriteDdl,
}

impl Tenant {
    /// The name of the schema that a logical schema is for it.
    pub(super) fn schema(&self, logical: Option<&'static str>) -> Option<String> {
        self.schemas.schema_of(logical).ok().map(|schema| schema.name().to_owned())
    }
}

/// A table that is to be there.
pub(super) struct Expected {
    pub(super) parts: &'static TableParts,
    pub(super) schema: String,
    /// The position of its tenant in the list.
    pub(super) tenant: Option<usize>,
}

impl Expected {
    pub(super) fn place(&self) -> String {
        format!("{}.{}", self.schema, self.parts.name)
    }

    pub(super) fn column_place(&self, column: &str) -> String {
        format!("{}.{}.{column}", self.schema, self.parts.name)
    }

    pub(super) fn sql(&self) -> String {
        super::mend::qualified(&self.schema, self.parts.name)
    }

    pub(super) fn tenant_column(&self) -> Option<&'static str> {
        match self.parts.isolation {
            IsolationParts::Row { column, .. } => Some(column),
            _ => None,
        }
    }

    pub(super) fn tenant_type(&self) -> Option<&'static str> {
        match self.parts.isolation {
            IsolationParts::Row { sql_type, .. } => Some(sql_type),
            _ => None,
        }
    }

    pub(super) fn group(&self) -> Option<Group> {
        group(self.parts)
    }

    /// The names of columns, after the tenant column where there is one.
    pub(super) fn key(&self, positions: &[usize]) -> Vec<&'static str> {
        let columns = positions.iter().filter_map(|position| self.parts.columns.get(*position));
        self.tenant_column().into_iter().chain(columns.map(|column| column.name)).collect()
    }
}

/// Tables may refer to each other in a ring.
const MAX_REFERENCES: usize = 16;

impl ColumnParts {
    /// The type with which DDL makes it, and whether it was said for this column.
    pub(super) fn ddl_type(&self) -> Option<(&'static str, bool)> {
        let referenced = self.referenced_type(MAX_REFERENCES).map(|sql_type| (sql_type, false));
        self.given_type.map(|given| (given, true)).or(referenced).or_else(|| Some((self.sql_type?, false)))
    }

    /// What refers to a key has its type.
    fn referenced_type(&self, depth: usize) -> Option<&'static str> {
        let parent = &self.reference?().table.parts;
        let key = parent.columns.get(*parent.primary_key.first()?)?;
        key.given_type.or_else(|| key.referenced_type(depth.checked_sub(1)?)).or(key.sql_type)
    }

    /// Whether a row can be inserted without it.
    pub(super) fn is_made(&self) -> bool {
        matches!(self.given, Given::OrDefault | Given::Never | Given::Version)
    }
}

/// What tables have in common that are in one schema of each tenant: the tenants' kind, and the logical schema.
pub(super) type Group = (TypeId, Option<&'static str>);

/// The group of a table that each tenant has.
pub(super) fn group(parts: &TableParts) -> Option<Group> {
    match parts.isolation {
        IsolationParts::Schema { logical, tenants } => Some((tenants(), logical)),
        _ => None,
    }
}

/// The tables of the model, and the tenants that are to have them.
#[derive(Default)]
pub(super) struct Model {
    pub(super) tables: Vec<&'static TableParts>,
    pub(super) definitions: Vec<&'static TableDefinition>,
    /// None where no list was given.
    pub(super) tenants: Option<Vec<Tenant>>,
    /// The kinds of tenants of which there is a list.
    pub(super) listed: HashSet<TypeId>,
}

impl Model {
    pub(super) fn of(tables: &[&'static TableDefinition]) -> Self {
        let (mut known, mut definitions) = (HashSet::new(), Vec::new());
        // A table that was given twice is one.
        definitions.extend(tables.iter().copied().filter(|table| known.insert(std::ptr::from_ref(*table))));
        Self { tables: definitions.iter().map(|table| &table.parts).collect(), definitions, ..Self::default() }
    }

    /// The tables that each tenant has in schemas of its own, but for those of tenants of whom there is no list where there
    /// is one of others.
    pub(super) fn by_schema(&self) -> impl Iterator<Item = &'static TableParts> {
        let is_known = |parts: &TableParts| match parts.isolation {
            IsolationParts::Schema { tenants, .. } => self.tenants.is_none() || self.listed.contains(&tenants()),
            _ => false,
        };
        self.tables.iter().copied().filter(move |parts| is_known(parts))
    }

    /// The structs whose tenants are not in the list.
    pub(super) fn unlisted(&self) -> Vec<&'static str> {
        let is_unlisted = |parts: &TableParts| match parts.isolation {
            IsolationParts::Schema { tenants, .. } => self.tenants.is_some() && !self.listed.contains(&tenants()),
            _ => false,
        };
        self.tables.iter().filter(|parts| is_unlisted(parts)).map(|parts| parts.rust).collect()
    }

    /// The schema that a tenant has for a table, if it is one of its kind.
    pub(super) fn schema_of(tenant: &Tenant, parts: &'static TableParts) -> Option<String> {
        match parts.isolation {
            IsolationParts::Schema { logical, tenants } if tenants() == tenant.kind => tenant.schema(logical),
            _ => None,
        }
    }

    pub(super) fn has_row_level_security(&self) -> bool {
        self.tables.iter().any(|parts| parts.setting.is_some())
    }

    /// The tables that have row-level security.
    pub(super) fn secured_tables(&self) -> impl Iterator<Item = Expected> {
        self.fixed().filter(|expected| expected.parts.setting.is_some())
    }

    /// The schema and the tenant column of each of them.
    pub(super) fn secured_columns(&self) -> Vec<(String, &'static str)> {
        let secured = self.secured_tables();
        secured.filter_map(|expected| Some((expected.schema.clone(), expected.tenant_column()?))).collect()
    }

    /// The tables that are in one schema for all tenants.
    fn fixed(&self) -> impl Iterator<Item = Expected> {
        self.tables.iter().filter_map(|parts| {
            let (IsolationParts::Row { schema, .. } | IsolationParts::Shared { schema }) = parts.isolation else {
                return None;
            };
            Some(Expected { parts, schema: schema.to_owned(), tenant: None })
        })
    }

    /// The schemas of those tables.
    pub(super) fn fixed_schemas(&self) -> HashSet<String> {
        self.fixed().map(|expected| expected.schema).collect()
    }

    /// The places of those tables, and the names of the others, which are looked for in all schemas.
    pub(super) fn names(&self) -> (Vec<String>, Vec<&'static str>, Vec<&'static str>) {
        let fixed: Vec<_> = self.fixed().map(|expected| (expected.schema, expected.parts.name)).collect();
        let (schemas, tables) = fixed.into_iter().unzip();
        (schemas, tables, self.by_schema().map(|parts| parts.name).collect())
    }

    /// All that is to be there, where these schemas hold tables of the names that tenants' tables have.
    pub(super) fn expected(&self, found: &BTreeMap<&str, HashSet<&str>>) -> Vec<Expected> {
        let mut expected: Vec<_> = self.fixed().collect();
        match &self.tenants {
            Some(tenants) => {
                let mut places = HashSet::new();
                for (position, tenant) in tenants.iter().enumerate() {
                    for parts in self.by_schema() {
                        let Some(schema) = Self::schema_of(tenant, parts) else { continue };
                        // Two tenants with one schema are a finding of their own.
                        if places.insert((schema.clone(), parts.name)) {
                            expected.push(Expected { parts, schema, tenant: Some(position) });
                        }
                    }
                }
            }
            None => {
                for (schema, tables) in found {
                    let main = self.group_of(schema, tables);
                    let is_main = |parts: &TableParts| group(parts) == main;
                    // It may be another logical schema as well, of which only what is there is known to be.
                    let is_other = |parts: &TableParts| {
                        tables.contains(parts.name)
                            && !self.by_schema().any(|main| is_main(main) && main.name == parts.name)
                    };
                    for parts in self.by_schema().filter(|parts| is_main(parts) || is_other(parts)) {
                        expected.push(Expected { parts, schema: (*schema).to_owned(), tenant: None });
                    }
                }
            }
        }
        expected
    }

    /// What a schema with these tables is to a tenant: the logical schema that its name says, or the one most of whose
    /// tables it has.
    fn group_of(&self, schema: &str, tables: &HashSet<&str>) -> Option<Group> {
        let mut counts: BTreeMap<Group, usize> = BTreeMap::new();
        for group in self.by_schema().filter(|parts| tables.contains(parts.name)).filter_map(group) {
            *counts.entry(group).or_default() += 1;
        }
        let is_named = |logical: &str| {
            let rest = schema.strip_suffix(logical);
            rest.and_then(|rest| rest.strip_suffix('.')).is_some_and(|tenant| !tenant.is_empty())
        };
        let named = counts.keys().filter(|(_, logical)| logical.is_some_and(is_named));
        match named.max_by_key(|(_, logical)| logical.map(str::len)) {
            Some(named) => Some(*named),
            None => counts
                .into_iter()
                .max_by_key(|((_, logical), count)| (*count, logical.is_none()))
                .map(|(group, _)| group),
        }
    }
}
