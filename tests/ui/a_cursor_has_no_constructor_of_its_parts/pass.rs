//! Twin: it is parsed
use tenantry::{Cursor, InvalidCursor};

fn cursor(text: &str) -> Result<Cursor, InvalidCursor> {
    text.parse()
}

fn main() {}
