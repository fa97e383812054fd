//! E0499: cannot borrow `*connection` as mutable more than once at a time
use tenantry::{Connection, Error};

async fn run(connection: &mut Connection) -> Result<(), Error> {
    let first = connection.begin().await?;
    println!("{first:?}");
    let second = connection.begin().await?;
    second.commit().await
}

fn main() {}
