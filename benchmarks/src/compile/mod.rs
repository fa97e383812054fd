//! How long the compiler takes for derived tables, and how much code they become.

mod build;
mod cargo;
mod library;
mod report;
mod size;
mod workspace;

use clap::{Args, ValueEnum};

use self::build::Build;
use self::library::Library;
use self::report::{Figures, Report, Settings, Time};
use self::size::Size;
use self::workspace::{Source, Workspace};
use crate::arguments::Options;
use crate::plan::Plan;
use crate::report::write_json;
use crate::statistics::median;
use crate::{Error, Result};

/// What is compiled.
#[derive(Debug, Args)]
pub(crate) struct Compile {
    /// Tables in a crate, half of them by row and half by schema [default: 50, quick: 20]
    #[arg(long, value_parser = clap::value_parser!(u16).range(6..))]
    tables: Option<u16>,
    /// Count the compiler's instructions in `check` by valgrind as well, which takes about forty times as long
    #[arg(long)]
    instructions: bool,
}

/// Measures, and reports.
pub(crate) fn run(compile: &Compile, options: &Options) -> Result<()> {
    let plan = Plan::new(options);
    let tables = compile.tables.map_or(if options.quick { 20 } else { 50 }, usize::from);
    let libraries: Vec<Library> = plan.names().iter().copied().filter_map(Library::of).collect();
    if libraries.is_empty() {
        return Err("none of these systems generates code for tables".into());
    }
    let crates: Vec<Crates> = libraries.into_iter().map(|library| Crates::new(library, tables)).collect();
    let sources: Vec<&Source> = crates.iter().flat_map(|crates| [&crates.empty, &crates.tables]).collect();
    let workspace = Workspace::create(&sources)?;

    let mut times: Vec<Vec<Time>> = vec![Vec::new(); crates.len()];
    for build in Build::value_variants() {
        let medians = measure(&workspace, &crates, *build, plan.rounds)?;
        for (times, (tables_ms, empty_ms)) in times.iter_mut().zip(medians) {
            let table_ms = (tables_ms - empty_ms) / tables as f64;
            times.push(Time { build: *build, table_ms, tables_ms, empty_ms });
        }
    }
    let mut figures = Vec::new();
    for (crates, times) in crates.iter().zip(times) {
        eprintln!("compile: {}, what is counted", crates.library);
        let size = |tables_text: &str, empty_text: &str| {
            Ok::<_, Error>(Size::of(tables_text)?.per_table(Size::of(empty_text)?, tables))
        };
        let written = size(&crates.tables.text, &crates.empty.text)?;
        let expanded = size(&workspace.expand(&crates.tables)?, &workspace.expand(&crates.empty)?)?;
        let instructions = match compile.instructions {
            true => Some((workspace.count(&crates.tables)? - workspace.count(&crates.empty)?) / tables as f64),
            false => None,
        };
        figures.push(Figures { library: crates.library, times, written, expanded, instructions });
    }

    let settings = Settings {
        compiler: workspace.compiler()?,
        processors: std::thread::available_parallelism()?.get(),
        tables,
        rounds: plan.rounds,
    };
    let report = Report { settings, compile: figures };
    report.print();
    options.json.as_ref().map_or(Ok(()), |path| write_json(&report, path))
}

/// The crates of one library.
struct Crates {
    library: Library,
    /// Loads the library alone.
    empty: Source,
    /// So many tables.
    tables: Source,
}

impl Crates {
    fn new(library: Library, tables: usize) -> Self {
        let source = |kind, text| Source { name: format!("{library}-{kind}"), text };
        Self { library, empty: source("empty", library.empty()), tables: source("tables", library.tables(tables)) }
    }
}

/// The medians for each library's crates: with tables, and empty. In each round every crate has its turn.
fn measure(workspace: &Workspace, crates: &[Crates], build: Build, rounds: usize) -> Result<Vec<(f64, f64)>> {
    eprintln!("compile: {build}, after its dependencies, which take some minutes where they are not built yet");
    for Crates { empty, tables, .. } in crates {
        workspace.build(empty, build)?;
        if build.is_incremental() {
            workspace.build(tables, build)?;
        }
    }
    let mut times = vec![(Vec::new(), Vec::new()); crates.len()];
    for round in 0..rounds {
        for place in 0..crates.len() {
            let turn = (round + place) % crates.len();
            let milliseconds = |source| Ok::<_, Error>(workspace.build(source, build)?.as_secs_f64() * 1e3);
            times[turn].0.push(milliseconds(&crates[turn].tables)?);
            times[turn].1.push(milliseconds(&crates[turn].empty)?);
        }
    }
    Ok(times.into_iter().map(|(tables, empty)| (median(tables), median(empty))).collect())
}
