//! The process that runs a server, or a bouncer before it, and outlives this
//! one just long enough to end it.

use std::env;
use std::fmt;
use std::fs::{self, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use tokio_postgres::error::SqlState;

use crate::{StartError, connection, log};

const SCRIPT: &str = include_str!("supervisor.sh");

/// Where the folders of the programs are, with their sockets.
const SOCKETS: &str = "/tmp";

/// How long initdb may take, with many of them at once on a slow machine.
const INITIALIZE_TIMEOUT: Duration = Duration::from_secs(60);
/// How long the program may take to accept connections.
const START_TIMEOUT: Duration = Duration::from_secs(30);
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// How many lines of the program's log an error shows.
const LOG_LINES: usize = 20;

/// What a supervisor runs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Program {
    Server,
    Bouncer,
}

impl Program {
    /// The supervisor's word for it, and the beginning of its folders' names.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Server => ("server", "throwaway-postgres"),
            Self::Bouncer => ("bouncer", "throwaway-bouncer"),
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server => "the PostgreSQL server",
            Self::Bouncer => "PgBouncer",
        })
    }
}

/// A running program's supervisor; ends it when dropped.
pub(crate) struct Supervisor {
    program: Program,
    child: Child,
    folder: PathBuf,
    account: Option<Account>,
}

