//! The process that runs a server and outlives this one just long enough to
//! end it.

use std::env;
use std::fs::{self, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::StartError;

const SCRIPT: &str = include_str!("supervisor.sh");

/// Where the folders of the servers are, with their sockets.
const SOCKETS: &str = "/tmp";

/// How many lines of the server's log an error shows.
const LOG_LINES: usize = 20;

/// A running server's supervisor; ends it when dropped.
pub(crate) struct Supervisor {
    child: Child,
    folder: PathBuf,
    account: Option<Account>,
}

impl Supervisor {
    /// Begins to initialize a server in a new folder.
    pub(crate) fn spawn(binaries: &Path) -> Result<Self, StartError> {
        let account = Account::for_server()?;
        // A socket's path may have no more than about 100 bytes, so only the
        // data goes where TMPDIR says.
        let name = crate::unique_name("throwaway-postgres", '-');
        let folder = Path::new(SOCKETS).join(&name);
        let temporary = env::temp_dir();
        let elsewhere = if temporary == Path::new(SOCKETS) { PathBuf::new() } else { temporary.join(&name) };

        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SCRIPT, "supervisor"])
            .args([&folder, binaries, &elsewhere])
            // The current folder may be closed to the server's user.
            .current_dir("/")
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
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
        let child = command.spawn().map_err(|error| StartError::caused("cannot run /bin/sh for the server", error))?;
        Ok(Self { child, folder, account })
    }

    pub(crate) fn socket_folder(&self) -> PathBuf {
        self.folder.join("socket")
    }

    /// Whether the server's data folder is there, to be configured.
    pub(crate) fn is_initialized(&self) -> bool {
        self.folder.join("initialized").exists()
    }

    /// The server's major version.
    pub(crate) fn version(&self) -> Option<u32> {
        let version = fs::read_to_string(self.folder.join("data/PG_VERSION")).ok()?;
        version.trim_end().split('.').next()?.parse().ok()
    }

    /// Puts a file into the server's data folder, as the server's own.
    pub(crate) fn write(&self, name: &str, contents: &[u8]) -> Result<(), StartError> {
        let path = self.folder.join("data").join(name);
        let write = || {
            fs::write(&path, contents)?;
            fs::set_permissions(&path, Permissions::from_mode(0o600))?;
            match self.account {
                Some(account) => chown(&path, Some(account.uid), Some(account.gid)),
                None => Ok(()),
            }
        };
        write().map_err(|error| StartError::caused(format!("cannot write {name} for the server"), error))
    }

    /// Appends settings to the server's configuration.
    pub(crate) fn configure(&self, settings: &str) -> Result<(), StartError> {
        let path = self.folder.join("data/postgresql.conf");
        fs::File::options()
            .append(true)
            .open(path)
            .and_then(|mut file| file.write_all(settings.as_bytes()))
            .map_err(|error| StartError::caused("cannot configure the server", error))
    }

    /// Lets the initialized server start.
    pub(crate) fn start_server(&mut self) -> Result<(), StartError> {
        let written = match &mut self.child.stdin {
            Some(stdin) => stdin.write_all(b"start\n"),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        written.map_err(|error| StartError::caused("the server's supervisor has ended", error))
    }

    /// Fails if the server or its supervisor has ended.
    pub(crate) fn check(&mut self) -> Result<(), StartError> {
        if self.folder.join("ended").exists() {
            let what = if self.is_initialized() {
                "the PostgreSQL server ended while starting"
            } else {
                "PostgreSQL's initdb failed"
            };
            return Err(self.failure(what));
        }
        let status =
            self.child.try_wait().map_err(|error| StartError::caused("cannot watch the server's supervisor", error))?;
        match status {
            None => Ok(()),
            Some(status) => {
                let mut text = String::new();
                if let Some(stderr) = &mut self.child.stderr {
                    let _ = stderr.read_to_string(&mut text);
                }
                let what = format!("the server's supervisor ended ({status}): {}", text.trim_end());
                Err(StartError::new(what))
            }
        }
    }

    /// An error that shows the end of the server's log.
    pub(crate) fn failure(&self, what: &str) -> StartError {
        StartError::new(format!("{what}; the end of its log:\n{}", self.log_tail()))
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

/// The user to run the server as.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// PostgreSQL refuses to run as root: the user to run it as instead, none
    /// where this process is not root's.
    fn for_server() -> Result<Option<Self>, StartError> {
        let output = Command::new("id").arg("-u").output();
        let output =
            output.map_err(|error| StartError::caused("cannot run `id -u` to see who runs the server", error))?;
        if output.stdout.trim_ascii() != b"0" {
            return Ok(None);
        }
        let users = fs::read_to_string("/etc/passwd")
            .map_err(|error| StartError::caused("cannot read /etc/passwd for a user to run the server", error))?;
        Self::find(&users)
            .map(Some)
            .ok_or_else(|| StartError::new("PostgreSQL does not run as root, and there is no user postgres or nobody"))
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
