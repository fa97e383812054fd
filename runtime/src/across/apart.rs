//! A statement for each tenant, some of them under way at a time.

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use tokio_postgres::error::SqlState;

use crate::error::Error;
use crate::executor::Target;
use crate::run;
use crate::statement::Statement;
use crate::tenant::{TenantId, TenantKey};

/// What the failure of a tenant's statement means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnFailure {
    /// No more is read.
    End,
    /// It is the answer for this tenant, where it is about this tenant.
    GoOn,
}

/// The rows of each tenant, in the order of the list.
pub(crate) async fn read<K: TenantKey, R: Send + 'static>(
    tenants: &[TenantId<K>],
    statement: impl Fn(&TenantId<K>) -> Statement<R>,
    on_failure: OnFailure,
    target: Target<'_>,
) -> Result<Vec<Result<Vec<R>, Error>>, Error> {
    let mut waiting = tenants.iter();
    let mut under_way = FuturesOrdered::new();
    let mut answers = Vec::with_capacity(tenants.len());
    let mut failure: Option<Error> = None;
    loop {
        while failure.is_none()
            && let Some(tenant) = waiting.next()
        {
            let statement = for_one_use(statement(tenant), target);
            let room = target.room(&statement.query);
            under_way.push_back(async move { (tenant, run::fetch_all(statement, target).await) });
            if under_way.len() >= room {
                break;
            }
        }
        // After a failure, too, what is under way is read to its end: so nothing is left behind on a connection.
        let Some((tenant, answer)) = under_way.next().await else { break };
        match answer.map_err(|error| error.of_tenant(tenant)) {
            Err(error) if on_failure == OnFailure::End || error.tenant().is_none() => {
                failure = Some(match failure {
                    Some(first) => the_cause(first, error),
                    None => error,
                });
            }
            answer => answers.push(answer),
        }
    }
    match failure {
        None => Ok(answers),
        // A transaction goes on for nobody.
        Some(failure) => Err(answers.into_iter().filter_map(Result::err).fold(failure, the_cause)),
    }
}

/// A cache without a bound would keep the statement of every tenant.
pub(crate) fn for_one_use<R>(statement: Statement<R>, target: Target<'_>) -> Statement<R> {
    match target.keeps_every_statement() {
        true => Statement { query: statement.query.once(), ..statement },
        false => statement,
    }
}

/// In a transaction that has failed all others fail, too.
fn the_cause(first: Error, second: Error) -> Error {
    if first.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION) { second } else { first }
}
