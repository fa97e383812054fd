//! Twin: the commit comes last
use tenantry::{Database, Error};

async fn run(db: &Database) -> Result<(), Error> {
    let mut transaction = db.begin().await?;
    transaction.savepoint().await?.commit().await
}

fn main() {}
