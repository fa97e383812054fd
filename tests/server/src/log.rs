//! What the servers are asked, kept for whoever wants to read it afterwards.
//!
//! Where the environment variable `THROWAWAY_POSTGRES_LOG` names a folder, each throwaway server leaves its log there,
//! with every statement that it was sent. It is there when the server has ended, and whole where its last line says so.

use std::env;
use std::fs::{self, File};
use std::path::PathBuf;

use crate::StartError;

const FOLDER: &str = "THROWAWAY_POSTGRES_LOG";

/// Each line tells the database and the application's name, and statements have no parameters beside them.
const SETTINGS: &[(&str, &str)] = &[
    ("log_statement", "all"),
    // What is only prepared, and never runs, is logged with the time that this took.
    ("log_min_duration_statement", "0"),
    ("log_error_verbosity", "terse"),
    ("log_line_prefix", "@%d@%a@ "),
];

fn folder() -> Option<PathBuf> {
    env::var_os(FOLDER).filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// What a server is set to, besides its own.
pub(crate) fn settings() -> &'static [(&'static str, &'static str)] {
    if folder().is_some() { SETTINGS } else { &[] }
}

/// The file that takes a server's log, where logs are kept.
pub(crate) fn file(name: &str) -> Result<Option<File>, StartError> {
    let Some(folder) = folder() else { return Ok(None) };
    let created = fs::create_dir_all(&folder).and_then(|()| File::create_new(folder.join(format!("{name}.log"))));
    created.map(Some).map_err(|error| {
        StartError::caused(format!("cannot keep a log in {}, which {FOLDER} names", folder.display()), error)
    })
}

/// Says in a statement's text that a person wrote it, and no library: readers of [the logs](crate#logs) tell
/// those apart that are set-up, or look at what others did.
///
/// ```
/// assert_eq!(throwaway_postgres::by_hand("select 1"), "/* by hand */ select 1");
/// ```
pub fn by_hand(sql: &str) -> String {
    format!("/* by hand */ {sql}")
}
