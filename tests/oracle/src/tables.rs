//! Which tables there are, learned from the statements that made them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::parser::parse;
use crate::tree::{as_kind, column, guarded, kind, list, names, text};

/// The column that makes a table one by row.
const TENANT_COLUMN: &str = "tenant_id";
/// The schema of shared tables.
const SHARED_SCHEMA: &str = "catalog";
/// Where a table is made whose schema is not named. It is no tenant's.
const DEFAULT_SCHEMA: &str = "public";
/// What a comment says on a tenant's schema or column, and on a shared table.
const TENANT: &str = "tenant";
const SCHEMA_OF_TENANT: &str = "tenant ";
const SHARED: &str = "shared";

/// How a table is kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Isolation {
    /// Each tenant has it in a schema of its own; this one is of this tenant.
    Schema(String),
    /// By the value of this column.
    Row(String),
    /// The same rows for all.
    Shared,
    /// PostgreSQL's own.
    System,
}

/// The tables of a database.
///
/// They are told apart by a convention:
///
/// - **By row** is a table with a column `tenant_id`, or one on which a comment says `tenant`.
/// - **Shared** is a table in the schema `catalog`, or one on which a comment says `shared`.
/// - **By schema** are the tables of a tenant's schema: of one that has a table which another schema has with the same
///   columns, or on which a comment says `tenant`, or `tenant acme` where that tenant has several. `public` is none,
///   nor is a schema with tables by row or shared ones. What is in a schema that is not there is by schema if a tenant
///   has a table of that name: this tenant's is missing.
///
/// Nothing is forgotten: a table that was dropped, or a schema that has another name now, counts under both.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    tables: BTreeMap<(String, String), Table>,
    /// Whose a schema is, as far as it was said.
    tenants: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default)]
struct Table {
    /// When it was made.
    columns: BTreeSet<String>,
    tenant_column: Option<String>,
    shared: bool,
}

impl Tables {
    /// Learns from the statements of a text that make tables, or change them. A text that is no SQL teaches nothing.
    pub fn learn(&mut self, sql: &str) {
        // Most texts are queries, and need not be parsed for this.
        let words = sql.to_ascii_lowercase();
        if !["create", "alter", "comment"].iter().any(|word| words.contains(word)) {
            return;
        }
        for statement in parse(sql).unwrap_or_default() {
            self.learn_statement(&statement);
        }
    }

    fn learn_statement(&mut self, statement: &Value) {
        let Some((kind, statement)) = kind(statement) else { return };
        match kind {
            "CreateStmt" => self.make(&statement["relation"], self.columns(statement)),
            "CreateTableAsStmt" => self.make(&statement["into"]["rel"], selected(&statement["query"])),
            "ViewStmt" => self.make(&statement["view"], selected(&statement["query"])),
            "AlterTableStmt" => {
                let commands = list(statement, "cmds").iter().filter_map(|command| as_kind(command, "AlterTableCmd"));
                let added = commands.filter_map(|command| text(as_kind(&command["def"], "ColumnDef")?, "colname"));
                if added.into_iter().any(|column| column == TENANT_COLUMN) {
                    self.table(place(&statement["relation"])).tenant_column = Some(TENANT_COLUMN.to_owned());
                }
            }
            "RenameStmt" => self.rename(statement),
            "AlterObjectSchemaStmt" => {
                if let (Some(schema), true) = (text(statement, "newschema"), statement["relation"].is_object()) {
                    let (old_schema, name) = place(&statement["relation"]);
                    self.copy((old_schema, name.clone()), (schema.to_owned(), name));
                }
            }
            "CommentStmt" => self.comment(statement),
            "DoStmt" => guarded(statement).into_iter().for_each(|inside| self.learn(inside)),
            _ => {}
        }
    }

    fn table(&mut self, place: (String, String)) -> &mut Table {
        self.tables.entry(place).or_default()
    }

