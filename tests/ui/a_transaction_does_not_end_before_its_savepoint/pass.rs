//! Twin: the savepoint has ended
use tenantry::{Database, Error};

async fn run(db: &Database) -> Result<(), Error> {
    let mut transaction = db.begin().await?;
    let savepoint = transaction.savepoint().await?;
    println!("{savepoint:?}");
    savepoint.commit().await?;
    transaction.commit().await
}

fn main() {}
