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
}

/// A statement with or without the rows that it writes.
pub(crate) struct Statement {
    pub(crate) text: Text,
    /// ` RETURNING ..`, or nothing.
    pub(crate) returning: String,
}

/// All texts of a table. Those that end before `WHERE` or `VALUES` are continued by the runtime.
pub(crate) struct Statements {
    /// `"tenant_id" = $1`, or nothing.
    pub(crate) tenant: String,
    pub(crate) select: Text,
    pub(crate) count: Text,
    pub(crate) exists: Text,
    pub(crate) insert: Text,
    pub(crate) insert_one: Statement,
    pub(crate) update: Text,
    pub(crate) delete: Text,
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
        Self { fragments: vec![text.to_owned()] }
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
            Isolation::Schema { .. } => {
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
        self.fragments.join("\"{tenant}\"")
    }
}

impl Statements {
    pub(crate) fn new(model: &Model) -> Self {
        let columns = quoted(&model.columns);
        let select = Text::new(&format!("SELECT {columns} FROM ")).relation(model);
        let insert = insert_head(model);
        let returning = format!(" RETURNING {columns}");
        let delete = Text::new("DELETE FROM ").relation(model);
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
            tenant: tenant_condition(model).unwrap_or_default(),
            count: Text::new("SELECT count(*) FROM ").relation(model),
            exists: Text::new("SELECT EXISTS (SELECT 1 FROM ").relation(model),
            insert_one: with_rows(insert.clone().push(&first_row(model))),
            update: Text::new("UPDATE ").relation(model).push(" SET "),
            by_unique: model.unique_keys.iter().map(by_unique).collect(),
            select,
            insert,
            delete,
            returning,
            by_key,
        }
    }
}

fn quoted<'c>(columns: impl IntoIterator<Item = &'c Column>) -> String {
    columns.into_iter().map(|column| column.name.quoted()).collect::<Vec<_>>().join(", ")
}

fn tenant_condition(model: &Model) -> Option<String> {
    match &model.isolation {
        Isolation::Row { column, .. } => Some(format!("{} = $1", column.quoted())),
        Isolation::Schema { .. } | Isolation::Shared { .. } => None,
    }
}

/// ` WHERE "tenant_id" = $1 AND "id" = $2`
fn condition<'c>(
    model: &Model,
    columns: impl Iterator<Item = &'c Column>,
    comparison: impl Fn(String) -> String,
) -> String {
    let tenant = tenant_condition(model);
    let first = 1 + usize::from(tenant.is_some());
    let by_columns = columns
        .zip(first..)
        .map(|(column, number)| format!("{} {}", column.name.quoted(), comparison(format!("${number}"))));
    let conditions: Vec<_> = tenant.into_iter().chain(by_columns).collect();
    format!(" WHERE {}", conditions.join(" AND "))
}

/// `INSERT INTO table ("tenant_id", "email") VALUES `
fn insert_head(model: &Model) -> Text {
    let mut columns = Vec::new();
    if let Isolation::Row { column, .. } = &model.isolation {
        columns.push(column.quoted());
    }
    columns.extend(inserted(model).map(|column| column.name.quoted()));
    Text::new("INSERT INTO ").relation(model).push(&format!(" ({}) VALUES ", columns.join(", ")))
}

/// The columns of an insert. Where the database makes them all, the first is given as `DEFAULT`: a row
/// needs one.
fn inserted(model: &Model) -> impl Iterator<Item = &Column> {
    let all_generated = model.insertable().next().is_none();
    model.insertable().chain(model.columns.iter().take(usize::from(all_generated)))
}

/// `($1, $2)`, each column with a value of its own.
fn first_row(model: &Model) -> String {
    let tenant = usize::from(matches!(model.isolation, Isolation::Row { .. }));
    let values: Vec<_> = (1..=tenant + inserted(model).count()).map(|number| format!("${number}")).collect();
    format!("({})", values.join(", "))
}
