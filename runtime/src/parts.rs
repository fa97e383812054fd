//! Inserts of more rows than go in one statement: several of them, all or none.

use crate::error::Error;
use crate::executor::{Executor, Target};
use crate::flight::may_be_out_of_date;
use crate::run::{execute_on, fetch_all_on};
use crate::statement::{Query, Returning, Statement};

/// What several statements brought.
pub(crate) struct Answer<R> {
    pub(crate) rows: Vec<R>,
    /// How many rows were written, where they were not brought.
    pub(crate) count: u64,
}

/// Runs the statements one after another, in a transaction of their own where there is none.
pub(crate) async fn run<R>(
    statement: &Statement<R>,
    parts: impl Iterator<Item = Query> + Clone,
    target: Target<'_>,
    returning: Returning,
) -> Result<Answer<R>, Error> {
    let mut is_first_try = true;
    loop {
        let Some(begun) = target.begin().await? else {
            return run_on(statement, parts, target, returning).await.map_err(|failed| failed.error);
        };
        match run_on(statement, parts.clone(), begun.transaction.target(), returning).await {
            Ok(answer) => {
                begun.transaction.commit().await?;
                return Ok(answer);
            }
            // A table was changed under a prepared statement. It is right the next time.
            Err(Failed { error, is_first: true })
                if is_first_try && error.as_driver_error().is_some_and(may_be_out_of_date) =>
            {
                begun.transaction.rollback().await?;
                is_first_try = false;
            }
            Err(Failed { error, .. }) => return Err(error),
        }
    }
}

struct Failed {
    error: Error,
    /// Whether it was the first of the statements.
    is_first: bool,
}

async fn run_on<R>(
    statement: &Statement<R>,
    parts: impl Iterator<Item = Query>,
    target: Target<'_>,
    returning: Returning,
) -> Result<Answer<R>, Failed> {
    let mut answer = Answer { rows: Vec::new(), count: 0 };
    for (number, query) in parts.enumerate() {
        let part = Statement::new(Query { slow: statement.query.slow, ..query }, statement.decode);
        let ran = match (target.lease_alone().await, returning) {
            (Ok(lease), Returning::Rows) => fetch_all_on(lease, part).await.map(|rows| answer.rows.extend(rows)),
            (Ok(lease), Returning::Count) => execute_on(lease, part.query).await.map(|count| answer.count += count),
            (Err(error), _) => Err(error),
        };
        ran.map_err(|error| Failed { error, is_first: number == 0 })?;
    }
    Ok(answer)
}
