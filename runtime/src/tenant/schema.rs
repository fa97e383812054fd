use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock};

use super::InvalidTenantId;

/// PostgreSQL cuts longer names off, and two tenants would become one.
pub(super) const MAX_NAME_BYTES: usize = 63;

/// Schemas that belong to PostgreSQL, to Citus, or to every application at once.
const RESERVED: [&str; 5] = ["public", "information_schema", "citus", "citus_internal", "columnar"];

/// The checked name of a tenant's schema; cheap to clone.
///
/// The only kind of text that reaches SQL as a name while the program runs.
#[derive(Clone)]
pub(crate) struct SchemaName(Arc<Name>);

struct Name {
    name: Box<str>,
    quoted: Box<str>,
    hash: u64,
}

impl SchemaName {
    /// Checks the name, and quotes it.
    pub(crate) fn new(name: &str) -> Result<Self, InvalidTenantId> {
        check(name)?;
        // Keyed at random per process: nobody can choose names that collide in a statement cache.
        static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        Ok(Self(Arc::new(Name { quoted: quoted(name).into(), hash: SEED.hash_one(name), name: name.into() })))
    }

    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    /// The name as it stands in a statement, with its quotes.
    pub(crate) fn quoted(&self) -> &str {
        &self.0.quoted
    }

    /// Made once with the name, so that looking up a statement need not read the text.
    pub(crate) fn precomputed_hash(&self) -> u64 {
        self.0.hash
    }
}

/// A name as it stands in SQL. Names are always quoted: reserved words and upper case need it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Checks the length, NUL and the reserved names.
pub(super) fn check(name: &str) -> Result<(), InvalidTenantId> {
    if name.is_empty() {
        return Err(InvalidTenantId::Empty);
    }
    if name.len() > MAX_NAME_BYTES {
        return Err(InvalidTenantId::TooLong { bytes: name.len() });
    }
    if name.contains('\0') {
        return Err(InvalidTenantId::Nul);
    }
    // PostgreSQL tells `Public` from `public`; the person who reads a list of schemas may not.
    let begins_with_pg = name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("pg_"));
    if begins_with_pg || RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name)) {
        return Err(InvalidTenantId::Reserved);
    }
    Ok(())
}

impl PartialEq for SchemaName {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.name == other.0.name
    }
}

impl Eq for SchemaName {}

impl fmt::Debug for SchemaName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.quoted())
    }
}
