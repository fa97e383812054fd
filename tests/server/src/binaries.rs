//! Finds the folders of the binaries: PostgreSQL's and PgBouncer's.

use std::cmp::Reverse;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::StartError;

const SERVER: &[&str] = &["initdb", "postgres"];
const CLIENT: &[&str] = &["psql", "pgbench"];
const BOUNCER: &[&str] = &["pgbouncer"];

const NOT_FOUND: &str = "found no PostgreSQL binaries (initdb and postgres) to start a server \
    from: install them (Debian and Ubuntu: `apt-get install postgresql`, Fedora and RHEL: \
    `dnf install postgresql-server`, macOS: `brew install postgresql`), or set DATABASE_URL to \
    name a running server instead";

const NO_BOUNCER: &str = "found no PgBouncer to start: install it (Debian and Ubuntu: `apt-get install \
    pgbouncer`, Fedora and RHEL: `dnf install pgbouncer`, macOS: `brew install pgbouncer`)";

/// Where packages put the binaries outside `PATH`; `*` stands for a version.
const FOLDERS: &[&str] = &[
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// Where packages put PgBouncer: not all of these are in everyone's `PATH`.
const BOUNCER_FOLDERS: &[&str] =
    &["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin", "/opt/homebrew/sbin"];

/// The folder with `initdb` and `postgres`.
pub(crate) fn server() -> Result<PathBuf, StartError> {
    Search::from_env(FOLDERS).find(SERVER).ok_or_else(|| StartError::new(NOT_FOUND))
}

/// The folder with `psql` and `pgbench`, for a server that was not started
/// from here: the server's folder where there is one, for it has them all.
pub(crate) fn client() -> Option<PathBuf> {
    let search = Search::from_env(FOLDERS);
    search.find(SERVER).or_else(|| search.find(CLIENT))
}

/// The folder with `pgbouncer`.
pub(crate) fn bouncer() -> Result<PathBuf, StartError> {
    Search::from_env(BOUNCER_FOLDERS).find(BOUNCER).ok_or_else(|| StartError::new(NO_BOUNCER))
}

/// What the search depends on.
struct Search {
    pg_config: Option<OsString>,
    path: Option<OsString>,
    folders: Vec<String>,
}

impl Search {
    fn from_env(folders: &[&str]) -> Self {
        Self {
            pg_config: env::var_os("PG_CONFIG"),
            path: env::var_os("PATH"),
            folders: folders.iter().copied().map(String::from).collect(),
        }
    }

    /// The first folder that has all of `programs`.
    ///
    /// A `pg_config` may belong to the client library alone, so the folder it
    /// names is one candidate among others.
    fn find(&self, programs: &[&str]) -> Option<PathBuf> {
        let path: Vec<PathBuf> = match &self.path {
            Some(path) => env::split_paths(path).filter(|folder| folder.is_absolute()).collect(),
            None => Vec::new(),
        };
        let named = self.pg_config.iter().filter(|name| !name.is_empty());
        let on_path = path.iter().map(|folder| folder.join("pg_config"));

        named
            .map(PathBuf::from)
            .chain(on_path.filter(|program| is_executable(program)))
            .filter_map(|pg_config| bindir(&pg_config))
            .chain(path.iter().cloned())
            .chain(self.folders.iter().flat_map(|pattern| expand(pattern)))
            .find_map(|folder| resolve(folder, programs))
    }
}

/// What `pg_config --bindir` prints.
fn bindir(pg_config: &Path) -> Option<PathBuf> {
    let output = Command::new(pg_config).arg("--bindir").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let folder = PathBuf::from(text.trim_end());
    (output.status.success() && folder.is_absolute()).then_some(folder)
}

/// The folder if it has all of `programs`; where they are links into another
/// folder that has them all, that one, for the rest of the binaries is there.
fn resolve(folder: PathBuf, programs: &[&str]) -> Option<PathBuf> {
    let has_all = |folder: &Path| programs.iter().all(|program| is_executable(&folder.join(program)));
    if !has_all(&folder) {
        return None;
    }
    let target = fs::canonicalize(folder.join(programs[0])).ok();
    let target = target.as_deref().and_then(Path::parent);
    match target.filter(|target| has_all(target)) {
        Some(target) => Some(target.to_path_buf()),
        None => Some(folder),
    }
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// The folders that a pattern with one `*` names, highest version first.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let Some((parent, prefix)) = before.rsplit_once('/') else {
        return Vec::new();
    };
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut found: Vec<(Vec<u32>, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix(prefix)?;
            let numbers = version.split('.').map_while(|part| part.parse().ok());
            let folder = format!("{parent}/{name}{after}");
            Some((numbers.collect(), PathBuf::from(folder)))
        })
        .collect();
    found.sort_by_key(|(version, _)| Reverse(version.clone()));
    found.into_iter().map(|(_, folder)| folder).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// An empty folder, removed in the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let folder = env::temp_dir().join(crate::unique_name("binaries", '-'));
            fs::create_dir(&folder).unwrap();
            Self(folder)
        }

        /// A script in it, and the folder of that script.
        fn program(&self, path: &str, script: &str) -> PathBuf {
            let program = self.0.join(path);
            let folder = program.parent().unwrap().to_path_buf();
            fs::create_dir_all(&folder).unwrap();
            fs::write(&program, script).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
            folder
        }

        fn installation(&self, path: &str) -> PathBuf {
            self.program(&format!("{path}/initdb"), "");
            self.program(&format!("{path}/postgres"), "")
        }

        fn pg_config(&self, path: &str, bindir: &Path) -> PathBuf {
            let script = format!("#!/bin/sh\n[ \"$1\" = --bindir ] && echo {bindir:?}\n");
            self.program(path, &script)
        }

        fn search(&self) -> Search {
            Search { pg_config: None, path: None, folders: vec![format!("{}/lib/*/bin", self.0.display())] }
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn nothing_found() {
        let folder = Folder::new();
        assert_eq!(folder.search().find(SERVER), None);

        let error = StartError::new(NOT_FOUND).to_string();
        for part in [
            "apt-get install postgresql`",
            "dnf install postgresql-server`",
            "brew install postgresql`",
            "DATABASE_URL",
        ] {
            assert!(error.contains(part), "{part} is not in: {error}");
        }
        assert!(!error.contains('\n') && !error.contains("  "), "{error}");
    }

    #[test]
    fn no_bouncer() {
        let folder = Folder::new();
        let mut search = folder.search();
        search.path = Some(folder.installation("server").into());
        assert_eq!(search.find(BOUNCER), None);
        let program = folder.program("lib/1/bin/pgbouncer", "");
        assert_eq!(search.find(BOUNCER), Some(fs::canonicalize(program).unwrap()));

        let error = StartError::new(NO_BOUNCER).to_string();
        for part in ["apt-get install pgbouncer`", "dnf install pgbouncer`", "brew install pgbouncer`"] {
            assert!(error.contains(part), "{part} is not in: {error}");
        }
        assert!(!error.contains('\n') && !error.contains("  "), "{error}");
    }

    #[test]
    fn order() {
        let folder = Folder::new();
        let mut search = folder.search();
        // Versions are numbers: 9.6 comes after 15, and what is no version last.
        folder.installation("lib/9.6/bin");
        folder.installation("lib/latest/bin");
        let newest = folder.installation("lib/15/bin");
        assert_eq!(search.find(SERVER), Some(newest.clone()));

        let on_path = folder.installation("on-path");
        search.path = Some(env::join_paths([folder.0.join("absent"), on_path.clone()]).unwrap());
        assert_eq!(search.find(SERVER), Some(on_path.clone()));

        let configured = folder.installation("configured");
        let bin = folder.pg_config("bin/pg_config", &configured);
        search.path = Some(env::join_paths([on_path, bin]).unwrap());
        assert_eq!(search.find(SERVER), Some(configured));

        let named = folder.installation("named");
        let pg_config = folder.pg_config("pg_config", &named).join("pg_config");
        search.pg_config = Some(pg_config.into());
        assert_eq!(search.find(SERVER), Some(named));
    }

    #[test]
    fn incomplete_folders_are_passed_over() {
        let folder = Folder::new();
        let mut search = folder.search();
        let complete = folder.installation("lib/14/bin");
        folder.program("lib/15/bin/postgres", "");
        fs::create_dir(folder.0.join("lib/15/bin/initdb")).unwrap();
        let client = folder.program("client/psql", "");
        let bin = folder.pg_config("bin/pg_config", &client);
        search.path = Some(env::join_paths([bin, client]).unwrap());
        search.pg_config = Some(folder.0.join("absent").into());
        assert_eq!(search.find(SERVER), Some(complete));
    }

    #[test]
    fn links_lead_to_the_installation() {
        let folder = Folder::new();
        let mut search = folder.search();
        let real = fs::canonicalize(folder.installation("real")).unwrap();
        let links = folder.0.join("links");
        fs::create_dir(&links).unwrap();
        symlink(real.join("initdb"), links.join("initdb")).unwrap();
        symlink(real.join("postgres"), links.join("postgres")).unwrap();
        search.path = Some(links.into());
        assert_eq!(search.find(SERVER), Some(real));
    }
}
