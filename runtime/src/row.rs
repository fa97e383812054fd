//! From the wire to a struct, by position.

use std::fmt;

use tokio_postgres::types::FromSql;

use crate::error::Error;

/// A row that a statement of this crate brought, read by position.
pub struct Row<'r> {
    row: &'r tokio_postgres::Row,
    table: &'static str,
}

impl<'r> Row<'r> {
    pub(crate) fn new(row: &'r tokio_postgres::Row, table: &'static str) -> Self {
        Self { row, table }
    }

    pub(crate) fn get<V: FromSql<'r>>(&self, index: usize) -> Result<V, Error> {
        self.row.try_get(index).map_err(|source| {
            let column = self.row.columns().get(index).map_or("?", |column| column.name());
            Error::decode(self.table, column, source)
        })
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Row of {}", self.table)
    }
}
