//! From the wire to a struct, by position.

use std::fmt;

use tokio_postgres::types::{FromSql, Type};

use crate::copy::CopiedRow;
use crate::cursor::Position;
use crate::error::Error;
use crate::table::TableSql;

/// A row that a statement of this crate brought, read by position.
#[derive(Clone)]
pub struct Row<'r> {
    fields: Fields<'r>,
    table: &'static str,
    /// Where the part begins that is read.
    first: usize,
}

#[derive(Clone)]
enum Fields<'r> {
    Fetched(&'r tokio_postgres::Row),
    Copied(CopiedRow<'r>),
}

impl<'r> Row<'r> {
    pub(crate) fn new(row: &'r tokio_postgres::Row, table: &'static str) -> Self {
        Self { fields: Fields::Fetched(row), table, first: 0 }
    }

    pub(crate) fn copied(row: CopiedRow<'r>, table: &'static str) -> Self {
        Self { fields: Fields::Copied(row), table, first: 0 }
    }

    pub(crate) fn get<V: FromSql<'r>>(&self, index: usize) -> Result<V, Error> {
        let index = self.first + index;
        match &self.fields {
            Fields::Fetched(row) => row.try_get(index).map_err(|source| {
                let column = row.columns().get(index).map_or("?", |column| column.name());
                Error::decode(self.table, column, source)
            }),
            Fields::Copied(row) => {
                row.get(index).map_err(|cause| Error::decode_copied(self.table, row.column(index), &*cause))
            }
        }
    }

    /// Reads the columns of a table, and goes on behind them.
    pub(crate) fn take<T, R>(
        &mut self,
        sql: &TableSql<T>,
        decode: impl FnOnce(&Self) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let row = decode(&Self { table: sql.texts.table, ..self.clone() })?;
        self.first += sql.texts.columns.len();
        Ok(row)
    }

    /// Reads one value, and goes on behind it.
    pub(crate) fn take_value<V: FromSql<'r>>(&mut self) -> Result<V, Error> {
        let value = self.get(0)?;
        self.first += 1;
        Ok(value)
    }

    /// What stands at these places, unread.
    pub(crate) fn position(&self, places: &[usize]) -> Result<Position, Error> {
        Position::of_row(places.iter().map(|index| self.get(*index)))
    }

    /// Whether so many columns are all NULL.
    pub(crate) fn is_null(&self, columns: usize) -> Result<bool, Error> {
        for index in 0..columns {
            if self.get::<Option<Anything>>(index)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A value of any type, unread.
struct Anything;

impl FromSql<'_> for Anything {
    fn from_sql(_: &Type, _: &[u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Row of {}", self.table)
    }
}
