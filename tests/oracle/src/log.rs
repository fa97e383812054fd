//! Reads what the servers of the tests were asked.
//!
//! The servers leave their logs in the folder that the environment variable `THROWAWAY_POSTGRES_LOG` named when the
//! tests ran. Everything in them is taken for the library's, but for texts that begin with `/* by hand */`, which
//! `throwaway_postgres::by_hand` writes, and for what PostgreSQL's own programs sent.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What begins a text that a test sends by hand.
const BY_HAND: &str = "/* by hand */";
/// The names of PostgreSQL's own programs.
const PROGRAMS: [&str; 2] = ["pgbench", "psql"];
/// The last line of a whole log.
const END: &str = "end of the log\n";

/// A text that a server was sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sent {
    /// The database's name.
    pub database: String,
    /// With all statements that were sent at once.
    pub text: String,
    /// Not by the library.
    pub by_hand: bool,
    /// To be prepared; whether it runs is told by others.
    pub prepared: bool,
}

/// The logs in a folder, each as the texts of one server in their order. Waits until the servers have ended.
///
/// # Errors
///
/// If the folder or a log cannot be read, or is not whole.
pub fn read(folder: &Path) -> io::Result<Vec<Vec<Sent>>> {
    let mut logs = Vec::new();
    let mut files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    files.sort();
    let deadline = Instant::now() + Duration::from_secs(60);
    for file in files {
        let log = loop {
            let log = fs::read(&file)?;
            if log.ends_with(END.as_bytes()) {
                break String::from_utf8_lossy(&log).into_owned();
            }
            if Instant::now() > deadline {
                return Err(io::Error::other(format!("{} is not whole: has its server not ended?", file.display())));
            }
            sleep(Duration::from_millis(50));
        };
        logs.push(sent(&log).map_err(|line| io::Error::other(format!("{}: cannot read {line:?}", file.display())))?);
    }
    Ok(logs)
}

/// The texts in a log, or a line that could be the beginning of one and is not understood.
fn sent(log: &str) -> Result<Vec<Sent>, String> {
    let mut sent = Vec::new();
    let mut lines = log.lines().peekable();
    while let Some(line) = lines.next() {
        let mut message = line.to_owned();
        // Each further line of a message begins with a tab that was put there.
        while let Some(line) = lines.next_if(|line| line.starts_with('\t')) {
            message.push('\n');
            message.push_str(&line[1..]);
        }
        let Some((database, program, message)) = prefixed(&message) else {
            if ["statement:", "execute", "parse", "STATEMENT:"].iter().any(|word| line.contains(word)) {
                return Err(message);
            }
            continue;
        };
        if let Some((text, prepared)) = statement(message) {
            let by_hand = text.starts_with(BY_HAND) || PROGRAMS.contains(&program);
            sent.push(Sent { database: database.to_owned(), text: text.to_owned(), by_hand, prepared });
        }
    }
    Ok(sent)
}

/// `@database@program@ message`
fn prefixed(line: &str) -> Option<(&str, &str, &str)> {
    let (database, rest) = line.strip_prefix('@')?.split_once('@')?;
    let (program, message) = rest.split_once("@ ")?;
    Some((database, program, message))
}

/// The text of a statement, and whether it was prepared: otherwise it runs, or failed, perhaps before it could run.
fn statement(message: &str) -> Option<(&str, bool)> {
    if let Some(text) = message.strip_prefix("STATEMENT:  ") {
        return Some((text, false));
    }
    let message = message.strip_prefix("LOG:  ")?;
    if let Some(text) = message.strip_prefix("statement: ") {
        return Some((text, false));
    }
    // `execute name: ..`, `duration: 0.123 ms  parse name: ..`
    let took = message.strip_prefix("duration: ").and_then(|took| took.split_once(" ms  "));
    let step = took.map_or(message, |(_, step)| step);
    let (word, step) = step.split_once(' ').filter(|(word, _)| ["parse", "bind", "execute"].contains(word))?;
    step.split_once(": ").map(|(_, text)| (text, word == "parse"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_who_sent_them() {
        let log = "The files belonging to this database system will be owned by user \"postgres\".\n\
                   @@@ LOG:  database system is ready to accept connections\n\
                   @one@[unknown]@ LOG:  statement: /* by hand */ create table a.b (\n\t\tid int\n\t)\n\
                   @one@[unknown]@ LOG:  execute s0: select 'a: b', '/* by hand */'\n\
                   @one@app@ LOG:  execute <unnamed>/p1: select 2\n\
                   @one@app@ ERROR:  relation \"x\" does not exist at character 15\n\
                   @one@app@ STATEMENT:  select * from x\n\
                   @two@pgbench@ LOG:  statement: begin\n\
                   @two@pgbench@ LOG:  duration: 0.071 ms\n\
                   @two@app@ LOG:  duration: 0.071 ms  parse s1: select 3\n\
                   @@@ LOG:  checkpoint starting: immediate\n\
                   end of the log\n";
        let sent = sent(log).unwrap();
        let found: Vec<_> =
            sent.iter().map(|sent| (&*sent.database, &*sent.text, sent.by_hand, sent.prepared)).collect();
        assert_eq!(
            found,
            [
                ("one", "/* by hand */ create table a.b (\n\tid int\n)", true, false),
                ("one", "select 'a: b', '/* by hand */'", false, false),
                ("one", "select 2", false, false),
                ("one", "select * from x", false, false),
                ("two", "begin", true, false),
                ("two", "select 3", false, true),
            ]
        );
    }

    #[test]
    fn a_statement_in_another_format_is_no_statement_less() {
        assert!(sent("2026-01-01 [1] LOG:  statement: select 1\n").is_err());
    }
}
