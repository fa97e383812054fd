//! Prepared statements of one connection, bounded.

use std::ptr;

use hashbrown::HashTable;
use tokio_postgres::Statement;

use crate::frequency::Frequencies;
use crate::sql::{Piece, Schemas};
use crate::statement::Returning;
use crate::table::FixedText;
use crate::tenant::SchemaName;

/// The statements that a connection keeps prepared.
///
/// A statement has to be asked for much more often than one that is kept before it takes its place, so that more
/// tenants than places do not push each other out. Which one it is compared with goes round. A statement that
/// falls out closes itself on the server.
pub(crate) struct StatementCache<V = Statement> {
    capacity: usize,
    entries: Vec<Entry<V>>,
    /// Positions in `entries`.
    table: HashTable<usize>,
    /// The next entry to be compared with a newcomer.
    hand: usize,
    /// How often statements were asked for that are not kept.
    newcomers: Frequencies,
    /// The hashes of those that are being prepared.
    preparing: Vec<u64>,
}

struct Entry<V> {
    key: OwnedKey,
    hash: u64,
    statement: V,
    uses: u8,
}

/// How often a statement is asked for before it is worth preparing: one that comes once never is.
const WORTH_PREPARING: u8 = 2;

/// Uses count up to here, so that nothing stays for ever for what it once was.
const MAX_USES: u8 = 15;

/// What tells a statement from others: its fixed text, or its pieces; and the schema. The text is not written for it,
/// nor hashed as a whole.
#[derive(Clone, Copy)]
pub(crate) struct StatementKey<'q> {
    identity: Identity<'q>,
    schemas: &'q [SchemaName],
    returning: Returning,
}

#[derive(Clone, Copy)]
enum Identity<'q> {
    Fixed(&'static FixedText),
    /// What is returned is part of the text: other columns of the same table are another statement.
    Built(&'q [Piece]),
}

pub(crate) struct OwnedKey {
    identity: OwnedIdentity,
    schemas: Schemas,
    returning: Returning,
}

enum OwnedIdentity {
    Fixed(&'static FixedText),
    Built(Box<[Piece]>),
}

impl<V: Clone> StatementCache<V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            entries: Vec::new(),
            table: HashTable::new(),
            hand: 0,
            newcomers: Frequencies::for_capacity(capacity),
            preparing: Vec::new(),
        }
    }

    pub(crate) fn get(&mut self, key: &StatementKey<'_>) -> Option<V> {
        let position = self.position(key, key.hash())?;
        let entry = self.entries.get_mut(position)?;
        entry.uses = MAX_USES.min(entry.uses + 1);
        Some(entry.statement.clone())
    }

    /// Whether a statement that is not kept should be, now that it was asked for once more.
    pub(crate) fn admits(&mut self, key: &StatementKey<'_>) -> bool {
        if self.newcomers.is_full() {
            // What is long ago counts half, on both sides.
            self.newcomers.halve();
            self.entries.iter_mut().for_each(|entry| entry.uses /= 2);
        }
        let hash = key.hash();
        let asked = self.newcomers.count(hash);
        if asked < WORTH_PREPARING || self.preparing.contains(&hash) {
            return false;
        }
        if self.has_room() {
            return true;
        }
        let is_admitted = self.outweighs(asked);
        if !is_admitted {
            self.hand = (self.hand + 1) % self.capacity;
        }
        is_admitted
    }

    /// Somebody prepares it for all others. Answers false where it is prepared, or another does that.
    pub(crate) fn begin_preparing(&mut self, key: &StatementKey<'_>) -> bool {
        let hash = key.hash();
        let is_first = !self.preparing.contains(&hash) && self.position(key, hash).is_none();
        if is_first {
            self.preparing.push(hash);
        }
        is_first
    }

    pub(crate) fn end_preparing(&mut self, key: &StatementKey<'_>, prepared: Option<V>) {
        let hash = key.hash();
        self.preparing.retain(|preparing| *preparing != hash);
        if let Some(statement) = prepared {
            self.insert(key, statement);
        }
    }

    /// Keeps a statement that had to be prepared, if there is room or it comes often.
    pub(crate) fn insert_if_worth(&mut self, key: &StatementKey<'_>, statement: V) {
        if self.has_room() || self.outweighs(self.newcomers.of(key.hash())) {
            self.insert(key, statement);
        }
    }

    /// Whether one that was asked for so often is to take the place at the hand. A little more often can be chance,
    /// and to exchange them costs more than it brings.
    fn outweighs(&self, asked: u8) -> bool {
        let kept = self.entries.get(self.hand).map_or(0, |entry| entry.uses);
        asked > 2 * kept + WORTH_PREPARING
    }

    fn has_room(&self) -> bool {
        self.entries.len() < self.capacity
    }

    pub(crate) fn insert(&mut self, key: &StatementKey<'_>, statement: V) {
        let hash = key.hash();
        if let Some(entry) = self.position(key, hash).and_then(|position| self.entries.get_mut(position)) {
            entry.statement = statement;
            return;
        }
        let uses = self.newcomers.of(hash).min(MAX_USES);
        let entry = Entry { key: key.owned(), hash, statement, uses };
        let position = if self.has_room() {
            self.entries.push(entry);
            self.entries.len() - 1
        } else {
            let position = self.hand;
            let Some(place) = self.entries.get_mut(position) else { return };
            let old = std::mem::replace(place, entry);
            self.forget_position(old.hash, position);
            self.hand = (position + 1) % self.capacity;
            position
        };
        let entries = &self.entries;
        self.table.insert_unique(hash, position, |&position| entries.get(position).map_or(0, |entry| entry.hash));
    }

    /// Removes it, if it is the one that is meant.
    pub(crate) fn remove_if(&mut self, key: &StatementKey<'_>, is_meant: impl FnOnce(&V) -> bool) {
        let Some(position) = self.position(key, key.hash()) else { return };
        if !self.entries.get(position).is_some_and(|entry| is_meant(&entry.statement)) {
            return;
        }
        let removed = self.entries.swap_remove(position);
        self.forget_position(removed.hash, position);
        // The last entry has moved into its place.
        if let Some(moved) = self.entries.get(position) {
            let last = self.entries.len();
            if let Some(slot) = self.table.find_mut(moved.hash, |&position| position == last) {
                *slot = position;
            }
        }
        self.hand = if self.hand < self.entries.len() { self.hand } else { 0 };
    }

    fn position(&self, key: &StatementKey<'_>, hash: u64) -> Option<usize> {
        let is_it =
            |&position: &usize| self.entries.get(position).is_some_and(|entry| entry.hash == hash && entry.key.is(key));
        self.table.find(hash, is_it).copied()
    }

    fn forget_position(&mut self, hash: u64, position: usize) {
        if let Ok(slot) = self.table.find_entry(hash, |&other| other == position) {
            slot.remove();
        }
    }
}

