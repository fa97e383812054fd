//! What is to be known of all statements of a batch: before they are sent, and when they have been answered.

use tokio_postgres::error::SqlState;

use super::batched::Batched;
use crate::error::Error;
use crate::tenant::SchemaName;

/// A batch before it is sent.
#[derive(Debug, Default)]
pub struct Plan {
    pub(super) count: usize,
    /// Of the first tenant whose schema names its tables.
    pub(super) schema: Option<SchemaName>,
    pub(super) is_slow: bool,
    /// An answer may be long.
    pub(super) has_many_rows: bool,
    /// Why a statement cannot be made.
    impossible: Option<Error>,
    /// Which of them change the database.
    writes: Vec<bool>,
}

impl Plan {
    pub(super) fn note<A>(&mut self, statement: &Batched<A>) {
        let query = statement.query();
        let is_runnable = query.is_runnable();
        self.count += 1;
        self.schema = self.schema.take().or_else(|| query.schemas.first().cloned());
        self.is_slow |= query.slow;
        self.has_many_rows |= statement.has_many_rows();
        self.writes.push(matches!(is_runnable, Ok(true)) && !query.is_query());
        self.impossible = self.impossible.take().or(is_runnable.err());
    }

    /// What becomes of it, if it can be made.
    pub(super) fn outcome(&mut self) -> Result<Outcome, Error> {
        match self.impossible.take() {
            Some(error) => Err(error),
            None => Ok(Outcome { writes: std::mem::take(&mut self.writes), ..Outcome::default() }),
        }
    }
}

/// The error that stands for a batch, if there is one.
#[derive(Debug, Default)]
pub struct Outcome {
    writes: Vec<bool>,
    answered: usize,
    /// How many statements may have changed the database.
    changes: usize,
    chosen: Option<Chosen>,
}

#[derive(Debug)]
struct Chosen {
    error: Error,
    /// Its statement may have changed the database itself.
    may_have_run: bool,
}

impl Outcome {
    /// Takes the next answer; of an error only what it says of the whole.
    pub(super) fn sift<A>(&mut self, answer: Result<A, Error>) -> Option<A> {
        let is_write = self.writes.get(self.answered) == Some(&true);
        let may_have_run = is_write && answer.as_ref().err().is_none_or(Error::may_have_run);
        self.answered += 1;
        self.changes += usize::from(may_have_run);
        let error = match answer {
            Ok(answer) => return Some(answer),
            Err(error) => error,
        };
        let is_better = |chosen: &Chosen| is_consequence(&chosen.error) && !is_consequence(&error);
        if self.chosen.as_ref().is_none_or(is_better) {
            self.chosen = Some(Chosen { error, may_have_run });
        }
        None
    }

    /// An answer, when all were sifted; or the error, where one is missing.
    pub(super) fn answer<A>(&mut self, sifted: Option<A>) -> Result<A, Error> {
        sifted.ok_or_else(|| match self.chosen.take() {
            Some(Chosen { error, may_have_run }) if self.changes > usize::from(may_have_run) => error.beside_others(),
            Some(Chosen { error, .. }) => error,
            None => Error::connection_closed(),
        })
    }
}

/// Another statement has failed the transaction.
fn is_consequence(error: &Error) -> bool {
    error.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION)
}
