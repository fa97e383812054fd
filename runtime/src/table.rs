//! What the derive says of a table. Everything here is written by `#[derive(TenantTable)]`.

use std::marker::PhantomData;

use crate::column::{Column, Nullability};
use crate::copy::Encoder;
use crate::definition::TableDefinition;
use crate::error::Error;
use crate::relation::ColumnsOf;
use crate::row::Row;
use crate::sql::{Fragments, Relation};
use crate::tenant::TenantKey;
use crate::value::Value;

/// A table that has a struct; implemented by `#[derive(TenantTable)]` alone.
///
/// It is either a [`TenantTable`] or a [`SharedTable`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table",
    label = "this struct has no `#[derive(TenantTable)]`"
)]
pub trait Table: Sized + Send + 'static {
    /// The typed columns in query `Q`, given to the closures of `filter`, `order_by` and others. `N` is
    /// [`Nullable`](crate::Nullable) where the table is left-joined.
    type Columns<Q, N: Nullability>: Copy + ColumnsOf<Self, Q>;
    /// A row to insert, without what the database makes.
    type New: NewRow;
    /// A partial update.
    type Changes: Changes;

    /// How its rows are kept apart: [`BySchema`](crate::BySchema), [`ByRow`](crate::ByRow) or
    /// [`Shared`](crate::Shared).
    type Isolation: 'static;

    /// What the struct says of its table, for DDL and for an audit.
    const DEFINITION: &'static TableDefinition;

    #[doc(hidden)]
    fn columns<Q, N: Nullability>(relation: Relation) -> Self::Columns<Q, N>;
    #[doc(hidden)]
    const SQL: &'static TableSql<Self>;
    #[doc(hidden)]
    fn decode(row: &Row<'_>) -> Result<Self, Error>;
    #[doc(hidden)]
    fn only_the_derive_implements_this(_: Derived);
}

/// A table whose rows belong to tenants: isolated by schema or by row.
pub trait TenantTable: Table {
    /// The type of the tenants' keys.
    type TenantKey: TenantKey;

    #[doc(hidden)]
    fn only_the_derive_implements_this(_: Derived);
}

/// A table whose rows are the same for all tenants.
pub trait SharedTable: Table {
    #[doc(hidden)]
    fn only_the_derive_implements_this(_: Derived);
}

/// A table with a primary key.
pub trait KeyedTable: Table {
    #[doc(hidden)]
    const BY_KEY: &'static KeySql<Self>;
    #[doc(hidden)]
    fn only_the_derive_implements_this(_: Derived);
}

/// The values of a row to insert, in the order of the table's insertable columns.
pub trait NewRow {
    #[doc(hidden)]
    fn values(self, values: &mut NewValues);
}

/// The columns that a partial update sets.
pub trait Changes {
    #[doc(hidden)]
    fn assignments(self, assignments: &mut Assignments);
}

/// The values of a row to insert: collected for a statement, or written for a COPY as they come.
#[derive(Debug, Default)]
pub struct NewValues(pub(crate) Vec<Option<Value>>, Option<Box<Encoder>>);

impl NewValues {
    /// The next column's value.
    pub fn push<T, V, N: Nullability>(&mut self, column: Column<T, V, N>, value: N::Field<V>) {
        match &mut self.1 {
            None => self.0.push(Some(column.bind(value))),
            Some(encoder) => encoder.value(|ty, out| column.encode(&value, ty, out)),
        }
    }

    /// The next column's value, or the database's default.
    pub fn push_or_default<T, V, N: Nullability>(&mut self, column: Column<T, V, N>, value: Option<N::Field<V>>) {
        match (&mut self.1, value) {
            (None, value) => self.0.push(value.map(|value| column.bind(value))),
            (Some(encoder), Some(value)) => encoder.value(|ty, out| column.encode(&value, ty, out)),
            (Some(encoder), None) => encoder.left_out(),
        }
    }

    /// For the rows of a COPY.
    pub(crate) fn copied(encoder: Encoder) -> Self {
        Self(Vec::new(), Some(Box::new(encoder)))
    }

    pub(crate) fn encoder(&self) -> Option<&Encoder> {
        self.1.as_deref()
    }

    pub(crate) fn encoder_mut(&mut self) -> Option<&mut Encoder> {
        self.1.as_deref_mut()
    }
}

