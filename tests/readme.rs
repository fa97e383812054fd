//! The guide, run as it stands.
#![allow(
    clippy::all,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    unused,
    missing_docs,
    reason = "the guide is written for readers"
)]

use std::sync::OnceLock;

mod program {
    include!(concat!(env!("OUT_DIR"), "/readme.rs"));
}

static URL: OnceLock<String> = OnceLock::new();

fn url() -> &'static str {
    URL.get().expect("set before the guide runs")
}

#[tokio::test]
async fn the_guide_compiles_and_runs() {
    let database = throwaway_postgres::database().await;
    database.execute(program::TABLES).await.unwrap();
    // For the oracle: one tenant alone has it.
    database.execute(r#"comment on schema "acme.reporting" is 'tenant acme'"#).await.unwrap();
    URL.set(database.url().to_owned()).unwrap();

    // The first example has a runtime of its own.
    let example = std::thread::spawn(|| program::example::run().map_err(|error| error.to_string()));
    example.join().unwrap().unwrap();
    program::guide().await.unwrap();
}
