//! E0451: fields `part`, `fingerprint` and `position` of struct `tenantry::Cursor` are private
use tenantry::{Cursor, InvalidCursor};

fn cursor(text: &str) -> Result<Cursor, InvalidCursor> {
    Ok(Cursor { ..text.parse()? })
}

fn main() {}
