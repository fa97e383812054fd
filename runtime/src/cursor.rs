//! A position in an order, as text.
//!
//! The text is base64url, without padding, of these bytes, in which numbers are big-endian:
//!
//! | bytes | |
//! | --- | --- |
//! | 1 | the version, 1 |
//! | 1 | which rows, seen from the position: 0 after it, 1 from it on, 2 before it, 3 up to it |
//! | 8 | the fingerprint of the tables and of the order |
//! | for each part of the order, 4 | the type: its number, if it is the server's own, or a hash of its name; 0 for NULL |
//! | .. 4 | the length of the value |
//! | .. that many | the value, in the server's binary form |
//! | 8 | the checksum of all before |
//!
//! Fingerprint and checksum are FNV-1a with 64 bits.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::{Buf, Bytes};

use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::raw_value::{RawValue, TypeMark};

const VERSION: u8 = 1;

/// A position in the rows of a query and a direction from there; made by
/// [`Page::next`](crate::Page::next) and [`Page::previous`](crate::Page::previous).
///
/// As text, by `Display` and `FromStr` or with the feature `serde`, it goes through URLs and clients and comes back: the text
/// of another version, or one that was changed, is refused. It is no secret and no permission:
///
/// - **Whoever has it can read in it the values of the row that it was made of**, in the columns that the query orders by and
///   the primary key. Order by nothing that the client may not see.
/// - It holds no tenant and no filter. In another tenant's query it stands between that tenant's own rows, and that is all that
///   somebody gains who puts one together.
///
/// Its `Debug` is silent.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    pub(crate) part: Part,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) position: Position,
}

/// The values of a row in the parts of an order, one behind the other as they stand in a cursor.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Position(Bytes);

impl Position {
    pub(crate) fn of_row<'r>(
        values: impl IntoIterator<Item = Result<Option<RawValue<&'r [u8]>>, Error>>,
    ) -> Result<Self, Error> {
        let mut position = Vec::new();
        for value in values {
            match value? {
                None => position.extend(NULL.to_be_bytes()),
                Some(RawValue { ty, bytes }) => {
                    position.extend(ty.0.to_be_bytes());
                    // No value of PostgreSQL is longer than this counts.
                    position.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
                    position.extend_from_slice(bytes);
                }
            }
        }
        Ok(Self(position.into()))
    }

    /// The values, if it is made of whole ones.
    pub(crate) fn values(&self) -> Option<Vec<Option<RawValue>>> {
        let mut values = Vec::new();
        let mut rest = self.0.clone();
        while !rest.is_empty() {
            values.push(match take_number(&mut rest)? {
                NULL => None,
                ty => {
                    let length = usize::try_from(take_number(&mut rest)?).ok()?;
                    let bytes = (length <= rest.len()).then(|| rest.split_to(length))?;
                    Some(RawValue { ty: TypeMark(ty), bytes })
                }
            });
        }
        Some(values)
    }
}

/// No type has this number.
const NULL: u32 = 0;

fn take_number(bytes: &mut Bytes) -> Option<u32> {
    let number = bytes.first_chunk().copied().map(u32::from_be_bytes)?;
    bytes.advance(size_of::<u32>());
    Some(number)
}

/// Which rows, seen from a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    After,
    From,
    Before,
    UpTo,
}

impl Part {
    const ALL: [Self; 4] = [Self::After, Self::From, Self::Before, Self::UpTo];

    pub(crate) fn is_backward(self) -> bool {
        matches!(self, Self::Before | Self::UpTo)
    }

    /// With the row at the position itself.
    pub(crate) fn is_inclusive(self) -> bool {
        matches!(self, Self::From | Self::UpTo)
    }

    /// All other rows.
    pub(crate) fn others(self) -> Self {
        match self {
            Self::After => Self::UpTo,
            Self::From => Self::Before,
            Self::Before => Self::From,
            Self::UpTo => Self::After,
        }
    }

    fn number(self) -> u8 {
        match self {
            Self::After => 0,
            Self::From => 1,
            Self::Before => 2,
            Self::UpTo => 3,
        }
    }
}