    fn make(&mut self, relation: &Value, columns: BTreeSet<String>) {
        // A temporary table is in no schema that a statement could name.
        if text(relation, "relpersistence") == Some("t") {
            return;
        }
        let tenant_column = columns.get(TENANT_COLUMN).cloned();
        let table = self.table(place(relation));
        table.columns = columns;
        table.tenant_column = tenant_column.or(table.tenant_column.take());
    }

    fn columns(&self, create: &Value) -> BTreeSet<String> {
        let mut columns = BTreeSet::new();
        for element in list(create, "tableElts") {
            if let Some(column) = as_kind(element, "ColumnDef").and_then(|column| text(column, "colname")) {
                columns.insert(column.to_owned());
            }
            if let Some(like) = as_kind(element, "TableLikeClause") {
                columns.extend(self.columns_of(&like["relation"]));
            }
        }
        let parents = list(create, "inhRelations").iter().filter_map(|parent| as_kind(parent, "RangeVar"));
        columns.extend(parents.flat_map(|parent| self.columns_of(parent)));
        columns
    }

    fn columns_of(&self, relation: &Value) -> BTreeSet<String> {
        self.tables.get(&place(relation)).map(|table| table.columns.clone()).unwrap_or_default()
    }

    fn rename(&mut self, statement: &Value) {
        let Some(new) = text(statement, "newname").map(str::to_owned) else { return };
        match text(statement, "renameType") {
            Some("OBJECT_SCHEMA") => {
                let old = text(statement, "subname").unwrap_or_default();
                let inside: Vec<_> = self.tables.keys().filter(|(schema, _)| schema == old).cloned().collect();
                for (schema, name) in inside {
                    self.copy((schema, name.clone()), (new.clone(), name));
                }
                if let Some(tenant) = self.tenants.get(old) {
                    self.tenants.insert(new.clone(), if tenant == old { new } else { tenant.clone() });
                }
            }
            Some("OBJECT_TABLE") => {
                let (schema, name) = place(&statement["relation"]);
                self.copy((schema.clone(), name), (schema, new));
            }
            Some("OBJECT_COLUMN") => {
                let table = self.table(place(&statement["relation"]));
                if new == TENANT_COLUMN || table.tenant_column.as_deref() == text(statement, "subname") {
                    table.tenant_column = Some(new);
                }
            }
            _ => {}
        }
    }

    fn copy(&mut self, old: (String, String), new: (String, String)) {
        if let Some(table) = self.tables.get(&old).cloned() {
            self.tables.insert(new, table);
        }
    }

    fn comment(&mut self, statement: &Value) {
        let object = &statement["object"];
        let words = as_kind(object, "List").map(|words| names(list(words, "items"))).unwrap_or_default();
        match (text(statement, "objtype"), text(statement, "comment"), &words[..]) {
            (Some("OBJECT_SCHEMA"), Some(comment), _) => {
                let schema = as_kind(object, "String").and_then(|name| text(name, "sval")).unwrap_or_default();
                let tenant = if comment == TENANT { Some(schema) } else { comment.strip_prefix(SCHEMA_OF_TENANT) };
                self.tenants.extend(tenant.map(|tenant| (schema.to_owned(), tenant.to_owned())));
            }
            (Some("OBJECT_COLUMN"), Some(TENANT), [schema, table, column]) => {
                self.table((schema.to_string(), table.to_string())).tenant_column = Some(column.to_string());
            }
            (Some("OBJECT_TABLE"), Some(SHARED), [schema, table]) => {
                self.table((schema.to_string(), table.to_string())).shared = true;
            }
            _ => {}
        }
    }

    /// The schemas of tenants, and whose they are.
    pub fn tenants(&self) -> BTreeMap<String, String> {
        let schemas: BTreeSet<_> = self.tables.keys().map(|(schema, _)| schema).chain(self.tenants.keys()).collect();
        let owned = schemas.into_iter().filter_map(|schema| Some((schema.clone(), self.tenant_of(schema)?.to_owned())));
        owned.collect()
    }

