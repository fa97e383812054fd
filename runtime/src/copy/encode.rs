//! Rows as PostgreSQL's binary COPY has them.

use std::{fmt, mem};

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{IsNull, Type};

use super::{CopyProgress, SIGNATURE};
use crate::error::Error;
use crate::table::{NewRow, NewValues, TableTexts};
use crate::tenant::AnyTenant;
use crate::value::{Encoded, Value};

/// So much is sent at once: of smaller pieces there would be more messages than the bytes are worth.
const PIECE: usize = 64 * 1024;

/// Room for the end of the row that makes a piece full.
const OVERHANG: usize = 4 * 1024;

/// In place of the length of a value: it is NULL.
const NULL: i32 = -1;

/// In place of the number of a row's fields: there are no more rows.
const END: i16 = -1;

/// Rows that are written one after another, and taken away in pieces.
pub(super) struct Writer {
    /// What rows give their values to.
    values: NewValues,
    taken: u64,
}

/// Writes the values of rows. The columns are those that the first row gives, because the format has no word for a
/// default.
pub(crate) struct Encoder {
    table: &'static str,
    buffer: BytesMut,
    /// What each row begins with: the number of its fields, and the tenant's where the table has a column for it.
    head: BytesMut,
    columns: Vec<Column>,
    /// The column of the next value.
    next: usize,
    /// Rows that are whole.
    rows: u64,
    failure: Option<Error>,
}

struct Column {
    /// As it stands in SQL, with its quotes.
    name: &'static str,
    /// None where the first row leaves it out.
    ty: Option<Type>,
}

impl Writer {
    pub(super) fn new(encoder: Encoder) -> Self {
        Self { values: NewValues::copied(encoder), taken: 0 }
    }

    /// The row whose values say which columns there are.
    pub(super) fn write_first(&mut self, values: &[Option<Value>]) -> Result<(), Error> {
        self.values.encoder_mut().map_or(Ok(()), |encoder| encoder.write_first(values))
    }

    /// After a row that cannot be written, nothing of what was is of use.
    pub(super) fn write(&mut self, row: impl NewRow) -> Result<(), Error> {
        self.values.encoder_mut().map(Encoder::begin_row);
        row.values(&mut self.values);
        self.values.encoder_mut().map_or(Ok(()), Encoder::end_row)
    }

    /// The columns of the first row.
    pub(super) fn columns(&self) -> impl Iterator<Item = &'static str> {
        let columns = self.values.encoder().into_iter().flat_map(|encoder| &encoder.columns);
        columns.filter(|column| column.ty.is_some()).map(|column| column.name)
    }

    pub(super) fn is_full(&self) -> bool {
        self.values.encoder().is_some_and(|encoder| encoder.buffer.len() >= PIECE)
    }

    /// What was written since this was asked last.
    pub(super) fn take(&mut self) -> BytesMut {
        let piece = self.values.encoder_mut().map(|encoder| mem::replace(&mut encoder.buffer, new_buffer()));
        self.count(piece.unwrap_or_default())
    }

    /// What was written since, and the end.
    pub(super) fn take_last(&mut self) -> BytesMut {
        let mut piece = self.values.encoder_mut().map(|encoder| mem::take(&mut encoder.buffer)).unwrap_or_default();
        piece.put_i16(END);
        self.count(piece)
    }

    fn count(&mut self, piece: BytesMut) -> BytesMut {
        self.taken += piece.len() as u64;
        piece
    }

    /// What was taken.
    pub(super) fn progress(&self) -> CopyProgress {
        CopyProgress { rows: self.values.encoder().map_or(0, |encoder| encoder.rows), bytes: self.taken }
    }
}