impl<'q> StatementKey<'q> {
    pub(crate) fn fixed(statement: &'static FixedText, schemas: &'q [SchemaName], returning: Returning) -> Self {
        Self { identity: Identity::Fixed(statement), schemas, returning }
    }

    pub(crate) fn built(pieces: &'q [Piece], schemas: &'q [SchemaName], returning: Returning) -> Self {
        Self { identity: Identity::Built(pieces), schemas, returning }
    }

    pub(crate) fn has_schema(&self) -> bool {
        !self.schemas.is_empty()
    }

    /// The same statement, whichever tenant's, and whether it brings rows or not.
    pub(crate) fn of_parameters(self) -> Self {
        Self { schemas: &[], returning: Returning::Rows, ..self }
    }

    pub(crate) fn owned(self) -> OwnedKey {
        let identity = match self.identity {
            Identity::Fixed(statement) => OwnedIdentity::Fixed(statement),
            Identity::Built(pieces) => OwnedIdentity::Built(pieces.into()),
        };
        OwnedKey { identity, schemas: self.schemas.into(), returning: self.returning }
    }

    /// Of the beginnings and ends of its pieces; the middle is left to the comparison. Their places in memory would not
    /// do: the compiler may have the same text at several.
    pub(crate) fn hash(&self) -> u64 {
        let mut hasher = EndsHasher(0);
        for schema in self.schemas {
            hasher.number(schema.precomputed_hash());
        }
        match self.identity {
            Identity::Fixed(statement) => {
                for fragment in statement.fragments {
                    hasher.text(fragment);
                }
                hasher.text(statement.returning);
            }
            Identity::Built(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => hasher.text(text),
                        Piece::Schema { position, .. } => hasher.number(!u64::from(*position)),
                        Piece::Parameter(number) => hasher.number(u64::from(*number)),
                        Piece::Alias(number) => hasher.number(u64::from(*number) << 32),
                    }
                }
            }
        }
        hasher.number(self.returning as u64);
        hasher.0
    }
}

struct EndsHasher(u64);

impl EndsHasher {
    fn text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let end = |chunk: Option<&[u8; 4]>| chunk.map_or(0, |chunk| u64::from(u32::from_le_bytes(*chunk)));
        self.number(text.len() as u64 ^ end(bytes.first_chunk()) << 32 ^ end(bytes.last_chunk()));
    }

    fn number(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    }
}

impl OwnedKey {
    pub(crate) fn is(&self, key: &StatementKey<'_>) -> bool {
        let is_same = match (&self.identity, key.identity) {
            (OwnedIdentity::Fixed(statement), Identity::Fixed(other)) => {
                ptr::eq(*statement, other) || *statement == other
            }
            (OwnedIdentity::Built(pieces), Identity::Built(other)) => **pieces == *other,
            _ => false,
        };
        is_same && *self.schemas == *key.schemas && self.returning == key.returning
    }
}

#[cfg(test)]
mod tests;
