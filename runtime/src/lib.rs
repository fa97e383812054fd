#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]
// The guide's blocks read on from one another: the tests run them as one program.

// The generated code names this crate by its own name, also in this crate's examples.
extern crate self as tenantry;

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
mod order;
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
mod value;
mod wire;

pub use tenantry_macros::TenantTable;
pub use tokio_postgres;

pub use change_many::{ChangeChosen, ChangeMany};
pub use column::{Column, IntoValue, NotNull, Nullability, Nullable, Operand, Text};
pub use connection::Connection;
pub use database::{Database, DatabaseOptions};
pub use error::Error;
pub use executor::Executor;
pub use filter::Filter;
pub use order::Order;
pub use rows::Rows;
pub use scope::{Scope, SharedWriteScope, SharedWrites, TenantKeyOf, TenantScope, Unscoped, WriteScope};
pub use select::Select;
pub use statement::Statement;
pub use table::{KeyedTable, SharedTable, Table, TenantTable};
pub use tenant::{InvalidTenantId, KeyValue, Slug, TenantId, TenantKey};
pub use transaction::{IsolationLevel, Transaction, TransactionOptions};
pub use value::ColumnType;

/// What the derive's output is made of. Nothing here is for use by hand, and nothing here makes a scope.
#[doc(hidden)]
#[deprecated = "this is an implementation detail of the derive: use the repository that it writes"]
pub mod __ {
    pub use crate::change_many::SaysWhichRows;
    pub use crate::column::Side;
    pub use crate::executor::Lease;
    pub use crate::repository::Repository;
    pub use crate::row::Row;
    pub use crate::scope::Binding;
    pub use crate::table::{Assignments, Changes, Fixed, KeySql, NewRow, NewValues, TableSql};
    pub use crate::value::{Codec, Value};
}
