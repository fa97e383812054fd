//! The verbs' bodies.

use std::future::poll_fn;
use std::pin::{Pin, pin};

use futures_core::Stream;
use tokio_postgres::RowStream;

use crate::error::Error;
use crate::executor::{Executor, Lease};
use crate::flight;
use crate::row::Row;
use crate::statement::{Returning, Statement};

pub(crate) async fn fetch_optional<R, E>(statement: &Statement<R>, executor: &E) -> Result<Option<R>, Error>
where
    E: Executor + ?Sized,
{
    if !statement.query.is_runnable()? {
        return Ok(None);
    }
    let lease = executor.lease().await?;
    let mut rows = pin!(flight::start(&lease, &statement.query, Returning::Rows).await?);
    let row = match next(&lease, rows.as_mut()).await? {
        Some(row) => {
            let row = (statement.decode)(&Row::new(&row, statement.query.table))?;
            if next(&lease, rows).await?.is_some() {
                return Err(Error::too_many_rows(statement.query.table));
            }
            Some(row)
        }
        None => None,
    };
    Ok(row)
}

pub(crate) async fn fetch_all<R, E>(statement: &Statement<R>, executor: &E) -> Result<Vec<R>, Error>
where
    E: Executor + ?Sized,
{
    let mut answer = Vec::new();
    if statement.query.is_runnable()? {
        let lease = executor.lease().await?;
        let mut rows = pin!(flight::start(&lease, &statement.query, Returning::Rows).await?);
        while let Some(row) = next(&lease, rows.as_mut()).await? {
            answer.push((statement.decode)(&Row::new(&row, statement.query.table))?);
        }
    }
    Ok(answer)
}

pub(crate) async fn execute<R, E>(statement: &Statement<R>, executor: &E) -> Result<u64, Error>
where
    E: Executor + ?Sized,
{
    if !statement.query.is_runnable()? {
        return Ok(0);
    }
    let lease = executor.lease().await?;
    let mut rows = pin!(flight::start(&lease, &statement.query, Returning::Count).await?);
    while next(&lease, rows.as_mut()).await?.is_some() {}
    Ok(rows.rows_affected().unwrap_or(0))
}

/// The next row; at the end of the reply, or at its error, the statement has landed.
async fn next(lease: &Lease<'_>, mut rows: Pin<&mut RowStream>) -> Result<Option<tokio_postgres::Row>, Error> {
    let row = poll_fn(|context| rows.as_mut().poll_next(context)).await.transpose();
    if !matches!(row, Ok(Some(_))) {
        flight::landed(lease);
    }
    row.map_err(Error::driver)
}
