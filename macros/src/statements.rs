//! The SQL of a table: the one place where statement text is written.
//!
//! Each relation is scoped where it is named: by the tenant's schema, or by the tenant column beside it.
//! Columns are named, never `*`. The tenant of a row table is `$1`, and in no `SET` list.

use crate::model::{Column, Isolation, Model, UniqueKey};

/// SQL text, open where the name of the tenant's schema goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text {
    /// Joined by the quoted schema.
    fragments: Vec<String>,
    /// What documentation shows for it.
    schema: String,
}

/// A statement with or without the rows that it writes.
pub(crate) struct Statement {
    pub(crate) text: Text,
    /// ` RETURNING ..`, or nothing.
    pub(crate) returning: String,
}

/// All texts of a table. Those that end before `WHERE` or the columns of an insert are continued by the runtime.
pub(crate) struct Statements {
    /// `"tenant_id"`, or nothing.
    pub(crate) tenant: String,
    /// The column that counts the changes of a row, or nothing.
    pub(crate) version: String,
    /// The column that holds when a row was deleted, or nothing.
    pub(crate) deleted: String,
    pub(crate) columns: Vec<String>,
    /// The columns of an insert.
    pub(crate) inserted: Vec<String>,
    /// The columns of the primary key.
    pub(crate) primary_key: Vec<String>,
    pub(crate) relation: Text,
    pub(crate) select: Text,
    pub(crate) insert: Text,
    pub(crate) insert_into: Text,
    pub(crate) insert_one: Statement,
    /// As the runtime writes it where each row gives every column.
    pub(crate) insert_many: Statement,
    pub(crate) returning: String,
    pub(crate) by_key: Option<ByKey>,
    /// One for each of the model's unique keys.
    pub(crate) by_unique: Vec<Statement>,
}

/// The statements by primary key.
pub(crate) struct ByKey {
    pub(crate) columns: Vec<String>,
    pub(crate) find: Statement,
    /// Of a key with one column only: several columns make no array.
    pub(crate) find_many: Option<Statement>,
    pub(crate) delete: Statement,
}

impl Text {
    fn new(text: &str) -> Self {
        Self { fragments: vec![text.to_owned()], schema: String::new() }
    }

    fn push(mut self, text: &str) -> Self {
        if let Some(last) = self.fragments.last_mut() {
            last.push_str(text);
        }
        self
    }

    /// The table, with its schema.
    fn relation(mut self, model: &Model) -> Self {
        let table = model.table.quoted();
        match &model.isolation {
            Isolation::Schema { logical, .. } => {
                self.schema = match logical {
                    None => "{tenant}".to_owned(),
                    Some(logical) => format!("{{tenant's {}}}", logical.name.as_str()),
                };
                self.fragments.push(format!(".{table}"));
                self
            }
            Isolation::Row { schema, .. } | Isolation::Shared { schema } => {
                self.push(&format!("{}.{table}", schema.quoted()))
            }
        }
    }

    pub(crate) fn fragments(&self) -> &[String] {
        &self.fragments
    }

    /// As documentation shows it.
    pub(crate) fn readable(&self) -> String {
        self.fragments.join(&format!("\"{}\"", self.schema))
    }
}

impl Statements {
    /// What every condition begins with, as documentation shows it.
    pub(crate) fn scope(&self) -> Vec<String> {
        self.scope_of("$1")
    }

    /// The same, where the tenant stands so in the text.
    pub(crate) fn scope_of(&self, tenant: &str) -> Vec<String> {
        let tenant = Some(format!("{} = {tenant}", self.tenant)).filter(|_| !self.tenant.is_empty());
        let living = Some(format!("{} IS NULL", self.deleted)).filter(|_| !self.deleted.is_empty());
        tenant.into_iter().chain(living).collect()
    }

