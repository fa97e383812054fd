//! What the systems share that use the driver's own rows.

use tokio_postgres::Row;
use tokio_postgres::binary_copy::BinaryCopyOutRow;
use tokio_postgres::types::ToSql;

use crate::data::{NewRow, Tenant};
use crate::system::{Way, customer};

/// A row of the table.
#[derive(Debug)]
#[allow(dead_code, reason = "all columns are decoded, as an application would")]
pub(crate) struct Customer {
    pub(crate) id: i64,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) credit: i32,
}

customer!(Customer);

impl Customer {
    /// Reads all columns by position.
    pub(crate) fn decode(row: &Row) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            id: row.try_get(0)?,
            email: row.try_get(1)?,
            name: row.try_get(2)?,
            phone: row.try_get(3)?,
            credit: row.try_get(4)?,
        })
    }

    pub(crate) fn decode_copied(row: &BinaryCopyOutRow) -> Result<Self, tokio_postgres::Error> {
        Ok(Self {
            id: row.try_get(0)?,
            email: row.try_get(1)?,
            name: row.try_get(2)?,
            phone: row.try_get(3)?,
            credit: row.try_get(4)?,
        })
    }

    pub(crate) fn decode_all(rows: &[Row]) -> Result<Vec<Self>, tokio_postgres::Error> {
        rows.iter().map(Self::decode).collect()
    }
}

/// A value to be bound.
pub(crate) type Value<'v> = &'v (dyn ToSql + Sync);

/// The values of an insert of many rows, whose tenant comes once.
pub(crate) fn values_of_rows<'v>(way: Way, tenant: &'v Tenant, rows: &'v [NewRow]) -> Vec<Value<'v>> {
    let mut values: Vec<Value<'v>> = Vec::with_capacity(1 + 3 * rows.len());
    if way.is_by_row() {
        values.push(&tenant.uuid);
    }
    for row in rows {
        values.extend([&row.email as Value<'v>, &row.name, &row.phone]);
    }
    values
}
