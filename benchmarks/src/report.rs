//! The figures as a table and as JSON.

use std::path::Path;

use serde::Serialize;

use crate::Result;
use crate::instructions::{Instructions, Work};
use crate::keys::Distribution;
use crate::system::{Isolation, Name, Way};

/// One system in one cell.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Record {
    /// The subcommand.
    pub(crate) workload: &'static str,
    /// How tenants are kept apart.
    pub(crate) isolation: Isolation,
    /// How many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tenants: Option<usize>,
    /// How often each comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) distribution: Option<Distribution>,
    /// Rows of one operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rows: Option<usize>,
    /// Tasks at once.
    pub(crate) tasks: usize,
    /// Which system.
    pub(crate) system: Name,
    /// How the tenant gets into its statements.
    pub(crate) way: Way,
    /// Throughput.
    pub(crate) operations_per_second: f64,
    /// Throughput in rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rows_per_second: Option<f64>,
    /// Latency.
    pub(crate) p50_us: f64,
    /// Latency.
    pub(crate) p99_us: f64,
    /// Latency of what does not sleep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fast_p99_us: Option<f64>,
    /// Latency of the task that fared worst.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) worst_task_p99_us: Option<f64>,
    /// The server's, for each connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) memory_mib: Option<f64>,
}

impl Record {
    /// The system, as it is shown.
    pub(crate) fn label(&self) -> String {
        label(self.system, self.way)
    }

    /// What the systems of one cell have in common.
    pub(crate) fn cell(&self) -> String {
        let mut text = format!("{}, by {}", self.workload, self.isolation);
        if let Some(rows) = self.rows {
            text += &format!(", {} row{}", grouped(rows as f64), plural(rows));
        }
        if let Some(tenants) = self.tenants {
            text += &format!(", {} tenant{}", grouped(tenants as f64), plural(tenants));
        }
        if let Some(distribution) = self.distribution {
            text += &format!(", {distribution}");
        }
        text + &format!(", {} task{}", self.tasks, plural(self.tasks))
    }
}

/// A system, as it is shown.
pub(crate) fn label(system: Name, way: Way) -> String {
    match way {
        Way::TenantColumn | Way::QualifiedName => system.to_string(),
        Way::SearchPath => format!("{system} search_path"),
        Way::RowSecurity => format!("{system} RLS"),
    }
}

fn plural(number: usize) -> &'static str {
    if number == 1 { "" } else { "s" }
}

/// Everything that a run brought.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// What it depends on.
    pub(crate) settings: Settings,
    /// The systems in their cells.
    pub(crate) figures: Vec<Record>,
    /// Of the clients; none where they were not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instructions: Option<Counted>,
}

/// What became of counting instructions.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Counted {
    /// All is well.
    Instructions(Vec<Instructions>),
    /// Nothing could be counted: null.
    NoValgrind,
}

/// What the figures of a run depend on.
#[derive(Debug, Serialize)]
pub(crate) struct Settings {
    /// What the server says of itself.
    pub(crate) server: String,
    /// What this machine runs at once.
    pub(crate) processors: usize,
    /// At most, of each system.
    pub(crate) connections: usize,
    /// Of a slice.
    pub(crate) seconds: f64,
    /// How often each system had its turn.
    pub(crate) rounds: usize,
}

impl Report {
    /// A table for each cell.
    pub(crate) fn print(&self) {
        let Settings { server, processors, connections, seconds, rounds } = &self.settings;
        println!("{server}; {processors} processors; {connections} connections; {rounds} rounds of {seconds} s");
        for cell in self.figures.chunk_by(|one, other| one.cell() == other.cell()) {
            if let Some(first) = cell.first() {
                println!("\n{}", first.cell());
                print!("{}", table(cell));
            }
        }
        match &self.instructions {
            Some(Counted::Instructions(counts)) => {
                println!("\ninstructions of the client");
                print!("{}", table_of_instructions(counts));
            }
            Some(Counted::NoValgrind) => println!("\nInstructions are not counted, because valgrind is not installed."),
            None => {}
        }
    }
}

/// Writes a report as JSON.
pub(crate) fn write_json(report: &impl Serialize, path: &Path) -> Result<()> {
    let text = serde_json::to_string_pretty(report)?;
    std::fs::write(path, text + "\n").map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(())
}

/// A column's title, and what stands in it.
type Column = (&'static str, fn(&Record) -> Option<f64>);

const COLUMNS: [Column; 7] = [
    ("ops/s", |record| Some(record.operations_per_second)),
    ("rows/s", |record| record.rows_per_second),
    ("p50 us", |record| Some(record.p50_us)),
    ("p99 us", |record| Some(record.p99_us)),
    ("fast p99 us", |record| record.fast_p99_us),
    ("worst p99 us", |record| record.worst_task_p99_us),
    ("MiB/conn", |record| record.memory_mib),
];

/// Aligned, without the columns that are empty.
fn table(records: &[Record]) -> String {
    let columns = COLUMNS.iter().filter(|(_, value)| records.iter().any(|record| value(record).is_some()));
    let columns: Vec<&Column> = columns.collect();
    let mut rows = vec![vec![String::new()]];
    rows[0].extend(columns.iter().map(|(title, _)| (*title).to_owned()));
    for record in records {
        let mut row = vec![record.label()];
        row.extend(columns.iter().map(|(_, value)| value(record).map(number).unwrap_or_default()));
        rows.push(row);
    }
    aligned(&rows)
}

/// A row for each system, a column for each kind of work.
fn table_of_instructions(counts: &[Instructions]) -> String {
    let title = |count: &Instructions| match (count.work, count.way) {
        (Work::Find, Way::TenantColumn | Way::RowSecurity) => "find by row",
        (Work::Find, Way::QualifiedName | Way::SearchPath) => "find by schema",
        (Work::Read, _) => "each of 10,000 rows",
    };
    let columns = ["find by row", "find by schema", "each of 10,000 rows"];
    let columns = columns.into_iter().filter(|column| counts.iter().any(|count| title(count) == *column));
    let columns: Vec<&str> = columns.collect();
    let mut labels: Vec<&str> = Vec::new();
    for count in counts {
        if !labels.contains(&count.label.as_str()) {
            labels.push(&count.label);
        }
    }
    let mut rows = vec![vec![String::new()]];
    rows[0].extend(columns.iter().copied().map(String::from));
    for label in labels {
        let mut row = vec![label.to_owned()];
        row.extend(columns.iter().map(|column| {
            let count = counts.iter().find(|count| count.label == label && title(count) == *column);
            count.map(|count| grouped(count.instructions)).unwrap_or_default()
        }));
        rows.push(row);
    }
    aligned(&rows)
}

/// The first column to the left, the others to the right.
pub(crate) fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(String::len).max();
    let widths: Vec<usize> = (0..columns).filter_map(width).collect();
    let mut text = String::new();
    for row in rows {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            text += &if column == 0 { format!("  {cell:<width$}") } else { format!("  {cell:>width$}") };
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

/// Whole where it is large.
pub(crate) fn number(value: f64) -> String {
    if value < 100.0 { format!("{value:.1}") } else { grouped(value) }
}

/// 12,345
pub(crate) fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(grouped(1_234_567.4), "1,234,567");
        assert_eq!(grouped(12.0), "12");
        assert_eq!(number(9.04), "9.0");
    }

    #[test]
    fn columns_line_up() {
        let rows = [vec![String::new(), "ops/s".into()], vec!["by hand".into(), "7".into()]];
        assert_eq!(aligned(&rows), "           ops/s\n  by hand      7\n");
    }
}
