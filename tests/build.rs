//! Makes a program of the guide: its blocks, as the reader sees them, one after another.
//!
//! A block with a `main` of its own stands by itself. The others read on from one another, in one function.

#![expect(clippy::expect_used, clippy::panic, reason = "a build script stops the build")]

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

/// The one text that is exchanged: the address of the reader's own server.
const READERS_URL: &str = "\"postgres://localhost/app\"";

fn main() {
    let readme = Path::new("../README.md");
    println!("cargo::rerun-if-changed={}", readme.display());
    let text = fs::read_to_string(readme).expect("the guide is at the root");

    let mut tables = String::new();
    let mut whole_programs = String::new();
    let mut guide = String::new();
    for block in text.split("\n```").skip(1).step_by(2) {
        let (language, code) = block.split_once('\n').unwrap_or((block, ""));
        let code = code.replace(READERS_URL, "crate::url()");
        let target = match language {
            "rust" if code.contains("async fn main()") => &mut whole_programs,
            "rust" => &mut guide,
            "sql" => &mut tables,
            "sh" | "text" => continue,
            other => panic!("the guide has a block of a language that is not tested: {other:?}"),
        };
        writeln!(target, "{code}").expect("a String takes all");
    }

    let program = format!(
        "pub(crate) const TABLES: &str = {tables:?};\n\
         pub(crate) mod example {{\n{whole_programs}\npub(crate) fn run() -> Result<(), Box<dyn std::error::Error>> {{ main() }}\n}}\n\
         pub(crate) async fn guide() -> Result<(), Box<dyn std::error::Error>> {{\n\
         use super::program::example::*;\n{guide}\nOk(())\n}}\n"
    );
    let output = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("readme.rs");
    fs::write(output, program).expect("cargo made the folder");
}
