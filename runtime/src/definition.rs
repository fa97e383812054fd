//! What a struct says of its table, as data: DDL is made of it, and a live database is compared with it.

use std::any::TypeId;
use std::fmt;

use tokio_postgres::types::Type;

use crate::table::TenantTable;
use crate::tenant::{KeyValue, TenantKey};

/// What a struct says of its table: what [DDL](crate::Ddl) is made of and what an audit compares a live database with.
///
/// It is `Customer::DEFINITION`, a constant of the trait [`Table`](crate::Table), which the derive writes.
pub struct TableDefinition {
    pub(crate) parts: TableParts,
}

/// The parts of a table's definition. Names are without quotes.
#[derive(Debug)]
pub struct TableParts {
    /// The struct.
    pub rust: &'static str,
    /// The table's name.
    pub name: &'static str,
    /// How its rows are kept apart.
    pub isolation: IsolationParts,
    /// In the order of the fields; the tenant column is none of them.
    pub columns: &'static [ColumnParts],
    /// Positions of the columns of the primary key, in their order. None of them for a table without a key.
    pub primary_key: &'static [usize],
    /// What no two rows of a tenant have in common.
    pub unique_keys: &'static [KeyParts],
    /// What finds its rows fast.
    pub indexes: &'static [KeyParts],
    /// What is true of each row, as it stands in SQL.
    pub checks: &'static [&'static str],
    /// The setting by which row-level security knows the tenant, where the table has it.
    pub setting: Option<&'static str>,
    /// The documentation of the struct.
    pub comment: &'static str,
}

/// How a table's rows are kept apart, and where it is.
#[derive(Debug)]
pub enum IsolationParts {
    /// A table per tenant.
    Schema {
        /// The logical schema, if it is not the tenant's own.
        logical: Option<&'static str>,
        /// The kind of its tenants' keys.
        tenants: fn() -> TypeId,
    },
    /// One table with a tenant column.
    Row {
        /// The schema that holds it.
        schema: &'static str,
        /// The tenant column.
        column: &'static str,
        /// Its type, as it stands in SQL.
        sql_type: &'static str,
        /// The kind of its tenants' keys.
        tenants: fn() -> TypeId,
    },
    /// The same rows for all.
    Shared {
        /// The schema that holds it.
        schema: &'static str,
    },
}

/// A field's column.
#[derive(Debug)]
pub struct ColumnParts {
    /// The field.
    pub field: &'static str,
    /// The column.
    pub name: &'static str,
    /// Its type as the attribute gives it.
    pub given_type: Option<&'static str>,
    /// The SQL type of its Rust type.
    pub sql_type: Option<&'static str>,
    /// How the database makes a value, for a column of this Rust type.
    pub makes_value: Option<&'static str>,
    /// Whether values of its Rust type are read from a column of this type.
    pub accepts: fn(&Type) -> bool,
    /// Whether it can be NULL.
    pub nullable: bool,
    /// What an insert does with it.
    pub given: Given,
    /// Its default, as it stands in SQL.
    pub default: Option<&'static str>,
    /// What it is generated from, as it stands in SQL.
    pub generated: Option<&'static str>,
    /// What is true of each value, as it stands in SQL.
    pub checks: &'static [&'static str],
    /// The row to which it refers.
    pub reference: Option<fn() -> ReferenceParts>,
    /// The documentation of the field.
    pub comment: &'static str,
}

/// Who gives a new row's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// Every insert.
    Always,
    /// An insert, or else the database by a default.
    OrDefault,
    /// The database.
    Never,
    /// The database first, then the library with each change: a version.
    Version,
    /// The library, when the row is deleted.
    SoftDelete,
}

/// The key to which a column refers.
#[derive(Debug)]
pub struct ReferenceParts {
    /// The other table.
    pub table: &'static TableDefinition,
    /// What becomes of a row when the one is deleted to which it refers.
    pub on_delete: OnDelete,
}

/// What becomes of a row when the one is deleted to which it refers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDelete {
    /// The other cannot be deleted, as the database sees at the end of the statement.
    NoAction,
    /// The other cannot be deleted.
    Restrict,
    /// It is deleted as well.
    Cascade,
    /// It refers to none.
    SetNull,
}

/// A unique key or an index.
#[derive(Debug)]
pub struct KeyParts {
    /// Its own name, or that of its one field.
    pub name: &'static str,
    /// Positions of its columns.
    pub columns: &'static [usize],
}

impl TableDefinition {
    /// The type of the tenant column, as it stands in SQL; nothing where there is none.
    pub(crate) const fn tenant_cast(&self) -> &'static str {
        match self.parts.isolation {
            IsolationParts::Row { sql_type, .. } => sql_type,
            _ => "",
        }
    }

    pub(crate) const fn new(parts: TableParts) -> Self {
        Self { parts }
    }

    /// The table's name, without quotes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.parts.name
    }

    /// The schema that holds it; of a table isolated by schema the logical one, if it is not the tenant's own.
    #[must_use]
    pub const fn schema(&self) -> Option<&'static str> {
        match self.parts.isolation {
            IsolationParts::Schema { logical, .. } => logical,
            IsolationParts::Row { schema, .. } | IsolationParts::Shared { schema } => Some(schema),
        }
    }

    /// The struct's name.
    #[must_use]
    pub const fn rust_name(&self) -> &'static str {
        self.parts.rust
    }
}

impl fmt::Debug for TableDefinition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TableDefinition({})", self.parts.rust)
    }
}

/// The kind of a table's tenants: the type of their keys.
pub(crate) fn kind_of_tenants<T: TenantTable>() -> TypeId {
    TypeId::of::<T::TenantKey>()
}

/// The SQL type of a table's tenant column.
pub(crate) const fn tenant_sql_type<T: TenantTable>() -> &'static str {
    <<T::TenantKey as TenantKey>::Value as KeyValue>::SQL_TYPE
}