/// The columns that an update sets, with their values.
#[derive(Debug, Default)]
pub struct Assignments(pub(crate) Vec<(&'static str, Value)>);

impl Assignments {
    /// Sets a column where the change has a value for it.
    pub fn set<T, V, N: Nullability>(&mut self, column: Column<T, V, N>, value: Option<N::Field<V>>) {
        self.0.extend(value.map(|value| (column.name(), column.bind(value))));
    }
}

/// A statement's text that is known when the program is compiled, but for the schema's name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FixedText {
    /// The text before `returning`, in pieces around the schema's name.
    pub(crate) fragments: Fragments,
    /// ` RETURNING ..`, or nothing for a query.
    pub(crate) returning: &'static str,
    /// Tables of one name in different logical schemas may have the same text, and columns of other types.
    pub(crate) logical_schema: Option<&'static str>,
}

impl FixedText {
    const fn of<T: Table>(fragments: Fragments, returning: &'static str) -> Self {
        Self { fragments, returning, logical_schema: T::SQL.texts.logical_schema }
    }
}

/// A fixed query of table `T`.
#[derive(Debug)]
pub struct FixedQuery<T> {
    pub(crate) text: FixedText,
    table: PhantomData<fn() -> T>,
}

impl<T: Table> FixedQuery<T> {
    pub(crate) const fn new(fragments: Fragments) -> Self {
        Self { text: FixedText::of::<T>(fragments, ""), table: PhantomData }
    }
}

/// The texts of a table's statements.
#[derive(Debug)]
pub struct TableTexts {
    /// The table's name, for errors.
    pub table: &'static str,
    /// The tenant column of a row table. Empty where the schema names the tenant, or nothing does.
    pub tenant: &'static str,
    /// The setting by which row-level security knows the tenant, if the table has it.
    pub setting: Option<&'static str>,
    /// The logical schema of the tenant that holds it, if it is not the tenant's own.
    pub logical_schema: Option<&'static str>,
    /// The column that holds when a row was deleted softly, or nothing.
    pub deleted: &'static str,
    /// The column that counts the changes of a row, or nothing.
    pub version: &'static str,
    /// The struct's fields.
    pub fields: &'static [&'static str],
    /// Their columns, as they stand in SQL.
    pub columns: &'static [&'static str],
    /// The columns that an insert gives, as they stand in SQL.
    pub inserted: &'static [&'static str],
    /// The columns of the primary key, as they stand in SQL.
    pub primary_key: &'static [&'static str],
    /// `"app"."customer"`
    pub relation: Fragments,
    /// `SELECT columns FROM table`
    pub select: Fragments,
    /// `INSERT INTO table (columns) VALUES `
    pub insert: Fragments,
    /// `INSERT INTO table (`
    pub insert_into: Fragments,
    /// The whole insert of one row that gives each column a value.
    pub insert_one: Fragments,
    /// ` RETURNING columns`
    pub returning: &'static str,
}

impl TableTexts {
    /// Whether the schema names the tenant.
    pub(crate) fn is_by_schema(&self) -> bool {
        self.relation.len() > 1
    }
}

/// The statements of table `T`.
#[derive(Debug)]
pub struct TableSql<T> {
    pub(crate) texts: TableTexts,
    pub(crate) insert_one: FixedText,
    table: PhantomData<fn() -> T>,
}

impl<T> TableSql<T> {
    pub(crate) const fn new(texts: TableTexts) -> Self {
        let TableTexts { insert_one: fragments, returning, logical_schema, .. } = texts;
        let insert_one = FixedText { fragments, returning, logical_schema };
        Self { texts, insert_one, table: PhantomData }
    }
}

/// The statements of table `T` by primary key.
#[derive(Debug)]
pub struct KeySql<T> {
    /// The key's columns, as they stand in SQL.
    pub(crate) columns: &'static [&'static str],
    pub(crate) find: FixedQuery<T>,
    pub(crate) delete: FixedText,
}

impl<T: Table> KeySql<T> {
    pub(crate) const fn new(
        columns: &'static [&'static str],
        find: Fragments,
        delete: Fragments,
        returning: &'static str,
    ) -> Self {
        Self { columns, find: FixedQuery::new(find), delete: FixedText::of::<T>(delete, returning) }
    }
}

/// Only the derive's output can name this, so that nobody else implements what asks for it.
#[derive(Debug, Clone, Copy)]
pub struct Derived;
