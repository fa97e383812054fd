//! What the derive says of a table. Everything here is written by `#[derive(TenantTable)]`.

use std::marker::PhantomData;

use crate::column::{Column, Nullability};
use crate::error::Error;
use crate::row::Row;
use crate::sql::Fragments;
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
    /// The typed columns, given to the closures of `filter` and `order_by`.
    type Columns: Copy;
    /// A row to insert, without what the database makes.
    type New: NewRow;
    /// A partial update.
    type Changes: Changes;

    #[doc(hidden)]
    const COLUMNS: Self::Columns;
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

/// The values of a row to insert.
#[derive(Debug, Default)]
pub struct NewValues(pub(crate) Vec<Option<Value>>);

impl NewValues {
    /// The next column's value.
    pub fn push<T, V, N: Nullability>(&mut self, column: Column<T, V, N>, value: N::Field<V>) {
        self.0.push(Some(column.bind(value)));
    }

    /// The next column's value, or the database's default.
    pub fn push_or_default<T, V, N: Nullability>(&mut self, column: Column<T, V, N>, value: Option<N::Field<V>>) {
        self.0.push(value.map(|value| column.bind(value)));
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.0.iter().all(Option::is_some)
    }

    /// The values, where each column has one; otherwise itself back.
    pub(crate) fn complete(self) -> Result<Vec<Value>, Self> {
        match self.is_complete() {
            true => Ok(self.0.into_iter().flatten().collect()),
            false => Err(self),
        }
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
}

/// A fixed query of table `T`.
#[derive(Debug)]
pub struct FixedQuery<T> {
    pub(crate) text: FixedText,
    table: PhantomData<fn() -> T>,
}

impl<T> FixedQuery<T> {
    pub(crate) const fn new(fragments: Fragments) -> Self {
        Self { text: FixedText { fragments, returning: "" }, table: PhantomData }
    }
}

/// The texts of a table's statements.
#[derive(Debug)]
pub struct TableTexts {
    /// The table's name, for errors.
    pub table: &'static str,
    /// The tenant's condition of a row table: `"tenant_id" = $1`. Empty where the schema names the tenant.
    pub tenant: &'static str,
    /// `SELECT columns FROM table`
    pub select: Fragments,
    /// `SELECT count(*) FROM table`
    pub count: Fragments,
    /// `SELECT EXISTS (SELECT 1 FROM table`
    pub exists: Fragments,
    /// `INSERT INTO table (columns) VALUES `
    pub insert: Fragments,
    /// The whole insert of one row that gives each column a value.
    pub insert_one: Fragments,
    /// `UPDATE table SET `
    pub update: Fragments,
    /// `DELETE FROM table`
    pub delete: Fragments,
    /// ` RETURNING columns`
    pub returning: &'static str,
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
        let insert_one = FixedText { fragments: texts.insert_one, returning: texts.returning };
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

impl<T> KeySql<T> {
    pub(crate) const fn new(
        columns: &'static [&'static str],
        find: Fragments,
        delete: Fragments,
        returning: &'static str,
    ) -> Self {
        Self { columns, find: FixedQuery::new(find), delete: FixedText { fragments: delete, returning } }
    }
}

/// Only the derive's output can name this, so that nobody else implements what asks for it.
#[derive(Debug, Clone, Copy)]
pub struct Derived;
