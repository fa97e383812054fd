//! Judges the logs in a folder: `cargo run -p tenantry-oracle -- folder`.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fmt};

use tenantry_oracle::log::{Sent, read};
use tenantry_oracle::{Tables, Verdict, judge, judge_prepared};

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1) else {
        eprintln!("usage: tenantry-oracle folder");
        return ExitCode::FAILURE;
    };
    match run(Path::new(&folder)) {
        Ok(report) => {
            println!("{report}");
            if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path) -> Result<Report, Box<dyn Error>> {
    let logs = read(folder)?;
    let mut tables: BTreeMap<(usize, &str), Tables> = BTreeMap::new();
    let mut different = BTreeSet::new();
    for (server, sent) in of_all(&logs).filter(|sent| different.insert(*sent)) {
        tables.entry((server, &sent.database)).or_default().learn(&sent.text);
    }
    let tenants = Tables::tenants_of_all(tables.values());
    tables.values_mut().for_each(|tables| tables.add_tenants(&tenants));

    let mut report = Report { servers: logs.len(), databases: tables.len(), ..Report::default() };
    (report.sent, report.by_hand) = (of_all(&logs).count(), of_all(&logs).filter(|(_, sent)| sent.by_hand).count());
    // What runs is judged as such, and not again as what was prepared before.
    let runs = |server: usize, sent: &Sent| different.contains(&(server, &Sent { prepared: false, ..sent.clone() }));
    for (server, sent) in different.iter().filter(|(_, sent)| !sent.by_hand) {
        let tables = &tables[&(*server, &*sent.database)];
        if !sent.prepared {
            report.add(sent, judge(&sent.text, tables));
        } else if !runs(*server, sent) {
            report.add(sent, judge_prepared(&sent.text, tables));
        }
    }
    Ok(report)
}

fn of_all(logs: &[Vec<Sent>]) -> impl Iterator<Item = (usize, &Sent)> {
    logs.iter().enumerate().flat_map(|(server, sent)| sent.iter().map(move |sent| (server, sent)))
}

#[derive(Default)]
struct Report {
    servers: usize,
    databases: usize,
    sent: usize,
    by_hand: usize,
    judged: usize,
    by_schema: usize,
    by_row: usize,
    across_tenants: BTreeSet<String>,
    /// Each text once, with how it was judged and how often.
    violations: BTreeMap<(String, Vec<String>), usize>,
}

impl Report {
    fn add(&mut self, sent: &Sent, verdict: Verdict) {
        self.judged += 1;
        self.by_schema += verdict.by_schema;
        self.by_row += verdict.by_row;
        if verdict.across_tenants {
            self.across_tenants.insert(sent.text.clone());
        }
        if !verdict.violations.is_empty() {
            let violations = verdict.violations.iter().map(ToString::to_string).collect();
            *self.violations.entry((sent.text.clone(), violations)).or_default() += 1;
        }
    }

    /// Nothing was found, and there was something to look at.
    fn is_good(&self) -> bool {
        self.violations.is_empty() && self.by_schema > 0 && self.by_row > 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((text, violations), databases) in &self.violations {
            writeln!(formatter, "{text}")?;
            for violation in violations {
                writeln!(formatter, "    {violation}")?;
            }
            writeln!(formatter, "    (in {databases} databases)\n")?;
        }
        for text in &self.across_tenants {
            writeln!(formatter, "across tenants: {text}")?;
        }
        write!(
            formatter,
            "{} texts were sent to {} databases of {} servers, {} of them by hand.\n\
             {} different ones were judged: {} relations by schema, {} by row, {} texts across tenants, {} violations.",
            self.sent,
            self.databases,
            self.servers,
            self.by_hand,
            self.judged,
            self.by_schema,
            self.by_row,
            self.across_tenants.len(),
            self.violations.len()
        )?;
        if self.by_schema == 0 || self.by_row == 0 {
            formatter.write_str("\nToo little to judge: did all tests run, with THROWAWAY_POSTGRES_LOG?")?;
        }
        Ok(())
    }
}