impl Encoder {
    /// With the types of an insert's parameters: the tenant's, where there is one, and those of the columns that the first
    /// row gives.
    pub(super) fn new(
        texts: &TableTexts,
        types: Vec<Type>,
        tenant: Option<&dyn AnyTenant>,
        first: &[Option<Value>],
    ) -> Result<Self, Error> {
        // PostgreSQL refuses more columns long before.
        let fields = i16::try_from(types.len()).unwrap_or(i16::MAX);
        let mut head = BytesMut::from(&fields.to_be_bytes()[..]);
        let mut types = types.into_iter();
        let mut next = || types.next().ok_or_else(|| Error::malformed_copy(texts.table));
        if let Some(tenant) = tenant {
            let ty = next()?;
            write_field(&mut head, |out| tenant.to_sql_checked(&ty, out))
                .map_err(|cause| Error::encode_copied(texts.table, texts.tenant, cause))?;
        }
        let mut columns = Vec::with_capacity(texts.inserted.len());
        for (name, value) in texts.inserted.iter().zip(first) {
            columns.push(Column { name, ty: value.as_ref().map(|_| next()).transpose()? });
        }
        let mut buffer = new_buffer();
        buffer.put_slice(SIGNATURE);
        buffer.put_bytes(0, 8); // no flags, and nothing more of a header
        Ok(Self { table: texts.table, buffer, head, columns, next: 0, rows: 0, failure: None })
    }

    fn begin_row(&mut self) {
        self.next = 0;
        self.buffer.extend_from_slice(&self.head);
    }

    /// The next column's value.
    pub(crate) fn value(&mut self, write: impl FnOnce(&Type, &mut BytesMut) -> Encoded) {
        let Some(column) = self.columns.get_mut(self.next) else { return self.fail(Error::malformed_copy(self.table)) };
        self.next += 1;
        let Some(ty) = &column.ty else {
            let name = column.name;
            return self.fail_in(name, "left out of the first row and given in a later one");
        };
        let written = write_field(&mut self.buffer, |out| write(ty, out));
        if let Err(cause) = written {
            let error = Error::encode_copied(self.table, column.name, cause);
            self.fail(error);
        }
    }

    /// The next column has none: the database makes it.
    pub(crate) fn left_out(&mut self) {
        let column = self.columns.get(self.next);
        if let Some(Column { name, ty: Some(_) }) = column {
            self.fail_in(name, "given in the first row and left out of a later one");
        }
        self.next += 1;
    }

    fn end_row(&mut self) -> Result<(), Error> {
        self.rows += 1;
        self.failure.take().map_or(Ok(()), Err)
    }

    fn write_first(&mut self, values: &[Option<Value>]) -> Result<(), Error> {
        self.begin_row();
        for value in values {
            match value {
                Some(value) => self.value(|ty, out| value.encode(ty, out)),
                None => self.left_out(),
            }
        }
        self.end_row()
    }

    fn fail_in(&mut self, column: &'static str, problem: &str) {
        self.fail(Error::not_copied(format!(
            "column {column} of `{}` is {problem}: a COPY has a column in all rows or in none",
            self.table
        )));
    }

    /// The first failure of a row is the one that counts.
    #[cold]
    fn fail(&mut self, error: Error) {
        self.failure.get_or_insert(error);
    }
}

fn new_buffer() -> BytesMut {
    BytesMut::with_capacity(PIECE + OVERHANG)
}

/// Writes a value with its length before it. Fails with what the type says, if it says anything.
fn write_field(
    buffer: &mut BytesMut,
    write: impl FnOnce(&mut BytesMut) -> Encoded,
) -> Result<(), Option<Box<dyn std::error::Error + Sync + Send>>> {
    let begin = buffer.len();
    buffer.put_i32(NULL);
    let value = buffer.len();
    match write(buffer)? {
        IsNull::Yes => buffer.truncate(value),
        IsNull::No => {
            let length = buffer.len().checked_sub(value).and_then(|length| i32::try_from(length).ok());
            write_at(buffer, begin, &length.ok_or(None)?.to_be_bytes());
        }
    }
    Ok(())
}

fn write_at(buffer: &mut BytesMut, position: usize, bytes: &[u8]) {
    if let Some(place) = buffer.get_mut(position..position + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

impl fmt::Debug for Encoder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Encoder")
    }
}
