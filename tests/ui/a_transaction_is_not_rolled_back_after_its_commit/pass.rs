//! Twin: it ends once
use tenantry::{Database, Error};

async fn run(db: &Database) -> Result<(), Error> {
    let transaction = db.begin().await?;
    transaction.rollback().await
}

fn main() {}
