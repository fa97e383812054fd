use std::env;
use std::fmt::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use tokio::sync::OnceCell;

use crate::supervisor::{Program, Supervisor};
use crate::{StartError, TestDatabase, binaries, log};

/// How many ports to try where others take the free one first.
const PORT_TRIES: usize = 5;
/// The port in the socket's name where TCP is not asked for.
const SOCKET_PORT: u16 = 5432;

/// What every throwaway server is set to: its data need not outlive it.
const SETTINGS: &[(&str, &str)] = &[
    ("listen_addresses", ""),
    ("max_connections", "200"),
    ("shared_buffers", "128MB"),
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
];

/// A PostgreSQL server: a throwaway one, or the one `DATABASE_URL` names.
///
/// A throwaway server ends, and its folder is removed, when this value is
/// dropped or the process ends, in whatever way that happens.
pub struct Server {
    url: String,
    /// For this package's own connections: they are made by the Unix socket
    /// even where the URL is for TCP, which may ask for passwords or TLS.
    own_url: String,
    binaries: Option<PathBuf>,
    /// None for the server that `DATABASE_URL` names.
    supervisor: Option<Supervisor>,
}

impl Server {
    /// The server of this process: the one `DATABASE_URL` names, or one
    /// throwaway server started on first use.
    ///
    /// # Errors
    ///
    /// If the throwaway server does not start; the next call tries again.
    pub async fn shared() -> Result<&'static Server, StartError> {
        static SHARED: OnceCell<Server> = OnceCell::const_new();
        SHARED
            .get_or_try_init(|| async {
                match env::var("DATABASE_URL") {
                    Ok(url) if !url.is_empty() => Ok(Self::named(url)),
                    _ => Self::builder().start().await,
                }
            })
            .await
    }

    /// Options for a throwaway server of its own, `DATABASE_URL` or not.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The connection string of its maintenance database, as superuser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder of `psql`, `pgbench` and the like; None if there is none on
    /// this machine, which has the server that `DATABASE_URL` names elsewhere.
    pub fn binaries(&self) -> Option<&Path> {
        self.binaries.as_deref()
    }

    /// A new empty database with a unique name.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached or refuses.
    pub async fn create_database(&self) -> Result<TestDatabase, StartError> {
        let options = match &self.supervisor {
            // Copying files is faster than the default where nothing is made
            // durable, several times so for many databases at once.
            Some(supervisor) if supervisor.version() >= Some(15) => " strategy file_copy",
            _ => "",
        };
        let drop_after = self.supervisor.is_none();
        TestDatabase::create(&self.url, &self.own_url, options, drop_after).await
    }

    /// The connection string for this package's own connections.
    pub(crate) fn own_url(&self) -> &str {
        &self.own_url
    }

    fn named(url: String) -> Self {
        Self { own_url: url.clone(), url, binaries: binaries::client(), supervisor: None }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the URL, which may have a password.
        f.debug_struct("Server").field("throwaway", &self.supervisor.is_some()).finish_non_exhaustive()
    }
}

/// Options for a throwaway server.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Builder {
    settings: Vec<(String, String)>,
    files: Vec<(String, Vec<u8>)>,
    tcp: bool,
}

impl Builder {
    /// Sets a configuration parameter, in place of this package's own value.
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Puts a file into the data folder, owned by the server's user and closed
    /// to others (mode 0600), such as `server.key`.
    ///
    /// A `pg_hba.conf` must let the user `postgres` in by `local` with `trust`.
    pub fn file(mut self, name: impl Into<String>, contents: impl Into<Vec<u8>>) -> Self {
        self.files.push((name.into(), contents.into()));
        self
    }

    /// Lets the server listen on 127.0.0.1 too, at a free port, which the URLs
    /// name then.
    ///
    /// Without a `pg_hba.conf` of its own it trusts every user of this machine.
    pub fn tcp(mut self) -> Self {
        self.tcp = true;
        self
    }

    /// Starts the server and waits until it accepts connections.
    ///
    /// # Errors
    ///
    /// If there are no PostgreSQL binaries, or the server does not start; the
    /// error shows the end of its log then.
    pub async fn start(self) -> Result<Server, StartError> {
        let binaries = binaries::server()?;
        let mut tries = PORT_TRIES;
        loop {
            let port = if self.tcp { free_port()? } else { SOCKET_PORT };
            let mut supervisor = Supervisor::spawn(Program::Server, &binaries)?;
            match self.start_on(port, &mut supervisor).await {
                Ok(own_url) => {
                    let url = if self.tcp {
                        format!("postgresql://postgres@127.0.0.1:{port}/postgres")
                    } else {
                        own_url.clone()
                    };
                    return Ok(Server { url, own_url, binaries: Some(binaries), supervisor: Some(supervisor) });
                }
                Err(error) => {
                    tries -= 1;
                    if !self.tcp || tries == 0 || !supervisor.lacks_port() {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Initializes and starts the server; returns the URL of its Unix socket.
    async fn start_on(&self, port: u16, supervisor: &mut Supervisor) -> Result<String, StartError> {
        supervisor.initialized().await?;
        let socket = supervisor.socket_folder();
        let socket = socket.display();
        supervisor.configure(&self.configuration(port, &socket.to_string()))?;
        for (name, contents) in &self.files {
            supervisor.write(name, contents)?;
        }
        let url = format!("postgresql://postgres@/postgres?host={socket}&port={port}");
        supervisor.start(&url).await?;
        Ok(url)
    }

    /// The lines to add to the server's configuration; later ones win.
    fn configuration(&self, port: u16, socket_folder: &str) -> String {
        let port = port.to_string();
        let addresses = self.tcp.then_some(("listen_addresses", "127.0.0.1"));
        let place = [("port", port.as_str()), ("unix_socket_directories", socket_folder)];
        let settings = self.settings.iter();
        let settings = settings.map(|(name, value)| (name.as_str(), value.as_str()));

        let logged = log::settings().iter().copied();

        let mut text = String::from("\n");
        for (name, value) in SETTINGS.iter().copied().chain(addresses).chain(settings).chain(place).chain(logged) {
            let value = value.replace('\\', r"\\").replace('\'', "''");
            let _ = writeln!(text, "{name} = '{value}'");
        }
        text
    }
}

/// A port that is free now; another process may still take it first.
fn free_port() -> Result<u16, StartError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| StartError::caused("cannot find a free port for the server", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_told_from_other_failures() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut supervisor = Supervisor::spawn(Program::Server, &binaries::server().unwrap()).unwrap();
        let builder = Server::builder().tcp();
        let error = builder.start_on(port, &mut supervisor).await.unwrap_err();
        assert!(supervisor.lacks_port(), "{error}");

        let mut supervisor = Supervisor::spawn(Program::Server, &binaries::server().unwrap()).unwrap();
        let builder = Server::builder().tcp().setting("no_such_setting", "on");
        let error = builder.start_on(port, &mut supervisor).await.unwrap_err();
        assert!(!supervisor.lacks_port(), "{error}");
    }

    #[test]
    fn values_are_quoted_and_later_ones_win() {
        let builder = Server::builder().setting("fsync", r"a'b\c");
        let text = builder.configuration(1, "/tmp/s");
        let off = text.find("fsync = 'off'").unwrap();
        let own = text.find(r"fsync = 'a''b\\c'").unwrap();
        assert!(off < own, "{text}");
    }
}
