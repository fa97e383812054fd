//! The types of statements' parameters, as the server said when they were prepared first.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashTable;
use tokio_postgres::types::Type;

use crate::arrays::ArrayTypes;
use crate::cache::{OwnedKey, StatementKey};

/// So many statements are remembered; a program has some hundreds.
const CAPACITY: usize = 4_096;

/// In every tenant's schema a value of one of these means the same. Where a tenant's column has another type than
/// the others', while it is altered for one after another, PostgreSQL refuses it or converts it without a loss; a time
/// or a number with a fraction it would convert with one.
const SAME_IN_EVERY_SCHEMA: [Type; 14] = [
    Type::BOOL,
    Type::INT2,
    Type::INT4,
    Type::INT8,
    Type::UUID,
    Type::TEXT,
    Type::VARCHAR,
    Type::BYTEA,
    Type::JSON,
    Type::JSONB,
    Type::INT2_ARRAY,
    Type::INT4_ARRAY,
    Type::INT8_ARRAY,
    Type::UUID_ARRAY,
];

/// What is known of the statements of one database, whoever runs them: with it, the first use on a connection and
/// of a tenant asks nothing.
pub(crate) struct KnownTypes {
    statements: Mutex<HashTable<Known>>,
    arrays: Mutex<ArrayTypes>,
}

struct Known {
    key: OwnedKey,
    hash: u64,
    types: Box<[Type]>,
}

impl KnownTypes {
    pub(crate) fn new() -> Self {
        Self { statements: Mutex::new(HashTable::new()), arrays: Mutex::default() }
    }

    pub(crate) fn of(&self, key: &StatementKey<'_>) -> Option<Vec<Type>> {
        let key = key.of_parameters();
        let known = self.lock();
        known.find(key.hash(), |known| known.key.is(&key)).map(|known| known.types.to_vec())
    }

    /// Remembers the types, where they hold for all that have the statement, and answers whether they do.
    pub(crate) fn learn(&self, key: &StatementKey<'_>, types: &[Type]) -> bool {
        let is_by_schema = key.has_schema();
        let holds = |ty: &Type| match is_by_schema {
            true => SAME_IN_EVERY_SCHEMA.contains(ty),
            // There is one table. Its own types are asked about again, because they can be made anew.
            false => Type::from_oid(ty.oid()).is_some(),
        };
        if !types.iter().all(holds) {
            return false;
        }
        let key = key.of_parameters();
        let hash = key.hash();
        let mut known = self.lock();
        match known.find_mut(hash, |known| known.key.is(&key)) {
            Some(known) => known.types = types.into(),
            None => {
                if known.len() == CAPACITY {
                    known.clear();
                }
                known.insert_unique(hash, Known { key: key.owned(), hash, types: types.into() }, |known| known.hash);
            }
        }
        true
    }

    /// They turned out to be wrong.
    pub(crate) fn forget(&self, key: &StatementKey<'_>) {
        let key = key.of_parameters();
        if let Ok(known) = self.lock().find_entry(key.hash(), |known| known.key.is(&key)) {
            known.remove();
        }
    }

    /// The arrays of the database's own types.
    pub(crate) fn arrays(&self) -> MutexGuard<'_, ArrayTypes> {
        self.arrays.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, HashTable<Known>> {
        self.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
