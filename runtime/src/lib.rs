#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Not in doc tests: the guide's blocks read on from one another, and the tests run them as one program.

mod across;
mod advisory;
mod arrays;
mod audit;
mod batch;
mod beside;
mod cache;
mod change;
mod column;
mod conflict;
mod connect;
mod connection;
mod copy;
mod cursor;
mod database;
mod ddl;
#[cfg(feature = "deadpool-postgres")]
mod deadpool;
mod definition;
mod error;
mod executor;
mod exists;
mod expression;
mod filter;
mod find;
mod fingerprint;
mod flight;
mod frequency;
mod insert;
mod insert_from;
#[cfg(feature = "inventory")]
mod inventory;
mod keyset;
mod load;
mod lock;
mod named;
mod new_rows;
mod number;
mod on_conflict;
mod operand;
mod order;
mod pages;
mod parts;
mod patience;
mod pool;
mod projection;
mod raw_value;
mod relation;
mod reply;
mod repository;
mod row;
mod row_security;
mod rows;
mod run;
mod scope;
mod select;
mod source;
mod sql;
mod sql_type;
mod statement;
mod table;
mod tenant;
mod transaction;
mod turns;
mod types;
mod value;
mod wire;

pub use tenantry_macros::{TenantRow, TenantTable};
pub use tokio_postgres;

pub use across::{Across, AcrossRows, AcrossTenants};
pub use audit::{Audit, Finding, Report, Severity};
pub use batch::{Batch, BatchItem, BatchItems, Batched, batch};
pub use beside::{Beside, ByRow, BySchema, Shared};
pub use change::{Assign, Assignment, ChangeChosen, ChangeMany, FitsIn};
pub use column::{Column, NotNull, Nullability, Nullable, Text};
pub use conflict::{ConflictKey, UpdatedColumns};
pub use connection::Connection;
pub use copy::{CopyIn, CopyOut, CopyProgress, CopyRows, RowSource};
pub use cursor::{Cursor, InvalidCursor};
pub use database::{Database, DatabaseOptions};
pub use ddl::{Ddl, Role, Script};
pub use definition::TableDefinition;
pub use error::Error;
pub use executor::Executor;
pub use exists::{Exists, exists};
pub use expression::{Expression, Grouped, count_rows, row_number};
pub use filter::Filter;
pub use find::Find;
pub use insert::Insert;
pub use insert_from::{InsertFrom, Targets, ToInsert};
#[cfg(feature = "inventory")]
#[cfg_attr(docsrs, doc(cfg(feature = "inventory")))]
pub use inventory::all_tables;
pub use load::{Chosen, Load, Loading, OfRelation, Relate, With};
pub use lock::{InTransaction, Locked};
pub use named::AnyColumn;
pub use number::{AveragesTo, Number, SumsTo};
pub use on_conflict::OnConflict;
pub use operand::{IntoValue, Operand};
pub use order::{Order, OrderBy};
pub use pages::{Page, PagedSelect};
pub use projection::{Gives, Projection};
pub use relation::{ColumnsOf, KeyFor, ToMany, ToOne};
pub use rows::Rows;
pub use scope::{Scope, SharedWriteScope, SharedWrites, TenantKeyOf, TenantScope, Unscoped, WriteScope};
pub use select::{InEachTenant, InScope, Select};
pub use source::{Join, Joined, KeyedSource, Source};
pub use sql_type::SqlType;
pub use statement::Statement;
pub use table::{KeyedTable, SharedTable, Table, TenantTable};
pub use tenant::{InvalidTenantId, KeyValue, LogicalSchemas, Slug, TenantId, TenantKey};
pub use transaction::{IsolationLevel, Transaction, TransactionOptions};
pub use value::ColumnType;

/// What the derive's output is made of. Nothing here is for use by hand, and nothing here makes a scope.
///
/// Types are aliases, because a deprecation does not reach what is re-exported.
#[doc(hidden)]
#[deprecated = "this is an implementation detail of the derive: use the repository that it writes"]
pub mod __ {
    pub use crate::across::RunsAlone;
    pub use crate::change::SaysWhichRows;
    pub use crate::column::CanBeNull;
    pub use crate::on_conflict::SaysWhatToDo;
    pub use crate::sql_type::NoSqlType;
    pub use crate::table::{Changes, NewRow};

