//! What is made of each definition: its columns' types, its keys and references with their names, all checked.

use std::any::TypeId;
use std::collections::HashMap;

use super::names::{GeneratedName, Names};
use super::order::dependency_order;
use super::text::quoted;
use crate::definition::{ColumnParts, Given, IsolationParts, KeyParts, OnDelete, TableDefinition, TableParts};

/// Where a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// In a schema of each tenant of a kind: its own, or a logical one.
    OfTenants { tenants: TypeId, logical: Option<&'static str> },
    /// In one schema, for all.
    OfAll { schema: &'static str },
}

/// A table, ready to be written in a schema.
pub(super) struct PlannedTable {
    pub(super) parts: &'static TableParts,
    pub(super) place: Place,
    /// Names with all that follows them.
    pub(super) columns: Vec<(&'static str, String)>,
    pub(super) primary_key: Option<Key>,
    pub(super) unique_keys: Vec<Key>,
    pub(super) checks: Vec<(String, String)>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) indexes: Vec<Key>,
}

/// Columns under a name, the tenant's first.
pub(super) struct Key {
    pub(super) name: String,
    pub(super) columns: Vec<&'static str>,
}

pub(super) struct ForeignKey {
    pub(super) key: Key,
    /// The position of the other table.
    pub(super) parent: usize,
    pub(super) parent_columns: Vec<&'static str>,
    /// ` ON DELETE CASCADE`
    pub(super) on_delete: String,
    /// The other table is made after this one.
    pub(super) is_late: bool,
}

/// The tables in the order in which they can be made; or every reason why they cannot.
pub(super) fn plan(definitions: &[&'static TableDefinition]) -> Result<Vec<PlannedTable>, Vec<String>> {
    let plan = Plan::new(definitions);
    let mut problems = plan.duplicates();
    let tables: Vec<_> = plan.order.iter().filter_map(|position| plan.table(*position, &mut problems)).collect();
    if problems.is_empty() {
        problems = equal_names(&tables);
    }
    if problems.is_empty() { Ok(tables) } else { Err(problems) }
}

struct Plan {
    given: Vec<&'static TableParts>,
    order: Vec<usize>,
    names: HashMap<Place, Names>,
}

impl Plan {
    fn new(definitions: &[&'static TableDefinition]) -> Self {
        let given: Vec<_> = definitions.iter().map(|definition| &definition.parts).collect();
        let mut plan = Self { given, order: Vec::new(), names: HashMap::new() };
        let parents: Vec<Vec<usize>> = plan.given.iter().map(|table| plan.parents(table)).collect();
        plan.order = dependency_order(&parents);
        for table in &plan.given {
            let names = plan.names.entry(place(table)).or_default();
            names.take(table.name);
            for name in names_of(table).iter().chain(&sequences(table)) {
                names.want(name);
            }
        }
        plan
    }

    fn parents(&self, table: &TableParts) -> Vec<usize> {
        let references = table.columns.iter().filter_map(|column| column.reference);
        references.filter_map(|reference| self.find(&reference().table.parts)).collect()
    }

    /// The position of a table in the list. Several structs can describe one table, so that it is known by its place.
    fn find(&self, wanted: &TableParts) -> Option<usize> {
        self.given.iter().position(|table| table.name == wanted.name && place(table) == place(wanted))
    }

    fn duplicates(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (position, table) in self.given.iter().enumerate() {
            if let Some(first) =
                self.find(table).filter(|first| *first != position).and_then(|first| self.given.get(first))
            {
                let (one, other, name) = (first.rust, table.rust, table.name);
                problems.push(format!("`{one}` and `{other}` are the same table `{name}`: give one of them"));
            }
        }
        problems
    }

    fn table(&self, position: usize, problems: &mut Vec<String>) -> Option<PlannedTable> {
        let parts = *self.given.get(position)?;
        let place = place(parts);
        let names = self.names.get(&place)?;
        let tenant = tenant_column(parts);
        let mut columns: Vec<_> =
            tenant.iter().map(|(name, sql_type)| (*name, format!("{sql_type} NOT NULL"))).collect();
        columns.extend(parts.columns.iter().map(|column| (column.name, self.column(parts, column, problems))));
        let key = |key: &KeyParts, what| named_key(parts, key.columns, what, names);
        Some(PlannedTable {
            parts,
            place,
            columns,
            primary_key: (!parts.primary_key.is_empty()).then(|| Key {
                name: names.name(&GeneratedName::new(parts.name, Vec::new(), "pkey")),
                columns: with_tenant(parts, &column_names(parts, parts.primary_key)),
            }),
            unique_keys: parts.unique_keys.iter().map(|unique| key(unique, "key")).collect(),
            checks: checks(parts).into_iter().map(|(name, check)| (names.name(&name), check)).collect(),
            foreign_keys: self.foreign_keys(position, parts, names, problems),
            indexes: indexes(parts).iter().map(|columns| named_key(parts, columns, "idx", names)).collect(),
        })
    }

    /// `bigint NOT NULL DEFAULT 0`
    fn column(&self, table: &TableParts, column: &ColumnParts, problems: &mut Vec<String>) -> String {
        let (name, rust) = (column.name, table.rust);
        let sql_type = self.sql_type(column, 0).unwrap_or_else(|| {
            problems.push(format!(
                "column `{name}` of `{rust}` has no SQL type: implement `tenantry::SqlType` for the field's type, or write \
                 `#[tenant_table(sql_type = \"..\")]` on the field"
            ));
            ""
        });
        let mut text = sql_type.to_owned();
        if !column.nullable {
            text.push_str(" NOT NULL");
        }
        let value = match (column.given, column.generated, column.default) {
            (Given::Never, Some(expression), _) => format!("GENERATED ALWAYS AS ({expression}) STORED"),
            (Given::Never, None, _) => match column.makes_value {
                Some(value) => value.to_owned(),
                None => {
                    problems.push(format!(
                        "column `{name}` of `{rust}` is `generated`, and nothing says how: write `generated = \"..\"` with an \
                         SQL expression of other columns, or give the field's type a `SqlType::GENERATED`"
                    ));
                    return text;
                }
            },
            (Given::OrDefault, _, Some(expression)) => format!("DEFAULT {expression}"),
            (Given::OrDefault, _, None) => {
                problems.push(format!(
                    "column `{name}` of `{rust}` has a `default` that nothing says: write `default = \"..\"` with an SQL \
                     expression"
                ));
                return text;
            }
            // Each change counts it up by one.
            (Given::Version, ..) => "DEFAULT 1".to_owned(),
            (Given::Always | Given::SoftDelete, ..) => return text,
        };
        text + " " + &value
    }

    /// What refers to a key has its type.
    fn sql_type(&self, column: &ColumnParts, depth: usize) -> Option<&'static str> {
        let referenced = || {
            let parent = self.given.get(self.find(&column.reference?().table.parts)?)?;
            let key = parent.columns.get(*parent.primary_key.first()?)?;
            (depth <= self.given.len()).then(|| self.sql_type(key, depth + 1))?
        };
        column.given_type.or_else(referenced).or(column.sql_type)
    }

    fn foreign_keys(
        &self,
        position: usize,
        table: &'static TableParts,
        names: &Names,
        problems: &mut Vec<String>,
    ) -> Vec<ForeignKey> {
        let mut foreign_keys = Vec::new();
        for column in table.columns {
            let Some(reference) = column.reference.map(|reference| reference()) else { continue };
            let referenced = &reference.table.parts;
            let Some(parent) = self.find(referenced) else {
                problems.push(format!(
                    "column `{}` of `{}` refers to `{}`, which is not among the tables: add `{}::DEFINITION`",
                    column.name, table.rust, referenced.rust, referenced.rust
                ));
                continue;
            };
            let name = GeneratedName::new(table.name, vec![column.name], "fkey");
            let key = column_names(referenced, referenced.primary_key);
            // With the tenant, unless the other rows are everybody's.
            let (columns, parent_columns) = match tenant_column(referenced) {
                Some(_) => (with_tenant(table, &[column.name]), with_tenant(referenced, &key)),
                None => (vec![column.name], key),
            };
            let rank = |table| self.order.iter().position(|placed| *placed == table);
            foreign_keys.push(ForeignKey {
                key: Key { name: names.name(&name), columns },
                parent: rank(parent).unwrap_or_default(),
                parent_columns,
                on_delete: on_delete(reference.on_delete, column.name, tenant_column(referenced).is_some()),
                is_late: rank(parent) > rank(position),
            });
        }
        foreign_keys
    }
}

fn place(table: &TableParts) -> Place {
    match table.isolation {
        IsolationParts::Schema { logical, tenants } => Place::OfTenants { tenants: tenants(), logical },
        IsolationParts::Row { schema, .. } | IsolationParts::Shared { schema } => Place::OfAll { schema },
    }
}

/// The tenant column, and its type.
pub(super) fn tenant_column(table: &TableParts) -> Option<(&'static str, &'static str)> {
    match table.isolation {
        IsolationParts::Row { column, sql_type, .. } => Some((column, sql_type)),
        IsolationParts::Schema { .. } | IsolationParts::Shared { .. } => None,
    }
}

/// The tenant column goes before all others.
fn with_tenant(table: &TableParts, columns: &[&'static str]) -> Vec<&'static str> {
    tenant_column(table).map(|(tenant, _)| tenant).into_iter().chain(columns.iter().copied()).collect()
}

fn column_names(table: &TableParts, positions: &[usize]) -> Vec<&'static str> {
    positions.iter().filter_map(|position| table.columns.get(*position)).map(|column| column.name).collect()
}

fn name_of_key(table: &TableParts, positions: &[usize], what: &str) -> GeneratedName {
    GeneratedName::new(table.name, column_names(table, positions), what)
}

fn named_key(table: &TableParts, positions: &[usize], what: &str, names: &Names) -> Key {
    let columns = column_names(table, positions);
    Key { name: names.name(&name_of_key(table, positions, what)), columns: with_tenant(table, &columns) }
}

/// All names that a table wants, in its schema.
fn names_of(table: &'static TableParts) -> Vec<GeneratedName> {
    let primary_key = (!table.primary_key.is_empty()).then(|| GeneratedName::new(table.name, Vec::new(), "pkey"));
    let unique_keys = table.unique_keys.iter().map(|key| name_of_key(table, key.columns, "key"));
    let indexes = indexes(table).into_iter().map(|columns| name_of_key(table, &columns, "idx"));
    let references = table.columns.iter().filter(|column| column.reference.is_some());
    let foreign_keys = references.map(|column| GeneratedName::new(table.name, vec![column.name], "fkey"));
    let checks = checks(table).into_iter().map(|(name, _)| name);
    primary_key.into_iter().chain(unique_keys).chain(indexes).chain(foreign_keys).chain(checks).collect()
}

/// The sequences of identity columns, which PostgreSQL names.
fn sequences(table: &'static TableParts) -> Vec<GeneratedName> {
    let is_identity = |column: &&ColumnParts| column.given == Given::Never && column.generated.is_none();
    let columns = table.columns.iter().filter(is_identity);
    columns.map(|column| GeneratedName::new(table.name, vec![column.name], "seq")).collect()
}

/// The columns of each index: those that were asked for, and a reference's, by which the database looks for rows when the
/// other is deleted; unless a key begins with it.
fn indexes(table: &TableParts) -> Vec<Vec<usize>> {
    let mut indexes: Vec<Vec<usize>> = table.indexes.iter().map(|index| index.columns.to_vec()).collect();
    for (position, column) in table.columns.iter().enumerate() {
        let keys = table.unique_keys.iter().map(|key| key.columns).chain([table.primary_key]);
        let begins = |columns: &[usize]| columns.first() == Some(&position);
        let has_one = keys.into_iter().any(begins) || indexes.iter().any(|index| begins(index));
        if column.reference.is_some() && !has_one {
            indexes.push(vec![position]);
        }
    }
    indexes
}

/// The conditions on rows, with the names that PostgreSQL would give them.
fn checks(table: &'static TableParts) -> Vec<(GeneratedName, String)> {
    // An empty text is what a setting is that was set once.
    let tenant = tenant_column(table).filter(|(_, sql_type)| *sql_type == "text").map(|(column, _)| column);
    let of_tenant = tenant.map(|column| (vec![column], format!("{} <> ''", quoted(column))));
    let of_columns =
        table.columns.iter().flat_map(|column| column.checks.iter().map(|check| (vec![column.name], *check)));
    let of_table = table.checks.iter().map(|check| (Vec::new(), *check));
    let given = of_columns.chain(of_table).map(|(columns, check)| (columns, check.to_owned()));
    let mut counted: HashMap<Vec<&str>, usize> = HashMap::new();
    let named = of_tenant.into_iter().chain(given).map(|(columns, check)| {
        let count = counted.entry(columns.clone()).or_default();
        let what = if *count == 0 { "check".to_owned() } else { format!("check{count}") };
        *count += 1;
        (GeneratedName::new(table.name, columns, &what), check)
    });
    named.collect()
}

/// Where the key has two columns, only that which refers is set to NULL, and not the tenant's.
fn on_delete(action: OnDelete, column: &str, with_tenant: bool) -> String {
    match action {
        OnDelete::NoAction => String::new(),
        OnDelete::Restrict => " ON DELETE RESTRICT".to_owned(),
        OnDelete::Cascade => " ON DELETE CASCADE".to_owned(),
        OnDelete::SetNull if with_tenant => format!(" ON DELETE SET NULL ({})", quoted(column)),
        OnDelete::SetNull => " ON DELETE SET NULL".to_owned(),
    }
}

/// Names that no hash tells apart: of two keys with the same columns, or of a table that is called like a sequence.
fn equal_names(tables: &[PlannedTable]) -> Vec<String> {
    let mut taken: HashMap<(Place, String), &'static str> = HashMap::new();
    let mut problems = Vec::new();
    for table in tables {
        let (place, rust) = (table.place, table.parts.rust);
        let sequences = sequences(table.parts).into_iter().map(|name| name.whole());
        for name in table.relation_names().chain(sequences) {
            match taken.insert((place, name.clone()), rust) {
                None => {}
                Some(other) if other == rust => problems
                    .push(format!("two keys or indexes of `{rust}` have the same columns: leave one of them out")),
                Some(other) => problems.push(format!(
                    "`{name}` would be two things, one of `{other}` and one of `{rust}`: name a table differently"
                )),
            }
        }
    }
    problems
}

impl PlannedTable {
    /// What shares its names with all of the schema.
    pub(super) fn relation_names(&self) -> impl Iterator<Item = String> {
        let keys = self.primary_key.iter().chain(&self.unique_keys).chain(&self.indexes);
        keys.map(|key| key.name.clone()).chain([self.parts.name.to_owned()])
    }
}
