use std::fmt;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::supervisor::{Program, Supervisor};
use crate::{Server, StartError, TestDatabase, binaries};

/// The port in the socket's name.
const PORT: u16 = 6432;

/// A throwaway PgBouncer before a server, in transaction pooling mode: a
/// client has a server connection for the time of a transaction only.
///
/// It listens on a Unix socket of its own, and forwards every client as the
/// user of the server's URL, whatever user it names. It ends, and its folder
/// is removed, when this value is dropped or the process ends, in whatever way
/// that happens.
pub struct Bouncer {
    supervisor: Supervisor,
}

impl Bouncer {
    /// Whether this machine has a PgBouncer to start.
    pub fn is_installed() -> bool {
        binaries::bouncer().is_ok()
    }

    /// Starts it before `server`, with at most `pool_size` server connections
    /// (one or more) for each database, and waits until it forwards.
    ///
    /// # Errors
    ///
    /// If PgBouncer is not [installed](Self::is_installed), `server` is named
    /// by a `DATABASE_URL` without a user or with several hosts, or PgBouncer
    /// does not start or cannot connect to the server.
    pub async fn start(server: &Server, pool_size: u32) -> Result<Self, StartError> {
        let binaries = binaries::bouncer()?;
        let config: Config = server
            .own_url()
            .parse()
            .map_err(|error| StartError::caused("PgBouncer cannot be told the server's URL", error))?;
        let destination = destination(&config)?;

        let mut supervisor = Supervisor::spawn(Program::Bouncer, &binaries)?;
        supervisor.initialized().await?;
        let socket = supervisor.socket_folder();
        let socket = socket.display();
        let pid = supervisor.data_file("pgbouncer.pid");
        let pid = pid.display();
        let text = format!(
            "[databases]\n\
             * = {destination}\n\
             [pgbouncer]\n\
             pool_mode = transaction\n\
             default_pool_size = {pool_size}\n\
             max_client_conn = 500\n\
             server_login_retry = 1\n\
             auth_type = any\n\
             ignore_startup_parameters = extra_float_digits,options\n\
             unix_socket_dir = {socket}\n\
             listen_port = {PORT}\n\
             pidfile = {pid}\n"
        );
        supervisor.write("pgbouncer.ini", text.as_bytes())?;

        let user = config.get_user().unwrap_or_default();
        let name = config.get_dbname().unwrap_or(user).replace('\\', r"\\").replace('\'', r"\'");
        let url = format!("host={socket} port={PORT} user=postgres dbname='{name}'");
        supervisor.start(&url).await?;
        Ok(Self { supervisor })
    }

    /// The connection string, through it, of a database of its server.
    pub fn url(&self, database: &TestDatabase) -> String {
        let socket = self.supervisor.socket_folder();
        format!("postgresql://postgres@/{}?host={}&port={PORT}", database.name(), socket.display())
    }
}

impl fmt::Debug for Bouncer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bouncer").finish_non_exhaustive()
    }
}

/// The words of PgBouncer's configuration for a server; the database is the
/// one that a client names.
fn destination(config: &Config) -> Result<String, StartError> {
    let mut hosts: Vec<String> = config.get_hostaddrs().iter().map(ToString::to_string).collect();
    if hosts.is_empty() {
        hosts = config.get_hosts().iter().map(host).collect();
    }
    let [host] = hosts.as_slice() else {
        return Err(StartError::new("PgBouncer forwards to one host: DATABASE_URL must name one, not several"));
    };
    let Some(user) = config.get_user() else {
        return Err(StartError::new("PgBouncer connects as a certain user: DATABASE_URL must name one"));
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let mut words = format!("host={} port={port} user={}", quoted(host), quoted(user));
    if let Some(password) = config.get_password() {
        words.push_str(" password=");
        words.push_str(&quoted(&String::from_utf8_lossy(password)));
    }
    Ok(words)
}

fn host(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(folder) => folder.display().to_string(),
    }
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(url: &str) -> Result<String, StartError> {
        destination(&url.parse().unwrap())
    }

    #[test]
    fn destinations() {
        for (url, expected) in [
            ("postgresql://a@/d?host=/tmp/e&port=1", "host='/tmp/e' port=1 user='a'"),
            ("postgres://a:it%27s@c/d", "host='c' port=5432 user='a' password='it''s'"),
            ("host=c hostaddr=::1 user=a", "host='::1' port=5432 user='a'"),
        ] {
            assert_eq!(words(url).unwrap(), expected);
        }
        for (url, expected) in [("postgres://a@b,c/d", "several"), ("postgres://c/d", "user")] {
            let error = words(url).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
