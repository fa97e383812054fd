//! What an error must not repeat.

use std::error::Error as _;
use std::fmt::Write;

use tenantry::Error;

/// What only its tenant may read. All text that must stay secret holds its first part, `hunter2`.
pub(crate) const SECRET: &str = "hunter2-secret";
/// A number that only its tenant may read, and that fits into few types.
pub(crate) const SECRET_NUMBER: &str = "77777777777777777777777";

/// The error says nothing secret: neither itself nor any of its causes, as programs log them.
#[track_caller]
pub(crate) fn assert_discreet(error: &Error) {
    let mut printed = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut source = error.source();
    while let Some(cause) = source {
        let _ = write!(printed, "{cause}\n{cause:?}\n{cause:#?}\n");
        source = cause.source();
    }
    assert!(!printed.contains("hunter2") && !printed.contains(SECRET_NUMBER), "{printed}");
}
