//! The compile-fail cases: each folder of `ui` is a claim, in words.
//!
//! `fail.rs` breaks the claim, and `fail.stderr` is what the compiler says to it. `pass.rs`, its twin, is the
//! same program but for one line, and compiles: so `fail.rs` fails for that line, and for no other reason.
//!
//! After a change of the library's words run `TRYBUILD=overwrite cargo test --test ui`, then once more without
//! it: the second run checks that what was written is still the error that the first line of `fail.rs` names.
//! A new case is a new folder, blessed the same way; a case that goes takes its lines in `ui/twins.rs` with it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs, iter};

// The twins are modules of this test: compiled at once, which one program for each would not be.
#[path = "ui/twins.rs"]
mod twins;

/// The cases of more than one mistake, with their number: there, and only there, it is the number of errors.
const SEVERAL_MISTAKES: [(&str, usize); 1] = [("all_mistakes_are_reported_at_once", 5)];

/// A type that is longer in a message is not read any more.
const LONGEST_TYPE: usize = 40;

#[test]
fn cases() {
    trybuild::TestCases::new().compile_fail("ui/*/fail.rs");
}

#[test]
fn every_twin_is_compiled() {
    let mut list = String::from(TWINS_HEAD);
    for case in Case::all() {
        let name = &case.name;
        write!(list, "\n#[path = \"{name}/pass.rs\"]\nmod {name};\n").unwrap();
    }
    // Written along with the messages: a new case is nothing but its folder.
    if env::var_os("TRYBUILD").is_some_and(|mode| mode == "overwrite") {
        fs::write("ui/twins.rs", &list).unwrap();
    }
    assert!(
        fs::read_to_string("ui/twins.rs").unwrap() == list,
        "ui/twins.rs does not list the folders of ui: run `TRYBUILD=overwrite cargo test --test ui`"
    );
}

#[test]
fn there_are_at_least_55_claims() {
    let count = Case::all().len();
    assert!(count >= 55, "there are {count} cases, and 55 at least are wanted");
}

#[test]
fn every_folder_holds_a_case_and_nothing_else() {
    each(|case| {
        let expected = ["fail.rs", "fail.stderr", "pass.rs"].map(String::from).into();
        let files = names(&format!("ui/{}", case.name));
        (files != expected)
            .then(|| format!("it holds {files:?}: give it fail.rs, fail.stderr and pass.rs, and no more"))
    });
}

#[test]
fn a_twin_differs_by_one_line() {
    each(|case| {
        let (fail, pass) = (case.program("fail.rs"), case.program("pass.rs"));
        let (changed, mistakes) = (changed_lines(&fail, &pass), case.mistakes());
        (changed != mistakes).then(|| format!("{changed} lines differ between fail.rs and pass.rs: make it {mistakes}"))
    });
}

#[test]
fn one_mistake_is_one_error() {
    each(|case| {
        let (errors, mistakes) = (case.errors().len(), case.mistakes());
        (errors != mistakes)
            .then(|| format!("{mistakes} mistake, but {errors} errors: mend the library, not this test"))
    });
}

/// `E0277: this repository names no tenant`: the code, and how the message begins. Where the compiler has the
/// same words for everything, what it says at the place of the error follows: `; expected .., found ..`.
#[test]
fn the_error_is_the_one_that_is_claimed() {
    each(|case| {
        let claim = case.first_line("fail.rs");
        let (begin, label) = claim.split_once("; ").unwrap_or((&claim, ""));
        let begin = match begin.split_once(": ") {
            Some((code, message)) if code.starts_with('E') => format!("error[{code}]: {message}"),
            _ => begin.to_owned(),
        };
        let error = case.errors().into_iter().next().unwrap_or_default();
        let is_claimed = !begin.is_empty() && error.starts_with(&begin) && case.stderr().contains(label);
        (!is_claimed).then(|| {
            format!(
                "the compiler says\n    {error}\nand fail.rs in its first line\n    {claim}\nmend the one that is wrong"
            )
        })
    });
}

#[test]
fn a_twin_says_what_is_right() {
    each(|case| {
        let line = case.first_line("pass.rs");
        (!line.starts_with("Twin: ")).then(|| "begin pass.rs with `//! Twin: ` and what is right in it".to_owned())
    });
}

#[test]
fn messages_are_readable_and_the_same_on_every_machine() {
    each(|case| case.stderr().lines().find_map(|line| flaw(line).map(|flaw| format!("{flaw}:\n    {line}"))));
}

