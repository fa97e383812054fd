#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Not in doc tests: the guide's blocks read on from one another, and the tests run them as one program.

mod cache;
mod change_many;
mod column;
mod connect;
mod connection;
mod database;
#[cfg(feature = "deadpool-postgres")]
mod deadpool;
mod error;
mod executor;
mod filter;
mod flight;
mod frequency;
mod operand;
mod order;
mod patience;
mod pool;
mod repository;
mod row;
mod rows;
mod run;
mod scope;
mod select;
mod sql;
mod statement;
mod table;
mod tenant;
mod transaction;
mod types;
mod value;
mod wire;

pub use tenantry_macros::TenantTable;
pub use tokio_postgres;

pub use change_many::{ChangeChosen, ChangeMany};
pub use column::{Column, NotNull, Nullability, Nullable, Text};
pub use connection::Connection;
pub use database::{Database, DatabaseOptions};
pub use error::Error;
pub use executor::Executor;
pub use filter::Filter;
pub use operand::{IntoValue, Operand};
pub use order::{Order, OrderBy};
pub use rows::Rows;
pub use scope::{Scope, SharedWriteScope, SharedWrites, TenantKeyOf, TenantScope, Unscoped, WriteScope};
pub use select::Select;
pub use statement::Statement;
pub use table::{KeyedTable, SharedTable, Table, TenantTable};
pub use tenant::{InvalidTenantId, KeyValue, Slug, TenantId, TenantKey};
pub use transaction::{IsolationLevel, Transaction, TransactionOptions};
pub use value::ColumnType;

/// What the derive's output is made of. Nothing here is for use by hand, and nothing here makes a scope.
///
/// Types are aliases, because a deprecation does not reach what is re-exported.
#[doc(hidden)]
#[deprecated = "this is an implementation detail of the derive: use the repository that it writes"]
pub mod __ {
    pub use crate::change_many::SaysWhichRows;
    pub use crate::column::CanBeNull;
    pub use crate::table::{Changes, NewRow};

    pub type Assignments = crate::table::Assignments;
    pub type Binding = crate::scope::Binding;
    pub type Codec<V> = crate::value::Codec<V>;
    pub type Derived = crate::table::Derived;
    pub type FixedQuery<T> = crate::table::FixedQuery<T>;
    pub type KeySql<T> = crate::table::KeySql<T>;
    pub type NewValues = crate::table::NewValues;
    pub type Repository<T, S = crate::Unscoped> = crate::repository::Repository<T, S>;
    pub type Row<'r> = crate::row::Row<'r>;
    pub type Side = crate::operand::Side;
    pub type TableSql<T> = crate::table::TableSql<T>;
    pub type TableTexts = crate::table::TableTexts;
    pub type Target<'e> = crate::executor::Target<'e>;
    pub type Value = crate::value::Value;

    type Fragments = &'static [&'static str];

    #[must_use]
    pub const fn query<T>(text: Fragments) -> FixedQuery<T> {
        FixedQuery::new(text)
    }

    #[must_use]
    pub const fn key_sql<T>(
        columns: &'static [&'static str],
        find: Fragments,
        delete: Fragments,
        returning: &'static str,
    ) -> KeySql<T> {
        KeySql::new(columns, find, delete, returning)
    }

    #[must_use]
    pub const fn table_sql<T>(texts: TableTexts) -> TableSql<T> {
        TableSql::new(texts)
    }

    /// A column, by its name as it stands in SQL.
    #[must_use]
    pub const fn column<T, V, N>(name: &'static str, codec: &'static Codec<V>) -> crate::Column<T, V, N> {
        crate::Column::new(name, codec)
    }
}
