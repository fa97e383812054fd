//! Rows out of PostgreSQL's binary COPY.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use tokio_postgres::Column;
use tokio_postgres::types::{FromSql, WrongType};

use super::SIGNATURE;

/// The signature, the flags, and the length of what more a header may hold.
const HEADER: usize = SIGNATURE.len() + 8;

/// Flags that a reader has to know; PostgreSQL sets none since version 12.
const CRITICAL_FLAGS: u32 = 0xFFFF_0000;

/// What stands in place of the number of a row's fields, after the last row.
const END: [u8; 2] = (-1_i16).to_be_bytes();

/// Finds rows in pieces of any size.
pub(super) struct Decoder {
    columns: usize,
    has_begun: bool,
    unread: Bytes,
    row: Bytes,
    fields: Vec<Option<Range<usize>>>,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Row,
    /// The next piece is needed.
    Incomplete,
    End,
}

/// This is not the binary format, or not of these columns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

/// A row in the buffer in which it came.
#[derive(Clone)]
pub(crate) struct CopiedRow<'r> {
    bytes: &'r [u8],
    fields: &'r [Option<Range<usize>>],
    columns: &'r [Column],
}

impl Decoder {
    pub(super) fn new(columns: usize) -> Self {
        Self { columns, has_begun: false, unread: Bytes::new(), row: Bytes::new(), fields: Vec::with_capacity(columns) }
    }

    pub(super) fn push(&mut self, piece: Bytes) {
        if self.unread.is_empty() {
            self.unread = piece;
        } else {
            let mut joined = BytesMut::from(&*self.unread);
            joined.extend_from_slice(&piece);
            self.unread = joined.freeze();
        }
    }

    /// Goes to the next row.
    pub(super) fn step(&mut self) -> Result<Step, Malformed> {
        if !self.has_begun && !self.read_header()? {
            return Ok(Step::Incomplete);
        }
        let Some(count) = self.unread.first_chunk() else { return Ok(Step::Incomplete) };
        if *count == END {
            return Ok(Step::End);
        }
        if usize::from(u16::from_be_bytes(*count)) != self.columns {
            return Err(Malformed);
        }
        self.fields.clear();
        let mut position = 2;
        for _ in 0..self.columns {
            let Some(length) = number_at(&self.unread, position) else { return Ok(Step::Incomplete) };
            position += 4;
            let Ok(length) = usize::try_from(length.cast_signed()) else {
                self.fields.push(None);
                continue;
            };
            let end = position.checked_add(length).ok_or(Malformed)?;
            self.fields.push(Some(position..end));
            position = end;
        }
        if position > self.unread.len() {
            return Ok(Step::Incomplete);
        }
        self.row = self.unread.split_to(position);
        Ok(Step::Row)
    }

    /// Whether it was there as a whole.
    fn read_header(&mut self) -> Result<bool, Malformed> {
        let (Some(flags), Some(more)) =
            (number_at(&self.unread, SIGNATURE.len()), number_at(&self.unread, SIGNATURE.len() + 4))
        else {
            return Ok(false);
        };
        if !self.unread.starts_with(SIGNATURE) || flags & CRITICAL_FLAGS != 0 {
            return Err(Malformed);
        }
        let length = usize::try_from(more).ok().and_then(|more| more.checked_add(HEADER)).ok_or(Malformed)?;
        self.has_begun = length <= self.unread.len();
        if self.has_begun {
            let _ = self.unread.split_to(length);
        }
        Ok(self.has_begun)
    }

    /// The end was stepped to, and nothing came after it.
    pub(super) fn has_ended(&self) -> bool {
        self.has_begun && *self.unread == END
    }

    /// The row that was stepped to.
    pub(super) fn row<'r>(&'r self, columns: &'r [Column]) -> CopiedRow<'r> {
        CopiedRow { bytes: &self.row, fields: &self.fields, columns }
    }
}

fn number_at(bytes: &[u8], position: usize) -> Option<u32> {
    bytes.get(position..)?.first_chunk().map(|number| u32::from_be_bytes(*number))
}

impl<'r> CopiedRow<'r> {
    pub(crate) fn get<V: FromSql<'r>>(&self, index: usize) -> Result<V, Box<dyn std::error::Error + Sync + Send>> {
        let (Some(field), Some(column)) = (self.fields.get(index), self.columns.get(index)) else {
            return Err("there is no such column".into());
        };
        let ty = column.type_();
        if !V::accepts(ty) {
            return Err(Box::new(WrongType::new::<V>(ty.clone())));
        }
        match field {
            Some(range) => V::from_sql(ty, self.bytes.get(range.clone()).unwrap_or_default()),
            None => V::from_sql_null(ty),
        }
    }

    pub(crate) fn column(&self, index: usize) -> &'r str {
        self.columns.get(index).map_or("?", Column::name)
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    /// Two rows of two columns, one of them with a NULL, after a header with something more.
    fn copied() -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        bytes.extend([0, 0, 0, 1, 0, 0, 0, 3]);
        bytes.extend(b"???");
        bytes.extend([0, 2, 0, 0, 0, 1, b'a', 0xff, 0xff, 0xff, 0xff]);
        bytes.extend([0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0xff, 0xff]);
        bytes.extend(END);
        bytes
    }

    type Fields = Vec<Option<Vec<u8>>>;

    /// The rows, if that is what the pieces hold, and nothing else.
    fn read<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> Result<Vec<Fields>, Malformed> {
        let mut decoder = Decoder::new(2);
        let mut rows = Vec::new();
        for piece in pieces {
            decoder.push(Bytes::copy_from_slice(piece));
            while decoder.step()? == Step::Row {
                let CopiedRow { bytes, fields, .. } = decoder.row(&[]);
                rows.push(fields.iter().map(|field| field.clone().map(|range| bytes[range].to_vec())).collect());
            }
        }
        if decoder.has_ended() { Ok(rows) } else { Err(Malformed) }
    }

    #[test]
    fn rows_are_found_in_pieces_of_any_size() {
        let bytes = copied();
        let expected = vec![vec![Some(b"a".to_vec()), None], vec![Some(Vec::new()), Some(vec![0xff, 0xff])]];
        for size in 1..=bytes.len() {
            assert_eq!(read(bytes.chunks(size)), Ok(expected.clone()), "in pieces of {size} bytes");
        }
        assert_eq!(read([&*[SIGNATURE, &[0; 8][..], &END].concat()]), Ok(Vec::new()));
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_not_read() {
        let bytes = copied();
        for end in 0..bytes.len() {
            assert_eq!(read([&bytes[..end]]), Err(Malformed), "the first {end} bytes");
        }
        for (place, byte) in [(0, b'p'), (11, 0x80), (15, 0xff), (23, 3), (23, 0x82), (27, 0x7f)] {
            let mut other = bytes.clone();
            other[place] = byte;
            assert_eq!(read([&*other]), Err(Malformed), "with {byte} at {place}");
        }
        assert_eq!(read([&*bytes, b"more"]), Err(Malformed));
    }
}
