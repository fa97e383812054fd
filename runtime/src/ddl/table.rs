//! The statements that make one table.

use super::plan::{ForeignKey, Key, PlannedTable, tenant_column};
use super::policy;
use super::text::{block, literal, qualified, quoted, quoted_list};

/// The statements that make a table with all that belongs to it, for a schema by its name with quotes. They do nothing where
/// there is a table of this name: it is left as it is.
///
/// `parent` is the qualified name of the table to which a foreign key leads.
pub(super) fn create(table: &PlannedTable, schema: &str, parent: impl Fn(&ForeignKey) -> String) -> String {
    let name = qualified(schema, table.parts.name);
    let body = [
        create_table(table, &name, parent),
        create_indexes(table, &name),
        comments(table, &name),
        row_level_security(table, &name),
    ];
    let guarded = format!("IF pg_catalog.to_regclass({}) IS NULL THEN\n\n{}\nEND IF;\n", literal(&name), body.concat());
    format!("-- {}\n{}", table.parts.rust, block(&guarded))
}

fn create_table(table: &PlannedTable, name: &str, parent: impl Fn(&ForeignKey) -> String) -> String {
    let columns = table.columns.iter().map(|(name, definition)| format!("{} {definition}", quoted(name)));
    let key = |key: &Key, what| {
        format!("CONSTRAINT {} {what} ({})", quoted(&key.name), quoted_list(key.columns.iter().copied()))
    };
    let primary_key = table.primary_key.iter().map(|primary| key(primary, "PRIMARY KEY"));
    let unique_keys = table.unique_keys.iter().map(|unique| key(unique, "UNIQUE"));
    let checks = table.checks.iter().map(|(name, check)| format!("CONSTRAINT {} CHECK ({check})", quoted(name)));
    let now = table.foreign_keys.iter().filter(|foreign_key| !foreign_key.is_late);
    let foreign_keys = now.map(|foreign_key| foreign_key_constraint(foreign_key, &parent(foreign_key)));
    let lines: Vec<_> = columns.chain(primary_key).chain(unique_keys).chain(checks).chain(foreign_keys).collect();
    format!("CREATE TABLE {name} (\n    {}\n);\n", lines.join(",\n    "))
}

fn foreign_key_constraint(foreign_key: &ForeignKey, parent: &str) -> String {
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {parent} ({}){}",
        quoted(&foreign_key.key.name),
        quoted_list(foreign_key.key.columns.iter().copied()),
        quoted_list(foreign_key.parent_columns.iter().copied()),
        foreign_key.on_delete
    )
}

/// The foreign keys to tables that are made later, unless they are there.
pub(super) fn add_foreign_keys(table: &PlannedTable, schema: &str, parent: impl Fn(&ForeignKey) -> String) -> String {
    let name = qualified(schema, table.parts.name);
    let late = table.foreign_keys.iter().filter(|foreign_key| foreign_key.is_late);
    let statements = late.map(|foreign_key| {
        block(&format!(
            "IF NOT EXISTS (\n    \
                 SELECT FROM pg_catalog.pg_constraint\n    \
                 WHERE conrelid = {}::pg_catalog.regclass AND conname = {}\n\
             ) THEN\n\n\
             ALTER TABLE {name} ADD {};\n\n\
             END IF;\n",
            literal(&name),
            literal(&foreign_key.key.name),
            foreign_key_constraint(foreign_key, &parent(foreign_key))
        ))
    });
    statements.collect()
}

fn create_indexes(table: &PlannedTable, name: &str) -> String {
    let statement = |index: &Key| {
        let columns = quoted_list(index.columns.iter().copied());
        format!("CREATE INDEX {} ON {name} ({columns});\n", quoted(&index.name))
    };
    table.indexes.iter().map(statement).collect()
}

fn comments(table: &PlannedTable, name: &str) -> String {
    let of_table = (!table.parts.comment.is_empty())
        .then(|| format!("COMMENT ON TABLE {name} IS {};\n", literal(table.parts.comment)));
    let commented = table.parts.columns.iter().filter(|column| !column.comment.is_empty());
    let of_columns = commented
        .map(|column| format!("COMMENT ON COLUMN {name}.{} IS {};\n", quoted(column.name), literal(column.comment)));
    of_table.into_iter().chain(of_columns).collect()
}

fn row_level_security(table: &PlannedTable, name: &str) -> String {
    let Some((setting, (column, sql_type))) = table.parts.setting.zip(tenant_column(table.parts)) else {
        return String::new();
    };
    policy::statements(table.parts.name, name, &policy::condition(column, setting, sql_type))
}