impl Cursor {
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION, self.part.number()];
        bytes.extend(self.fingerprint.number().to_be_bytes());
        bytes.extend_from_slice(&self.position.0);
        let checksum = Fingerprint::new().bytes(&bytes);
        bytes.extend(checksum.number().to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (content, checksum) = bytes.split_last_chunk()?;
        if Fingerprint::new().bytes(content).number() != u64::from_be_bytes(*checksum) {
            return None;
        }
        let ([VERSION, part], content) = content.split_first_chunk()? else { return None };
        let part = Part::ALL.into_iter().find(|known| known.number() == *part)?;
        let (fingerprint, position) = content.split_first_chunk()?;
        let fingerprint = Fingerprint::from_number(u64::from_be_bytes(*fingerprint));
        let position = Position(Bytes::copy_from_slice(position));
        position.values()?;
        Some(Self { part, fingerprint, position })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&URL_SAFE_NO_PAD.encode(self.to_bytes()))
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCursor(()))?;
        Self::from_bytes(&bytes).ok_or(InvalidCursor(()))
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Cursor")
    }
}

/// As its text.
#[cfg(feature = "serde")]
impl serde::Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Refuses what parsing does.
#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The text is no cursor, was changed, or is of another version of this library. It never repeats the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidCursor(());

impl fmt::Display for InvalidCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the text is no cursor, or was changed: begin at the first page again")
    }
}

impl std::error::Error for InvalidCursor {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn cursor(part: Part, values: &[Option<&'static [u8]>]) -> Cursor {
        let value = |bytes: &Option<_>| Ok(bytes.map(|bytes| RawValue { ty: TypeMark(25), bytes }));
        let position = Position::of_row(values.iter().map(value)).unwrap();
        Cursor { part, fingerprint: Fingerprint::from_number(7), position }
    }

    #[test]
    fn the_text_stays_the_same_from_version_to_version() {
        let text = "AQIAAAAAAAAABwAAABkAAAADQWRhAAAAAAAAABkAAAAAa8r-RX9qPrQ";
        let cursor = cursor(Part::Before, &[Some(b"Ada"), None, Some(b"")]);
        assert_eq!(cursor.to_string(), text);
        assert_eq!(text.parse(), Ok(cursor));
    }

    #[test]
    fn every_cursor_comes_back_as_it_was() {
        let positions: [&[Option<&'static [u8]>]; 4] =
            [&[], &[None], &[Some(b"a"), None], &[Some(&[0, 255]), Some(b"")]];
        for part in Part::ALL {
            for values in positions {
                let cursor = cursor(part, values);
                let text = cursor.to_string();
                assert!(
                    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'),
                    "{text}"
                );
                assert_eq!(text.parse(), Ok(cursor));
            }
        }
    }

    #[test]
    fn a_text_that_was_changed_is_refused() {
        let cursor = cursor(Part::After, &[Some(b"Ada"), None]);
        let bytes = cursor.to_bytes();
        for position in 0..bytes.len() {
            for changed in 0..=255 {
                let mut bytes = bytes.clone();
                let byte = bytes.get_mut(position).map(|byte| std::mem::replace(byte, changed));
                assert_eq!(Cursor::from_bytes(&bytes).is_some(), byte == Some(changed), "{position} {changed}");
            }
            assert_eq!(Cursor::from_bytes(bytes.get(..position).unwrap_or_default()), None);
        }
        let text = cursor.to_string();
        for changed in
            [format!("{text}A"), format!("{text}="), format!(" {text}"), text.replace('A', "+"), String::new()]
        {
            assert_eq!(changed.parse::<Cursor>(), Err(InvalidCursor(())), "{changed}");
        }
    }

    /// Whoever knows the algorithm can write any bytes.
    #[test]
    fn bytes_with_a_right_checksum_are_read_with_care() {
        let sealed = |content: &[u8]| {
            let checksum = Fingerprint::new().bytes(content).number();
            Cursor::from_bytes(&[content, &checksum.to_be_bytes()].concat())
        };
        let head = [1, 0, 0, 0, 0, 0, 0, 0, 0, 7];
        let long = [0, 0, 0, 25, 255, 255, 255, 255, b'a'];
        assert!(sealed(&head).is_some());
        for content in [&[][..], &[1], &[1, 0], &[2, 0, 0, 0, 0, 0, 0, 0, 0, 7], &[1, 4, 0, 0, 0, 0, 0, 0, 0, 7]] {
            assert_eq!(sealed(content), None, "{content:?}");
        }
        for tail in [&[0][..], &[0, 0, 0, 25], &[0, 0, 0, 25, 0, 0, 0, 2, b'a'], &long, &[0, 0, 0, 0, 1]] {
            assert_eq!(sealed(&[&head[..], tail].concat()), None, "{tail:?}");
        }
    }

    #[test]
    fn what_it_holds_is_not_shown() {
        let cursor = cursor(Part::After, &[Some(b"hunter2")]);
        assert_eq!(format!("{cursor:?}"), "Cursor");
        assert_eq!(format!("{:?}", cursor.position.values().unwrap()), "[Some(_)]");
    }
}
