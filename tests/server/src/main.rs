//! Prints the URL of a new database, and keeps it until standard input ends.
//!
//! It is on the server that `DATABASE_URL` names, or else on a throwaway one.

use std::io;

use throwaway_postgres::{Server, StartError};

fn main() -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let _database = runtime.block_on(async {
        let database = Server::shared().await?.create_database().await?;
        println!("{}", database.url());
        Ok::<_, StartError>(database)
    })?;
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    Ok(())
}
