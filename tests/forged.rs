//! Cursors that are made by hand, as anybody can who reads how they are made.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tenantry::{Cursor, InvalidCursor};

/// The bytes of a cursor's text, without the checksum at their end.
#[must_use]
pub fn content_of(cursor: &Cursor) -> Vec<u8> {
    let mut bytes = URL_SAFE_NO_PAD.decode(cursor.to_string()).unwrap_or_default();
    bytes.truncate(bytes.len().saturating_sub(8));
    bytes
}

/// The cursor of these bytes, under a checksum that is right.
///
/// # Errors
///
/// When they are none.
pub fn forged(content: &[u8]) -> Result<Cursor, InvalidCursor> {
    URL_SAFE_NO_PAD.encode([content, &fnv_1a(content).to_be_bytes()].concat()).parse()
}

/// The fingerprint of the order of a query on one table, by columns: their names, whether descending, and whether NULL
/// comes first. The table is given as the text around the tenant's schema.
#[must_use]
pub fn fingerprint(table: &[&str], order: &[(&str, bool, bool)]) -> u64 {
    let mut bytes = Vec::new();
    for part in table {
        bytes.extend(part.bytes().chain([0]));
    }
    for (column, descending, nulls_first) in order {
        bytes.extend([1, 0, 0, 0, 0]);
        bytes.extend(column.bytes().chain([0, u8::from(*descending), u8::from(*nulls_first)]));
    }
    fnv_1a(&bytes)
}

/// FNV-1a with 64 bits.
fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}
