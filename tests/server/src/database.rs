use std::error::Error;
use std::fmt;
use std::thread;

use tokio::runtime;
use tokio_postgres::Client;

use crate::{StartError, by_hand, connection};

/// A database for one test.
///
/// On the server that `DATABASE_URL` names, it is dropped with this value; on
/// a throwaway server it goes with the server.
pub struct TestDatabase {
    name: String,
    url: String,
    /// For this package's own connections.
    own_url: String,
    /// The maintenance database to drop this one from, if it is to be.
    drop_from: Option<String>,
}

impl TestDatabase {
    /// Creates it from another database of the server.
    ///
    /// `url` and `own_url` name that database; `options` are further words of
    /// the statement.
    pub(crate) async fn create(url: &str, own_url: &str, options: &str, drop_after: bool) -> Result<Self, StartError> {
        let name = crate::unique_name("test", '_');
        // Nobody can connect to template0, so copies of it never clash.
        let sql = format!("create database {name} template template0{options}");
        connection::run(own_url, &by_hand(&sql))
            .await
            .map_err(|error| StartError::caused("cannot create a database on the PostgreSQL server", error))?;
        Ok(Self {
            url: connection::with_database(url, &name),
            own_url: connection::with_database(own_url, &name),
            drop_from: drop_after.then(|| own_url.to_owned()),
            name,
        })
    }

    /// Its connection string.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name, which needs no quotes in SQL.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs SQL text (several statements) in it, for set-up.
    ///
    /// # Errors
    ///
    /// If there is no connection or a statement fails.
    pub async fn execute(&self, sql: &str) -> Result<(), StartError> {
        connection::run(&self.own_url, &by_hand(sql))
            .await
            .map_err(|error| StartError::caused(format!("cannot run SQL in database {}", self.name), error))
    }

    /// A client with a connection of its own, run by the current runtime.
    ///
    /// # Errors
    ///
    /// If there is no connection.
    pub async fn client(&self) -> Result<Client, StartError> {
        let connected = connection::connect(&self.own_url).await;
        connected
            .map(|(client, _)| client)
            .map_err(|error| StartError::caused(format!("cannot connect to database {}", self.name), error))
    }
}

impl fmt::Debug for TestDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the URL, which may have a password.
        f.debug_struct("TestDatabase").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some(url) = self.drop_from.take() else {
            return;
        };
        let sql = format!("drop database if exists {} with (force)", self.name);
        // In a thread, for this one may be running a runtime, and a runtime
        // does not start within another.
        let done = thread::spawn(move || -> Result<(), Box<dyn Error + Send + Sync>> {
            let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
            Ok(runtime.block_on(connection::run(&url, &by_hand(&sql)))?)
        });
        if let Ok(Err(error)) = done.join() {
            eprintln!("cannot drop database {}: {error}", self.name);
        }
    }
}