    pub type Assignments = crate::table::Assignments;
    pub type Binding = crate::scope::Binding;
    pub type Codec<V> = crate::value::Codec<V>;
    pub type ColumnParts = crate::definition::ColumnParts;
    pub type Derived = crate::table::Derived;
    pub type FixedQuery<T> = crate::table::FixedQuery<T>;
    pub type Given = crate::definition::Given;
    pub type IsolationParts = crate::definition::IsolationParts;
    pub type KeyParts = crate::definition::KeyParts;
    pub type KeySql<T> = crate::table::KeySql<T>;
    pub type OnDelete = crate::definition::OnDelete;
    pub type NewValues = crate::table::NewValues;
    pub type Repository<T, S = crate::Unscoped> = crate::repository::Repository<T, S>;
    pub type Row<'r> = crate::row::Row<'r>;
    pub type Expressions = Vec<crate::expression::Expr>;
    pub type ForeignKey<C, P, V> = crate::relation::ForeignKey<C, P, V>;
    pub type TableIn<Q, N> = crate::projection::TableIn<Q, N>;
    pub type SqlTypeOf<V> = crate::sql_type::SqlTypeOf<V>;
    pub type TableParts = crate::definition::TableParts;
    pub type TableSql<T> = crate::table::TableSql<T>;
    pub type TableTexts = crate::table::TableTexts;
    pub type Target<'e> = crate::executor::Target<'e>;
    pub type Value = crate::value::Value;

    /// Registers a table for `all_tables`, where the feature is on.
    #[cfg(feature = "inventory")]
    #[macro_export]
    #[doc(hidden)]
    macro_rules! __register {
        ($table:ty) => {
            $crate::__::inventory::submit! {
                $crate::__::Registered::new(<$table as $crate::Table>::DEFINITION)
            }
        };
    }

    #[cfg(not(feature = "inventory"))]
    #[macro_export]
    #[doc(hidden)]
    macro_rules! __register {
        ($table:ty) => {};
    }

    pub use crate::__register as register;
    #[cfg(feature = "inventory")]
    pub use ::inventory;
    #[cfg(feature = "inventory")]
    pub type Registered = crate::inventory::Registered;

    type Fragments = &'static [&'static str];

    #[must_use]
    pub const fn query<T: crate::Table>(text: Fragments) -> FixedQuery<T> {
        FixedQuery::new(text)
    }

    #[must_use]
    pub const fn key_sql<T: crate::Table>(
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

    #[must_use]
    pub const fn table_definition(parts: TableParts) -> crate::TableDefinition {
        crate::TableDefinition::new(parts)
    }

    /// The SQL type of a table's tenant column.
    #[must_use]
    pub const fn tenant_sql_type<T: crate::TenantTable>() -> &'static str {
        crate::definition::tenant_sql_type::<T>()
    }

    #[must_use]
    pub fn reference_parts<C, P>(
        relation: crate::ToOne<C, P>,
        on_delete: OnDelete,
    ) -> crate::definition::ReferenceParts {
        relation.parts(on_delete)
    }

    /// The kind of a table's tenants.
    #[must_use]
    pub fn kind_of_tenants<T: crate::TenantTable>() -> std::any::TypeId {
        crate::definition::kind_of_tenants::<T>()
    }

    /// Stops the build where the tenants of a table have no such schema.
    #[track_caller]
    pub const fn check_logical_schema<T: crate::TenantTable>(name: &str) {
        crate::LogicalSchemas::check_table::<T>(name);
    }

    #[must_use]
    pub const fn table_in<Q, N>(relation: u32) -> TableIn<Q, N> {
        TableIn::new(relation)
    }

    #[must_use]
    pub const fn foreign_key<P: crate::KeyFor<C::Isolation, V>, C: crate::Table, V>(
        column: &'static str,
        codec: &'static Codec<V>,
        key_in: fn(&C) -> Option<&V>,
    ) -> ForeignKey<C, P, V> {
        ForeignKey::new(column, codec, key_in)
    }

    #[must_use]
    pub const fn to_one<C, P, V>(foreign_key: &'static ForeignKey<C, P, V>) -> crate::ToOne<C, P>
    where
        ForeignKey<C, P, V>: crate::relation::Reference<C, P>,
    {
        crate::ToOne(foreign_key)
    }

    /// A column, by its name as it stands in SQL.
    #[must_use]
    pub const fn column<Q, V, N>(
        name: &'static str,
        codec: &'static Codec<V>,
        relation: u32,
    ) -> crate::Column<Q, V, N> {
        crate::Column::new(name, codec, relation)
    }
}
