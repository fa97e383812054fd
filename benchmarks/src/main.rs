//! Measures tenantry side by side with the driver by hand and with other crates.
//!
//! One run starts a throwaway PostgreSQL, fills it, lets every system do the same work in turn, checks each
//! answer, and reports medians. See `--help`.

#![forbid(unsafe_code)]
#![allow(clippy::indexing_slicing, reason = "a mistake of a program that measures may end it")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program speaks to a terminal")]

mod arguments;
mod audit;
mod cells;
mod compile;
mod create_all;
mod data;
mod instructions;
mod keys;
mod measure;
mod memory;
mod picture;
mod plan;
mod report;
mod statistics;
mod system;
mod systems;
mod texts;
mod workload;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};

/// Whatever ends a run.
type Error = Box<dyn std::error::Error + Send + Sync>;
type Result<T, E = Error> = std::result::Result<T, E>;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", with_sources(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.command {
        Command::Repeat(child) => return instructions::child(child),
        Command::Compile(compile) => return compile::run(compile, &arguments.options),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if !matches!(arguments.command, Command::CreateAll | Command::Audit) {
        runtime.block_on(cells::run(arguments))?;
    }
    if matches!(arguments.command, Command::CreateAll | Command::All) {
        runtime.block_on(create_all::run(&arguments.options))?;
    }
    if matches!(arguments.command, Command::Audit | Command::All) {
        runtime.block_on(audit::run(&arguments.options))?;
    }
    Ok(())
}

/// An error in one line, with what caused it.
fn with_sources(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
