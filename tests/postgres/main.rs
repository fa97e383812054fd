//! Everything against a real PostgreSQL, each test in a database of its own.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod altered_types;
mod blocked;
mod cancellation;
mod connections;
mod discreet;
mod errors;
mod filters;
mod inserts;
mod interrupt;
mod isolation;
mod leftovers;
mod malformed;
mod missing;
mod names;
mod nulls;
mod pages;
mod pgbench;
mod prepared;
mod random;
mod sample;
mod session;
mod stage;
mod stale;
mod streams;
mod text;
mod tls;
mod transactions;
mod values;
mod verbs;
