//! The figures as a table and as JSON.

use clap::ValueEnum;
use serde::Serialize;

use super::build::Build;
use super::library::Library;
use super::size::Size;
use crate::report::{aligned, number};

/// Everything that a run brought.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// What it depends on.
    pub(crate) settings: Settings,
    /// Of each library.
    pub(crate) compile: Vec<Figures>,
}

/// What the figures depend on.
#[derive(Debug, Serialize)]
pub(crate) struct Settings {
    /// What the compiler says of itself.
    pub(crate) compiler: String,
    /// What this machine runs at once.
    pub(crate) processors: usize,
    /// In each crate.
    pub(crate) tables: usize,
    /// How often each crate had its turn.
    pub(crate) rounds: usize,
}

/// What a derived table costs.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    /// With which library.
    pub(crate) library: Library,
    /// By way of building.
    pub(crate) times: Vec<Time>,
    /// By hand, for a table.
    pub(crate) written: Size,
    /// What the macros make of it, with what was written.
    pub(crate) expanded: Size,
    /// The compiler's, to check a table; none where they were not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instructions: Option<f64>,
}

/// Of one way of building, in milliseconds of a processor.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Time {
    /// Which.
    pub(crate) build: Build,
    /// For a table.
    pub(crate) table_ms: f64,
    /// For the crate with all tables.
    pub(crate) tables_ms: f64,
    /// For the empty one.
    pub(crate) empty_ms: f64,
}

impl Report {
    /// A row for each library.
    pub(crate) fn print(&self) {
        let Settings { compiler, processors, tables, rounds } = &self.settings;
        println!("{compiler}; {processors} processors; {tables} tables of ten columns; {rounds} rounds");
        println!("\ncompile, for each table");
        let mut titles = vec![String::new()];
        titles.extend(Build::value_variants().iter().map(|build| format!("{build} ms")));
        titles.extend(["written lines", "expanded lines", "written tokens", "expanded tokens"].map(String::from));
        let counted = self.compile.iter().any(|figures| figures.instructions.is_some());
        titles.extend(counted.then(|| "check instructions".to_owned()));
        let mut rows = vec![titles];
        for Figures { library, times, written, expanded, instructions } in &self.compile {
            let mut row = vec![library.to_string()];
            row.extend(times.iter().map(|time| number(time.table_ms)));
            row.extend([written.lines, expanded.lines, written.tokens, expanded.tokens].map(number));
            row.extend(instructions.map(number));
            rows.push(row);
        }
        print!("{}", aligned(&rows));
    }
}
