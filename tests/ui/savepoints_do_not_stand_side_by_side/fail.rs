//! E0499: cannot borrow `transaction` as mutable more than once at a time
use tenantry::{Database, Error};

async fn run(db: &Database) -> Result<(), Error> {
    let mut transaction = db.begin().await?;
    let first = transaction.savepoint().await?;
    println!("{first:?}");
    let second = transaction.savepoint().await?;
    second.commit().await
}

fn main() {}