    pub(crate) fn new(model: &Model) -> Self {
        let columns = quoted(&model.columns);
        let select = Text::new(&format!("SELECT {columns} FROM ")).relation(model);
        let insert_into = Text::new("INSERT INTO ").relation(model).push(" (");
        let insert = insert_into.clone().push(&format!("{}) VALUES ", inserted_with_tenant(model).join(", ")));
        let returning = format!(" RETURNING {columns}");
        let delete = match model.soft_delete() {
            None => Text::new("DELETE FROM ").relation(model),
            Some(deleted) => {
                let set = format!(" SET {} = now(){}", deleted.name.quoted(), counted(model));
                Text::new("UPDATE ").relation(model).push(&set)
            }
        };
        let with_rows = |text| Statement { text, returning: returning.clone() };
        let query = |text| Statement { text, returning: String::new() };

        let by_key = model.has_key().then(|| {
            let condition = condition(model, model.key(), |parameter| format!("= {parameter}"));
            let one_column = model.key().count() == 1;
            ByKey {
                columns: model.key().map(|column| column.name.quoted()).collect(),
                find: query(select.clone().push(&condition)),
                find_many: one_column.then(|| {
                    let any = self::condition(model, model.key(), |parameter| format!("= ANY({parameter})"));
                    query(select.clone().push(&any))
                }),
                delete: with_rows(delete.clone().push(&condition)),
            }
        });
        let by_unique = |key: &UniqueKey| {
            let condition = condition(model, model.columns_of(key), |parameter| format!("= {parameter}"));
            query(select.clone().push(&condition))
        };

        Self {
            tenant: tenant_column(model).unwrap_or_default(),
            version: model.version().map(|column| column.name.quoted()).unwrap_or_default(),
            deleted: model.soft_delete().map(|column| column.name.quoted()).unwrap_or_default(),
            columns: model.columns.iter().map(|column| column.name.quoted()).collect(),
            inserted: inserted(model).map(|column| column.name.quoted()).collect(),
            primary_key: model.key().map(|column| column.name.quoted()).collect(),
            relation: Text::new("").relation(model),
            insert_one: with_rows(insert.clone().push(&one_row(model))),
            insert_many: with_rows(insert_into.clone().push(&many_rows(model))),
            by_unique: model.unique_keys.iter().map(by_unique).collect(),
            select,
            insert,
            insert_into,
            returning,
            by_key,
        }
    }
}

/// `, "version" = "version" + 1`, or nothing.
pub(crate) fn counted(model: &Model) -> String {
    let version = model.version().map(|column| column.name.quoted());
    version.map(|version| format!(", {version} = {version} + 1")).unwrap_or_default()
}

fn quoted<'c>(columns: impl IntoIterator<Item = &'c Column>) -> String {
    columns.into_iter().map(|column| column.name.quoted()).collect::<Vec<_>>().join(", ")
}

fn tenant_column(model: &Model) -> Option<String> {
    match &model.isolation {
        Isolation::Row { column, .. } => Some(column.quoted()),
        Isolation::Schema { .. } | Isolation::Shared { .. } => None,
    }
}

/// ` WHERE "tenant_id" = $1 AND "id" = $2`
fn condition<'c>(
    model: &Model,
    columns: impl Iterator<Item = &'c Column>,
    comparison: impl Fn(String) -> String,
) -> String {
    let tenant = tenant_column(model).map(|column| format!("{column} = $1"));
    let first = 1 + usize::from(tenant.is_some());
    let by_columns = columns
        .zip(first..)
        .map(|(column, number)| format!("{} {}", column.name.quoted(), comparison(format!("${number}"))));
    let living = model.soft_delete().map(|column| format!("{} IS NULL", column.name.quoted()));
    let conditions: Vec<_> = tenant.into_iter().chain(living).chain(by_columns).collect();
    format!(" WHERE {}", conditions.join(" AND "))
}

/// The columns of an insert. Where the database makes them all, the first is given as `DEFAULT`: a row
/// needs one.
fn inserted(model: &Model) -> impl Iterator<Item = &Column> {
    let all_generated = model.insertable().next().is_none();
    model.insertable().chain(model.columns.iter().take(usize::from(all_generated)))
}

/// `"tenant_id"`, `"email"`
fn inserted_with_tenant(model: &Model) -> Vec<String> {
    tenant_column(model).into_iter().chain(inserted(model).map(|column| column.name.quoted())).collect()
}

/// `($1, $2)`, each column with a value of its own.
fn one_row(model: &Model) -> String {
    let values: Vec<_> = (1..=inserted_with_tenant(model).len()).map(|number| format!("${number}")).collect();
    format!("({})", values.join(", "))
}

/// `"tenant_id", "email") SELECT $1, pg_catalog.unnest($2)`, each column with an array of its values.
fn many_rows(model: &Model) -> String {
    let columns = inserted_with_tenant(model);
    let has_tenant = tenant_column(model).is_some();
    let value = |number| match number {
        1 if has_tenant => "$1".to_owned(),
        _ => format!("pg_catalog.unnest(${number})"),
    };
    let values: Vec<_> = (1..=columns.len()).map(value).collect();
    format!("{}) SELECT {}", columns.join(", "), values.join(", "))
}
