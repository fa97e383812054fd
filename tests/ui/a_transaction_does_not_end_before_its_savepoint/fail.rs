//! E0505: cannot move out of `transaction` because it is borrowed
use tenantry::{Database, Error};

async fn run(db: &Database) -> Result<(), Error> {
    let mut transaction = db.begin().await?;
    let savepoint = transaction.savepoint().await?;
    println!("{savepoint:?}");
    transaction.commit().await
}

fn main() {}
