//! What Cargo and the compiler do with a generated crate.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde::Deserialize;

use super::build::Build;
use super::workspace::{Source, Workspace, write};
use crate::Result;

impl Workspace {
    /// Builds a crate anew, and says how long Cargo, the compiler and what they start computed for it.
    pub(crate) fn build(&self, source: &Source, build: Build) -> Result<Duration> {
        self.touch(source)?;
        let mut command = self.cargo(source, build.subcommand());
        command.args(build.options()).env("CARGO_INCREMENTAL", if build.is_incremental() { "1" } else { "0" });
        let before = time_of_children()?;
        let output = command.arg("--message-format=json").output()?;
        let time = time_of_children()?.saturating_sub(before);

        let messages = messages(&String::from_utf8_lossy(&output.stdout))?;
        let (name, words) = (&source.name, words(&output));
        if !output.status.success() {
            return Err(format!("the generated crate {name} does not compile\n{}{words}", errors(&messages)).into());
        }
        if !is_rebuilt(&messages, name) {
            return Err(format!("Cargo did not build the generated crate {name}\n{words}").into());
        }
        Ok(time)
    }

    /// Checks a crate anew under valgrind, and says how many instructions the compiler ran.
    pub(crate) fn count(&self, source: &Source) -> Result<f64> {
        self.touch(source)?;
        // Cargo runs the compiler for its version before, so that the crate's log is the last.
        let log = self.root.join("valgrind.log");
        let valgrind = "valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null";
        let line = format!("exec {valgrind} --log-file='{}' \"$@\"", log.display());
        succeed(&mut self.wrapped(source, "check", &line)?, source)?;
        let text = fs::read_to_string(log)?;
        instructions(&text).ok_or_else(|| format!("valgrind counted nothing: {text}").into())
    }

    /// A crate after all macros, as the compiler prints it.
    pub(crate) fn expand(&self, source: &Source) -> Result<String> {
        // Printing it is for nightly compilers, unless one says that one knows what one does. Saying so to the compiler
        // alone keeps it from the build scripts of dependencies, which would all run again.
        let mut command = self.wrapped(source, "rustc", "RUSTC_BOOTSTRAP=1 exec \"$@\"")?;
        succeed(command.args(["--profile", "check", "--", "-Zunpretty=expanded"]), source)
    }

    /// The compiler's name and version.
    pub(crate) fn compiler(&self) -> Result<String> {
        let output = Command::new("rustc").arg("--version").current_dir(&self.home).output()?;
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Cargo, for a crate, where this line of the shell runs the compiler.
    fn wrapped(&self, source: &Source, subcommand: &str, line: &str) -> Result<Command> {
        let wrapper = self.root.join("rustc");
        write(&wrapper, &format!("#!/bin/sh\n{line}\n"))?;
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
        let mut command = self.cargo(source, subcommand);
        command.env("RUSTC_WRAPPER", wrapper).env("CARGO_INCREMENTAL", "0");
        Ok(command)
    }

    /// Cargo, for a crate.
    fn cargo(&self, source: &Source, subcommand: &str) -> Command {
        let mut command = command();
        // A cache of compiled crates would be measured in place of the compiler.
        command.current_dir(&self.home).env("RUSTC_WRAPPER", "").stdin(Stdio::null());
        command.args([subcommand, "--offline", "--lib", "--package", &source.name]);
        command.arg("--manifest-path").arg(self.root.join("Cargo.toml")).arg("--target-dir").arg(&self.target);
        command
    }
}

/// The Cargo that runs this program, if one does.
pub(crate) fn command() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// What a program says to people.
pub(crate) fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What Cargo brings for a crate, where all goes well.
fn succeed(command: &mut Command, source: &Source) -> Result<String> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("the generated crate {} does not compile\n{}", source.name, words(&output)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// What all processes computed that this one has started, and that have ended, with those that they started.
fn time_of_children() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let time = usage.user_time() + usage.system_time();
    Ok(Duration::from_micros(u64::try_from(time.num_microseconds())?))
}

/// What cachegrind says at its end.
fn instructions(text: &str) -> Option<f64> {
    let (_, count) = text.lines().find_map(|line| line.split_once(" refs:"))?;
    count.trim().replace(',', "").parse().ok()
}

/// A line of Cargo's that says what became of a crate.
#[derive(Debug, Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-message")]
    Diagnostic { message: Diagnostic },
    #[serde(rename = "compiler-artifact")]
    Artifact { target: Target, fresh: bool },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Diagnostic {
    level: String,
    rendered: String,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
}

fn messages(lines: &str) -> Result<Vec<Message>> {
    Ok(lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// The compiler's words.
fn errors(messages: &[Message]) -> String {
    let errors = messages.iter().filter_map(|message| match message {
        Message::Diagnostic { message } if message.level.starts_with("error") => Some(message.rendered.as_str()),
        _ => None,
    });
    errors.collect()
}

/// Whether the compiler ran for this crate.
fn is_rebuilt(messages: &[Message], name: &str) -> bool {
    messages.iter().any(|message| match message {
        Message::Artifact { target, fresh } => target.name == name.replace('-', "_") && !fresh,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTIFACT: &str = r#"{"reason":"compiler-artifact","target":{"name":"sea_orm_tables"},"fresh":false}"#;

    #[test]
    fn errors_are_the_compilers_words() -> Result<()> {
        let text = r#"{"reason":"compiler-message","message":{"level":"warning","rendered":"warning: unused\n"}}
{"reason":"compiler-message","message":{"level":"error","rendered":"error[E0277]: this names no tenant\n"}}
{"reason":"build-finished","success":false}"#;
        assert_eq!(errors(&messages(text)?), "error[E0277]: this names no tenant\n");
        Ok(())
    }

    #[test]
    fn a_crate_is_rebuilt_where_the_compiler_ran() -> Result<()> {
        assert!(is_rebuilt(&messages(ARTIFACT)?, "sea-orm-tables"));
        assert!(!is_rebuilt(&messages(ARTIFACT)?, "sea-orm-empty"));
        assert!(!is_rebuilt(&messages(&ARTIFACT.replace("false", "true"))?, "sea-orm-tables"));
        Ok(())
    }

    #[test]
    fn last_words_of_cachegrind() {
        assert_eq!(instructions("==7== \n==7== I   refs:      845,092,706\n"), Some(845_092_706.0));
        assert_eq!(instructions("==7== Command: rustc\n"), None);
    }
}
