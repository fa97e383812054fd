//! E0382: borrow of moved value: `transaction`
use tenantry::{Database, Error};

async fn run(db: &Database) -> Result<(), Error> {
    let mut transaction = db.begin().await?;
    transaction.commit().await?;
    transaction.savepoint().await?.commit().await
}

fn main() {}
