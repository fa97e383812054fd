//! E0382: use of moved value: `transaction`
use tenantry::{Database, Error};

async fn run(db: &Database) -> Result<(), Error> {
    let transaction = db.begin().await?;
    transaction.commit().await?;
    transaction.rollback().await
}

fn main() {}