impl Supervisor {
    /// Begins to initialize a program in a new folder.
    pub(crate) fn spawn(program: Program, binaries: &Path) -> Result<Self, StartError> {
        let account = Account::unprivileged()?;
        // A socket's path may have no more than about 100 bytes, so only the
        // data goes where TMPDIR says.
        let (word, prefix) = program.words();
        let name = crate::unique_name(prefix, '-');
        let folder = Path::new(SOCKETS).join(&name);
        let temporary = env::temp_dir();
        let elsewhere = if temporary == Path::new(SOCKETS) { PathBuf::new() } else { temporary.join(&name) };
        // Opened here, because its folder may be closed to the program's user.
        let kept_log = match program {
            Program::Server => log::file(&name)?,
            Program::Bouncer => None,
        };

        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SCRIPT, "supervisor", word])
            .args([&folder, binaries, &elsewhere])
            // The current folder may be closed to the program's user.
            .current_dir("/")
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(kept_log.map_or_else(Stdio::null, Stdio::from))
            .stderr(Stdio::piped())
            // A terminal's signals are for this process; the supervisor sees it end.
            .process_group(0);
        // Such as PGPORT and PGDATA, meant for another server.
        for (name, _) in env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(name);
            }
        }
        if let Some(account) = account {
            command.uid(account.uid).gid(account.gid);
        }
        let child =
            command.spawn().map_err(|error| StartError::caused(format!("cannot run /bin/sh for {program}"), error))?;
        Ok(Self { program, child, folder, account })
    }

    pub(crate) fn socket_folder(&self) -> PathBuf {
        self.folder.join("socket")
    }

    /// The path of a file in the data folder.
    pub(crate) fn data_file(&self, name: &str) -> PathBuf {
        self.folder.join("data").join(name)
    }

    /// Waits until the data folder is there, to be configured.
    pub(crate) async fn initialized(&mut self) -> Result<(), StartError> {
        let deadline = Instant::now() + INITIALIZE_TIMEOUT;
        while !self.is_initialized() {
            self.check()?;
            if Instant::now() >= deadline {
                return Err(self.failure("was not initialized in time"));
            }
            sleep(POLL_INTERVAL).await;
        }
        Ok(())
    }

    fn is_initialized(&self) -> bool {
        self.folder.join("initialized").exists()
    }

    /// The server's major version.
    pub(crate) fn version(&self) -> Option<u32> {
        let version = fs::read_to_string(self.data_file("PG_VERSION")).ok()?;
        version.trim_end().split('.').next()?.parse().ok()
    }

    /// Puts a file into the data folder, as the program's own.
    pub(crate) fn write(&self, name: &str, contents: &[u8]) -> Result<(), StartError> {
        let path = self.data_file(name);
        let write = || {
            fs::write(&path, contents)?;
            fs::set_permissions(&path, Permissions::from_mode(0o600))?;
            match self.account {
                Some(account) => chown(&path, Some(account.uid), Some(account.gid)),
                None => Ok(()),
            }
        };
        write().map_err(|error| StartError::caused(format!("cannot write {name} for {}", self.program), error))
    }

    /// Appends settings to the server's configuration.
    pub(crate) fn configure(&self, settings: &str) -> Result<(), StartError> {
        let path = self.data_file("postgresql.conf");
        fs::File::options()
            .append(true)
            .open(path)
            .and_then(|mut file| file.write_all(settings.as_bytes()))
            .map_err(|error| StartError::caused("cannot configure the server", error))
    }

    /// Lets the initialized program start, and waits until it accepts a
    /// connection at `url`.
    pub(crate) async fn start(&mut self, url: &str) -> Result<(), StartError> {
        let program = self.program;
        let written = match &mut self.child.stdin {
            Some(stdin) => stdin.write_all(b"start\n"),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        written.map_err(|error| StartError::caused(format!("the supervisor of {program} has ended"), error))?;

        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            let attempt = timeout_at(deadline, connection::connect(url)).await;
            match attempt {
                Ok(Ok(_)) => return Ok(()),
                // It answers, if only to refuse.
                Ok(Err(error)) if error.code().is_some_and(|code| *code != SqlState::CANNOT_CONNECT_NOW) => {
                    return Err(StartError::caused(format!("{program} refuses its first connection"), error));
                }
                Ok(Err(_)) | Err(_) => {}
            }
            self.check()?;
            if Instant::now() >= deadline {
                return Err(self.failure("did not accept connections in time"));
            }
            sleep(POLL_INTERVAL).await;
        }
    }

    /// Fails if the program or its supervisor has ended.
    fn check(&mut self) -> Result<(), StartError> {
        if self.folder.join("ended").exists() {
            let initialized = self.is_initialized();
            let what = if initialized { "ended while starting" } else { "could not be initialized" };
            return Err(self.failure(what));
        }
        let program = self.program;
        let status = self
            .child
            .try_wait()
            .map_err(|error| StartError::caused(format!("cannot watch the supervisor of {program}"), error))?;
        match status {
            None => Ok(()),
            Some(status) => {
                let mut text = String::new();
                if let Some(stderr) = &mut self.child.stderr {
                    let _ = stderr.read_to_string(&mut text);
                }
                let what = format!("the supervisor of {program} ended ({status}): {}", text.trim_end());
                Err(StartError::new(what))
            }
        }
    }

    /// An error that shows the end of the program's log.
    fn failure(&self, what: &str) -> StartError {
        StartError::new(format!("{} {what}; the end of its log:\n{}", self.program, self.log_tail()))
    }

    /// Whether the log says that the server could listen nowhere.
    pub(crate) fn lacks_port(&self) -> bool {
        self.log().contains("could not create any TCP/IP sockets")
    }

    fn log(&self) -> String {
        let log = fs::read(self.folder.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }

    fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The user to run the program as.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// PostgreSQL and PgBouncer refuse to run as root: the user to run them as
    /// instead, none where this process is not root's.
    fn unprivileged() -> Result<Option<Self>, StartError> {
        let output = Command::new("id").arg("-u").output();
        let output =
            output.map_err(|error| StartError::caused("cannot run `id -u` to see who runs a program", error))?;
        if output.stdout.trim_ascii() != b"0" {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd")
            .map_err(|error| StartError::caused("cannot read /etc/passwd for a user to run a program", error))?;
        Self::find(&users).map(Some).ok_or_else(|| {
            StartError::new("PostgreSQL and PgBouncer do not run as root, and there is no user postgres or nobody")
        })
    }

    fn find(users: &str) -> Option<Self> {
        ["postgres", "nobody"].iter().find_map(|name| {
            users.lines().find_map(|line| {
                let mut fields = line.split(':');
                if fields.next() != Some(name) {
                    return None;
                }
                // A negative number stands for one at the upper end.
                let mut id = || fields.nth(1)?.parse::<i64>().ok();
                let uid = id()? as u32;
                let gid = fields.next()?.parse::<i64>().ok()? as u32;
                Some(Self { uid, gid })
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account() {
        let nobody = "root:x:0:0:root:/root:/bin/sh\nnobody:*:-2:-2:Nobody:/:/bin/false\n";
        let found = Account::find(nobody);
        let (uid, gid) = (u32::MAX - 1, u32::MAX - 1);
        assert_eq!(found, Some(Account { uid, gid }));

        let both = format!("{nobody}postgres:x:101:104::/var/lib/postgresql:/bin/bash\n");
        let found = Account::find(&both);
        let (uid, gid) = (101, 104);
        assert_eq!(found, Some(Account { uid, gid }));

        assert_eq!(Account::find("root:x:0:0:root:/root:/bin/sh"), None);
    }
}