    /// The schemas that are tenants' in several databases. One that is not the same tenant's in all of them is nobody's.
    pub fn tenants_of_all<'t>(databases: impl IntoIterator<Item = &'t Self>) -> BTreeMap<String, String> {
        let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (schema, tenant) in databases.into_iter().flat_map(Self::tenants) {
            owners.entry(schema).or_default().insert(tenant);
        }
        let only = |owners: BTreeSet<String>| owners.first().filter(|_| owners.len() == 1).cloned();
        owners.into_iter().filter_map(|(schema, owners)| Some((schema, only(owners)?))).collect()
    }

    /// Schemas that are tenants' in other databases are so here, if nothing says otherwise.
    pub fn add_tenants(&mut self, schemas: &BTreeMap<String, String>) {
        for (schema, tenant) in schemas {
            self.tenants.entry(schema.clone()).or_insert_with(|| tenant.clone());
        }
    }

    /// The tenant that has this schema.
    pub(crate) fn tenant_of<'t>(&'t self, schema: &'t str) -> Option<&'t str> {
        let mut tables = self.tables.iter().filter(|((other, _), _)| other == schema);
        let is_of_all = |table: &Table| table.tenant_column.is_some() || table.shared;
        if [DEFAULT_SCHEMA, SHARED_SCHEMA].contains(&schema) || tables.clone().any(|(_, table)| is_of_all(table)) {
            return None;
        }
        let has_twin = |((_, name), table): (&(String, String), &Table)| {
            let mut others = self.tables.iter().filter(|((other, _), _)| other != schema && other != DEFAULT_SCHEMA);
            others.any(|((_, other_name), other)| {
                other_name == name && !table.columns.is_empty() && other.columns == table.columns && !is_of_all(other)
            })
        };
        let said = self.tenants.get(schema).map(String::as_str);
        said.or_else(|| tables.any(has_twin).then_some(schema))
    }

    /// How a table is kept apart, where that can be told.
    pub fn isolation(&self, schema: &str, table: &str) -> Option<Isolation> {
        if schema == "pg_catalog" || schema == "information_schema" {
            return Some(Isolation::System);
        }
        let known = self.tables.get(&(schema.to_owned(), table.to_owned()));
        if let Some(column) = known.and_then(|table| table.tenant_column.clone()) {
            return Some(Isolation::Row(column));
        }
        if schema == SHARED_SCHEMA || known.is_some_and(|table| table.shared) {
            return Some(Isolation::Shared);
        }
        if let Some(tenant) = self.tenant_of(schema) {
            return Some(Isolation::Schema(tenant.to_owned()));
        }
        let is_absent = !self.tables.keys().any(|(other, _)| other == schema);
        let mut names = self.tables.keys().filter(|(_, name)| name == table);
        let is_missing =
            is_absent && schema != DEFAULT_SCHEMA && names.any(|(other, _)| self.tenant_of(other).is_some());
        is_missing.then(|| Isolation::Schema(schema.to_owned()))
    }
}

/// The schema and the name of a relation.
fn place(relation: &Value) -> (String, String) {
    let name = |part| text(relation, part).map(str::to_owned);
    (name("schemaname").unwrap_or_else(|| DEFAULT_SCHEMA.to_owned()), name("relname").unwrap_or_default())
}

/// The names of the columns of a query, as far as they are told.
fn selected(query: &Value) -> BTreeSet<String> {
    let Some(select) = as_kind(query, "SelectStmt") else { return BTreeSet::new() };
    let targets = list(select, "targetList").iter().filter_map(|target| as_kind(target, "ResTarget"));
    let name = |target| text(target, "name").or_else(|| column(&target["val"])?.last().copied());
    targets.filter_map(name).map(str::to_owned).collect()
}
