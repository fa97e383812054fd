//! The query of one row by a key.

use std::fmt;

use crate::statement::{Statement, verbs};

/// A query of one row by a key; made by a repository's `find` and `find_by_..`.
#[must_use = "a query does nothing until a verb runs it: `.fetch_one(&db)`, .."]
pub struct Find<T>(pub(crate) Statement<T>);

impl<T> Find<T> {
    /// The text that runs, with `$1`, `$2` .. where the bound values stand; the values are never shown.
    #[must_use]
    pub fn sql(&self) -> String {
        self.0.sql()
    }

    /// Says that the query may take long: see [`Statement::slow`].
    pub fn slow(self) -> Self {
        Self(self.0.slow())
    }
}

impl<T: Send + 'static> Find<T> {
    verbs!(T);

    fn into_statement(self) -> Statement<T> {
        self.0
    }
}

impl<T> Clone for Find<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for Find<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Find").field(&self.sql()).finish()
    }
}
