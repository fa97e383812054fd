//! Prints the URL of a new database, and keeps it until standard input ends.
//!
//! It is on the server that `DATABASE_URL` names, or else on a throwaway one.
//! With a number as argument, the URL is through a PgBouncer with that pool
//! size.

use std::{env, io};

use throwaway_postgres::{Bouncer, Server, StartError};

fn main() -> Result<(), StartError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let pool_size = env::args().nth(1).map(|text| text.parse().expect("a pool size"));
    let _held = runtime.block_on(async {
        let server = Server::shared().await?;
        let database = server.create_database().await?;
        let bouncer = match pool_size {
            Some(pool_size) => Some(Bouncer::start(server, pool_size).await?),
            None => None,
        };
        match &bouncer {
            Some(bouncer) => println!("{}", bouncer.url(&database)),
            None => println!("{}", database.url()),
        }
        Ok::<_, StartError>((bouncer, database))
    })?;
    let _ = io::copy(&mut io::stdin(), &mut io::sink());
    Ok(())
}
