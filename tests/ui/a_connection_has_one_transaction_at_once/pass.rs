//! Twin: the first has ended
use tenantry::{Connection, Error};

async fn run(connection: &mut Connection) -> Result<(), Error> {
    let first = connection.begin().await?;
    println!("{first:?}");
    first.commit().await?;
    let second = connection.begin().await?;
    second.commit().await
}

fn main() {}
