//! Twin: the first has ended
use tenantry::{Database, Error};

async fn run(db: &Database) -> Result<(), Error> {
    let mut transaction = db.begin().await?;
    let first = transaction.savepoint().await?;
    println!("{first:?}");
    first.commit().await?;
    let second = transaction.savepoint().await?;
    second.commit().await
}

fn main() {}
