//! The derive without a compiler: what it writes, and what it says of mistakes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod mistakes;
mod scoping;
mod snapshots;
