//! Judges SQL text: is every table of tenants in it kept to one tenant?
//!
//! [`judge`] reads a text with PostgreSQL's own parser and looks at each place in it that names a relation, with the
//! [`Tables`] that there are:
//!
//! - No table is named without its schema.
//! - **By schema**: all schemas of tenants that a statement names are one tenant's.
//! - **By row**: the tenant's column of each relation, `alias.tenant_id = $1`, is a condition of its own in the `WHERE`
//!   of the query that names the relation, or in the `ON` of its join; on the side of an outer join whose rows may be
//!   missing, in the `ON`. It is the same parameter for all of them.
//! - An insert gives the tenant's column that parameter in each row; a conflict's target has the column; no `SET`
//!   assigns it; `COPY` lists it. In `COPY (query) TO`, which takes no parameters, the tenant is a literal, as in what
//!   is prepared and never runs.
//! - A read across tenants says so by its form, of which there are two: a list of the tenants, bound or read from the
//!   tenant's column of a table, and `CROSS JOIN LATERAL` the query of each. In that query the tenant is `tenant.key`.
//!
//! What it does not understand is a violation: a statement of another kind, a table that it cannot
//! tell the isolation of, a relation in a place where it does not look.
//!
//! The program judges all that the servers of the tests were sent; [`log`] tells how that is known:
//!
//! ```sh
//! THROWAWAY_POSTGRES_LOG=/tmp/statements cargo test
//! cargo run -p tenantry-oracle -- /tmp/statements
//! ```

mod check;
mod evidence;
pub mod log;
mod parser;
mod tables;
mod together;
mod tree;
mod violation;
mod write;

pub use check::{Verdict, judge, judge_prepared};
pub use tables::{Isolation, Tables};
pub use violation::Violation;
