//! The verbs' bodies.

use std::future::poll_fn;
use std::pin::{Pin, pin};

use futures_core::Stream;
use tokio_postgres::RowStream;

use crate::error::Error;
use crate::executor::{Lease, Target};
use crate::flight;
use crate::row::Row;
use crate::statement::{Returning, Statement};

pub(crate) async fn fetch_optional<R>(statement: &Statement<R>, target: Target<'_>) -> Result<Option<R>, Error> {
    if !statement.query.is_runnable()? {
        return Ok(None);
    }
    let lease = target.lease().await?;
    let mut rows = pin!(flight::start(&lease, &statement.query, Returning::Rows).await?);
    let row = match next(&lease, rows.as_mut()).await? {
        Some(row) => {
            let row = decode(&lease, statement, &row)?;
            if next(&lease, rows).await?.is_some() {
                return Err(Error::too_many_rows(statement.query.table));
            }
            Some(row)
        }
        None => None,
    };
    Ok(row)
}

pub(crate) async fn fetch_all<R>(statement: &Statement<R>, target: Target<'_>) -> Result<Vec<R>, Error> {
    let mut answer = Vec::new();
    if statement.query.is_runnable()? {
        let lease = target.lease().await?;
        let mut rows = pin!(flight::start(&lease, &statement.query, Returning::Rows).await?);
        while let Some(row) = next(&lease, rows.as_mut()).await? {
            answer.push(decode(&lease, statement, &row)?);
        }
    }
    Ok(answer)
}

pub(crate) async fn execute<R>(statement: &Statement<R>, target: Target<'_>) -> Result<u64, Error> {
    if !statement.query.is_runnable()? {
        return Ok(0);
    }
    let lease = target.lease().await?;
    let mut rows = pin!(flight::start(&lease, &statement.query, Returning::Count).await?);
    while next(&lease, rows.as_mut()).await?.is_some() {}
    Ok(rows.rows_affected().unwrap_or(0))
}

fn decode<R>(lease: &Lease<'_>, statement: &Statement<R>, row: &tokio_postgres::Row) -> Result<R, Error> {
    (statement.decode)(&Row::new(row, statement.query.table)).inspect_err(|_| flight::misread(lease, &statement.query))
}

/// The next row; at the end of the reply, or at its error, the statement has landed.
async fn next(lease: &Lease<'_>, mut rows: Pin<&mut RowStream>) -> Result<Option<tokio_postgres::Row>, Error> {
    match poll_fn(|context| rows.as_mut().poll_next(context)).await {
        Some(Ok(row)) => Ok(Some(row)),
        end => flight::landed(lease, end.and_then(Result::err)).map_or(Ok(None), Err),
    }
}