/// What is wrong with a line of a message, for whoever reads it or has another machine.
fn flaw(line: &str) -> Option<String> {
    if line.starts_with("warning") {
        return Some("a warning hides the error: change fail.rs so that there is none".to_owned());
    }
    if line.contains("$RUST") {
        return Some("this quotes the standard library, whose text not every toolchain has".to_owned());
    }
    let is_absolute =
        |word: &str| word.starts_with('/') && word.contains(|character: char| character.is_alphanumeric());
    if line.split_whitespace().any(is_absolute) {
        return Some("this path exists on one machine only".to_owned());
    }
    // What is selected has the types of all that is selected.
    if line.trim_start().starts_with("note: required for") {
        return None;
    }
    let quoted = line.split('`').skip(1).step_by(2);
    let long = quoted.map(without_path).find(|name| is_type(name) && name.len() > LONGEST_TYPE)?;
    Some(format!("`{long}` is longer than {LONGEST_TYPE} characters: shorten the generated names"))
}

/// `Column<Customer, i64>` of `tenantry::Column<Customer, i64>`: the path is the compiler's choice, not ours.
fn without_path(name: &str) -> &str {
    name.trim_start_matches('&')
        .trim_start_matches(|character: char| character.is_lowercase() || "_:".contains(character))
}

fn is_type(name: &str) -> bool {
    let of_types = |character: char| character.is_alphanumeric() || "_:<>&', ".contains(character);
    name.starts_with(char::is_uppercase) && name.chars().all(of_types)
}

/// A folder of `ui`.
struct Case {
    name: String,
}

impl Case {
    fn all() -> Vec<Self> {
        let folders = names("ui").into_iter().filter(|name| Path::new("ui").join(name).is_dir());
        folders.map(|name| Self { name }).collect()
    }

    /// How many lines are wrong on purpose.
    fn mistakes(&self) -> usize {
        SEVERAL_MISTAKES.iter().find(|(name, _)| *name == self.name).map_or(1, |(_, mistakes)| *mistakes)
    }

    /// Empty where there is none, which `every_folder_holds_a_case_and_nothing_else` reports.
    fn read(&self, file: &str) -> String {
        fs::read_to_string(format!("ui/{}/{file}", self.name)).unwrap_or_default()
    }

    fn stderr(&self) -> String {
        self.read("fail.stderr")
    }

    fn first_line(&self, file: &str) -> String {
        self.read(file).lines().next().unwrap_or_default().trim_start_matches("//! ").to_owned()
    }

    /// Without its first line, in which twins always differ.
    fn program(&self, file: &str) -> Vec<String> {
        self.read(file).lines().skip(1).map(str::to_owned).collect()
    }

    /// The first lines of the errors; the compiler's count of them at the end is none.
    fn errors(&self) -> Vec<String> {
        let is_error = |line: &&str| line.starts_with("error") && !line.starts_with("error: aborting");
        self.stderr().lines().filter(is_error).map(str::to_owned).collect()
    }
}

/// Lines changed, added or removed, between the first and the last line that differ.
fn changed_lines(fail: &[String], pass: &[String]) -> usize {
    let same = iter::zip(fail, pass).take_while(|(fail, pass)| fail == pass).count();
    let (fail, pass) = (fail.iter().skip(same), pass.iter().skip(same));
    let same_end = iter::zip(fail.clone().rev(), pass.clone().rev()).take_while(|(fail, pass)| fail == pass).count();
    let (fail, pass) = (fail.rev().skip(same_end), pass.rev().skip(same_end));
    let unchanged = iter::zip(fail.clone(), pass.clone()).filter(|(fail, pass)| fail == pass).count();
    fail.len().max(pass.len()) - unchanged
}

/// The names in a folder, in order.
fn names(folder: &str) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Asks each case for its problem, and reports those of all cases at once.
fn each(problem: impl Fn(&Case) -> Option<String>) {
    let mut problems = String::new();
    for case in Case::all() {
        if let Some(problem) = problem(&case) {
            write!(problems, "\nui/{}: {problem}", case.name).unwrap();
        }
    }
    assert!(problems.is_empty(), "{problems}");
}

const TWINS_HEAD: &str = "\
//! The twins of the compile-fail cases. Written by `TRYBUILD=overwrite cargo test --test ui`.
#![allow(warnings, clippy::all, reason = \"each stands for a program, written for its reader\")]
";
