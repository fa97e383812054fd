//! Prepared statements of one connection, bounded.

use std::hash::{BuildHasher, Hash, Hasher};
use std::ptr;

use quick_cache::unsync::{Cache, DefaultLifecycle};
use quick_cache::{Equivalent, UnitWeighter};
use tokio_postgres::Statement;

use crate::statement::Returning;
use crate::table::FixedText;
use crate::tenant::SchemaName;

/// The statements that a connection keeps prepared.
///
/// Admission looks at frequency (S3-FIFO), so that more tenants than places do not push each other out.
/// A statement that falls out closes itself on the server.
pub(crate) struct StatementCache(
    Cache<OwnedKey, Statement, UnitWeighter, PassHash, DefaultLifecycle<OwnedKey, Statement>>,
);

/// What tells a statement from others: the place of its fixed text and the schema, or its whole text.
#[derive(Clone, Copy)]
pub(crate) struct StatementKey<'q> {
    identity: Identity<'q>,
    returning: Returning,
}

#[derive(Clone, Copy)]
enum Identity<'q> {
    Fixed {
        statement: &'static FixedText,
        schema: Option<&'q SchemaName>,
    },
    /// What is returned is part of the text: other columns of the same table are another statement.
    Built {
        text: &'q str,
        returning: &'static str,
        hash: u64,
    },
}

struct OwnedKey {
    identity: OwnedIdentity,
    returning: Returning,
}

enum OwnedIdentity {
    Fixed { statement: &'static FixedText, schema: Option<SchemaName> },
    Built { text: Box<str>, returning: &'static str, hash: u64 },
}

impl StatementCache {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Cache::with(capacity, capacity as u64, UnitWeighter, PassHash, DefaultLifecycle::default()))
    }

    pub(crate) fn get(&self, key: &StatementKey<'_>) -> Option<Statement> {
        self.0.get(key).cloned()
    }

    pub(crate) fn insert(&mut self, key: &StatementKey<'_>, statement: Statement) {
        self.0.insert(key.owned(), statement);
    }

    /// Answers whether it was there.
    pub(crate) fn remove(&mut self, key: &StatementKey<'_>) -> bool {
        self.0.remove(key).is_some()
    }
}

impl<'q> StatementKey<'q> {
    pub(crate) fn fixed(statement: &'static FixedText, schema: Option<&'q SchemaName>, returning: Returning) -> Self {
        Self { identity: Identity::Fixed { statement, schema }, returning }
    }

    pub(crate) fn built(text: &'q str, columns: &'static str, returning: Returning) -> Self {
        let mut hasher = std::hash::DefaultHasher::new();
        (text, columns).hash(&mut hasher);
        Self { identity: Identity::Built { text, returning: columns, hash: hasher.finish() }, returning }
    }

    fn owned(self) -> OwnedKey {
        let identity = match self.identity {
            Identity::Fixed { statement, schema } => OwnedIdentity::Fixed { statement, schema: schema.cloned() },
            Identity::Built { text, returning, hash } => OwnedIdentity::Built { text: text.into(), returning, hash },
        };
        OwnedKey { identity, returning: self.returning }
    }
}

impl OwnedKey {
    fn borrowed(&self) -> StatementKey<'_> {
        let identity = match &self.identity {
            OwnedIdentity::Fixed { statement, schema } => Identity::Fixed { statement, schema: schema.as_ref() },
            OwnedIdentity::Built { text, returning, hash } => Identity::Built { text, returning, hash: *hash },
        };
        StatementKey { identity, returning: self.returning }
    }
}

impl PartialEq for StatementKey<'_> {
    fn eq(&self, other: &Self) -> bool {
        let same = match (self.identity, other.identity) {
            (Identity::Fixed { statement, schema }, Identity::Fixed { statement: other, schema: other_schema }) => {
                ptr::eq(statement, other) && schema == other_schema
            }
            (
                Identity::Built { text, returning, .. },
                Identity::Built { text: other, returning: other_returning, .. },
            ) => text == other && returning == other_returning,
            _ => false,
        };
        same && self.returning == other.returning
    }
}

impl Hash for StatementKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let identity = match self.identity {
            // Neighbours in memory differ in low bits only; the multiplication spreads them.
            Identity::Fixed { statement, schema } => {
                (ptr::from_ref(statement).addr() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32)
                    ^ schema.map_or(0, SchemaName::precomputed_hash)
            }
            Identity::Built { hash, .. } => hash,
        };
        state.write_u64(identity ^ self.returning as u64);
    }
}

impl PartialEq for OwnedKey {
    fn eq(&self, other: &Self) -> bool {
        self.borrowed() == other.borrowed()
    }
}

impl Eq for OwnedKey {}

impl Hash for OwnedKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.borrowed().hash(state);
    }
}

impl Equivalent<OwnedKey> for StatementKey<'_> {
    fn equivalent(&self, key: &OwnedKey) -> bool {
        *self == key.borrowed()
    }
}

/// The keys bring their hash along, already well spread.
#[derive(Debug, Clone, Copy, Default)]
struct PassHash;

#[derive(Debug, Clone, Copy, Default)]
struct PassHasher(u64);

impl BuildHasher for PassHash {
    type Hasher = PassHasher;

    fn build_hasher(&self) -> PassHasher {
        PassHasher(0)
    }
}

impl Hasher for PassHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
