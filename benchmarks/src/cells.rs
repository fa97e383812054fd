//! Which cells each subcommand measures.

use std::sync::Arc;
use std::time::Duration;

use crate::Result;
use crate::arguments::{Arguments, Command};
use crate::data::{Data, SIZES};
use crate::instructions;
use crate::keys::{Distribution, Population};
use crate::measure::{self, Contestant, Figures};
use crate::memory;
use crate::picture;
use crate::plan::Plan;
use crate::report::{Counted, Record, Report, Settings, label, write_json};
use crate::system::{Isolation, Name, Target, Way};
use crate::systems;
use crate::workload::{Slice, WarmUp, Workload};

/// The tenants of the workloads that do not vary their number.
const TENANTS: usize = 100;
/// How often the tasks of a warm-up come round, so that nearly every connection has met every tenant.
const PASSES: usize = 3;
/// What a connection's process needs on the server for a tenant's table and a prepared statement on it.
const KILOBYTES_PER_SCHEMA: usize = 45;

/// Runs the subcommand, and reports.
pub(crate) async fn run(arguments: &Arguments) -> Result<()> {
    let plan = Plan::new(&arguments.options);
    let command = &arguments.command;
    let mut tenants = TENANTS;
    if matches!(command, Command::Select | Command::All) {
        tenants = plan.tenants.iter().copied().fold(tenants, usize::max);
    }
    let data = Arc::new(Data::create(plan.options.url.as_deref(), tenants).await?);
    let mut bench = Bench { plan, data, figures: Vec::new(), instructions: None };

    let measured = bench.measure(command).await;
    // What was measured before an error is reported as well.
    let report = bench.report().await?;
    report.print();
    if let Some(folder) = &arguments.options.svg {
        picture::write_all(&report.figures, folder)?;
    }
    if let Some(path) = &arguments.options.json {
        write_json(&report, path)?;
    }
    measured
}

/// A group of cells that are measured on the same connections.
struct Group {
    isolation: Isolation,
    workload: Workload,
    tenants: usize,
    distributions: Vec<Distribution>,
    tasks: Vec<usize>,
    time: Duration,
    /// What the report shows besides.
    shows: Shows,
}

/// Which of a group's properties are worth a mention.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// Tenants, their distribution, and memory.
    Tenants,
    /// No tenants: there is one.
    Nothing,
    /// The number of tenants.
    Number,
}

struct Bench<'o> {
    plan: Plan<'o>,
    data: Arc<Data>,
    figures: Vec<Record>,
    /// None where they were not asked for.
    instructions: Option<Counted>,
}

impl Bench<'_> {
    async fn measure(&mut self, command: &Command) -> Result<()> {
        let all = matches!(command, Command::All);
        if all || matches!(command, Command::Select) {
            self.select().await?;
        }
        if all || matches!(command, Command::List) {
            self.sizes(Workload::List, &SIZES).await?;
        }
        if all || matches!(command, Command::Insert) {
            self.sizes(Workload::Insert, &SIZES).await?;
        }
        if all || matches!(command, Command::Bulk) {
            let rows: &[usize] = if self.plan.options.quick { &[20_000] } else { &[100_000] };
            self.sizes(Workload::InsertMany, rows).await?;
            self.sizes(Workload::CopyIn, rows).await?;
            self.sizes(Workload::CopyOut, &[10_000]).await?;
        }
        if all || matches!(command, Command::Update) {
            self.writes(Workload::Update).await?;
        }
        if all || matches!(command, Command::Transaction) {
            self.writes(Workload::Transaction).await?;
        }
        if all || matches!(command, Command::RowSecurity) {
            self.row_security().await?;
        }
        if all || matches!(command, Command::Mixed) {
            self.mixed().await?;
        }
        if all || matches!(command, Command::Instructions) {
            self.instructions().await?;
        }
        Ok(())
    }

    async fn instructions(&mut self) -> Result<()> {
        let plan = &self.plan;
        eprintln!("instructions");
        let runs = plan.options.runs.unwrap_or(if plan.options.quick { 1 } else { 3 });
        let counted = instructions::count(&self.data, plan.names(), &plan.isolations, runs, plan.options.quick).await?;
        self.instructions = Some(counted.map_or(Counted::NoValgrind, Counted::Instructions));
        Ok(())
    }

    async fn select(&mut self) -> Result<()> {
        for isolation in self.plan.isolations.clone() {
            for tenants in self.plan.tenants.clone() {
                let mut distributions = self.plan.distributions.clone();
                if tenants == 1 {
                    distributions.truncate(1); // they are the same
                }
                let tasks = self.plan.tasks(&[1, 8, 32, 128], &[1, 8]);
                let (workload, time, shows) = (Workload::Select, self.plan.time, Shows::Tenants);
                self.group(&Group { isolation, workload, tenants, distributions, tasks, time, shows }).await?;
            }
        }
        Ok(())
    }

    /// Lists or inserts of several sizes, by one task.
    async fn sizes(&mut self, workload: fn(usize) -> Workload, sizes: &[usize]) -> Result<()> {
        for isolation in self.plan.isolations.clone() {
            for &rows in sizes {
                let tasks = self.plan.tasks(&[1], &[1]);
                let (workload, distributions, time) = (workload(rows), vec![Distribution::Uniform], self.plan.time);
                let shows = Shows::Nothing;
                self.group(&Group { isolation, workload, tenants: 1, distributions, tasks, time, shows }).await?;
            }
        }
        Ok(())
    }

    async fn writes(&mut self, workload: Workload) -> Result<()> {
        for isolation in self.plan.isolations.clone() {
            let tasks = self.plan.tasks(&[1, 8], &[8]);
            let (distributions, time, shows) = (vec![Distribution::Uniform], self.plan.time, Shows::Number);
            self.group(&Group { isolation, workload, tenants: TENANTS, distributions, tasks, time, shows }).await?;
        }
        Ok(())
    }

    /// With row-level security and without, in turn.
    async fn row_security(&mut self) -> Result<()> {
        for workload in [Workload::Select, Workload::Update, Workload::Transaction] {
            let tasks = self.plan.tasks(&[1, 8, 32], &[8]);
            let (distributions, time, shows) = (vec![Distribution::Uniform], self.plan.time, Shows::Number);
            let isolation = Isolation::RowSecurity;
            self.group(&Group { isolation, workload, tenants: TENANTS, distributions, tasks, time, shows }).await?;
        }
        Ok(())
    }

    /// Only by row, where the slow view is.
    async fn mixed(&mut self) -> Result<()> {
        if !self.plan.isolations.contains(&Isolation::Row) {
            return Ok(());
        }
        let tasks = self.plan.tasks(&[8, 32], &[8, 32]);
        let group = Group {
            isolation: Isolation::Row,
            workload: Workload::Mixed,
            tenants: TENANTS,
            distributions: vec![Distribution::Uniform],
            tasks,
            // One in a hundred takes 100 milliseconds: it takes more of them for a p99.
            time: self.plan.time * 6,
            shows: Shows::Number,
        };
        self.group(&group).await
    }

    async fn group(&mut self, group: &Group) -> Result<()> {
        let Group { workload, isolation, tenants, .. } = group;
        match workload.rows() {
            Some(rows) => eprintln!("{} by {isolation}, rows: {rows}", workload.name()),
            None => eprintln!("{} by {isolation}, tenants: {tenants}", workload.name()),
        }
        let entries = self.plan.entries(group.workload, group.isolation);
        let first = self.figures.len();
        let at_once = if self.fits(group, entries.len()) { entries.len().max(1) } else { 1 };
        for entries in entries.chunks(at_once) {
            self.contest(group, entries).await?;
        }
        // Where each system had its rounds by itself, its cells come one after another.
        let place = |record: &Record| {
            let distribution = group.distributions.iter().position(|one| Some(*one) == record.distribution);
            (distribution, group.tasks.iter().position(|tasks| *tasks == record.tasks))
        };
        self.figures[first..].sort_by_key(place);
        Ok(())
    }

    /// Whether the server can hold what all the systems need at once.
    fn fits(&self, group: &Group, systems: usize) -> bool {
        if group.isolation != Isolation::Schema || self.plan.options.url.is_some() {
            return true;
        }
        let needed = group.tenants * systems * self.plan.options.connections * KILOBYTES_PER_SCHEMA;
        memory::available().is_none_or(|kilobytes| needed < kilobytes / 2)
    }

    /// Measures the cells of a group for these systems.
    async fn contest(&mut self, group: &Group, entries: &[(Name, Way)]) -> Result<()> {
        let mut contestants = Vec::new();
        for (name, way) in entries {
            contestants.push(self.open(group, *name, *way).await?);
        }
        let mut records = Vec::new();
        for distribution in &group.distributions {
            for tasks in &group.tasks {
                let slice = Slice {
                    data: Arc::clone(&self.data),
                    workload: group.workload,
                    population: Population::new(group.tenants, *distribution),
                    round: 0,
                    tasks: *tasks,
                    time: group.time,
                };
                let measured = measure::cell(&contestants, &slice, group.isolation, self.plan.rounds).await?;
                for (contestant, figures) in contestants.iter().zip(measured) {
                    records.push(record(group, contestant, *distribution, *tasks, figures));
                }
            }
        }
        if group.shows == Shows::Tenants {
            for contestant in &contestants {
                let size = memory::of_connections(&self.data, &contestant.application).await?;
                let own = |record: &&mut Record| (record.system, record.way) == (contestant.name, contestant.way);
                records.iter_mut().filter(own).for_each(|record| record.memory_mib = size);
            }
        }
        self.figures.extend(records);
        Ok(())
    }

    /// Opens a system, and lets it meet the tenants.
    async fn open(&self, group: &Group, name: Name, way: Way) -> Result<Contestant> {
        let connections = self.plan.options.connections;
        let application = label(name, way).replace([' ', ','], "_");
        let target = Target { url: self.data.url.clone(), connections, way, application: application.clone() };
        let runner = systems::connect(name, &target).await?;
        // By row there is one statement for all tenants, and few rows of them suffice.
        let enough = if group.isolation != Isolation::Schema { TENANTS } else { group.tenants };
        let warm_up = WarmUp {
            data: Arc::clone(&self.data),
            tenants: group.tenants.min(enough),
            tasks: connections,
            passes: PASSES,
            time: self.plan.warm_up,
        };
        runner.warm_up(warm_up).await?;
        Ok(Contestant { name, way, application, runner })
    }

    async fn report(self) -> Result<Report> {
        let version = self.data.admin().query_one("SELECT version()", &[]).await?;
        let version: String = version.try_get(0)?;
        let server = version.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        let settings = Settings {
            server,
            processors: std::thread::available_parallelism()?.get(),
            connections: self.plan.options.connections,
            seconds: self.plan.time.as_secs_f64(),
            rounds: self.plan.rounds,
        };
        Ok(Report { settings, figures: self.figures, instructions: self.instructions })
    }
}

fn record(
    group: &Group,
    contestant: &Contestant,
    distribution: Distribution,
    tasks: usize,
    figures: Figures,
) -> Record {
    let rows = group.workload.rows();
    let mixed = group.workload == Workload::Mixed;
    Record {
        workload: group.workload.name(),
        isolation: group.isolation,
        tenants: (group.shows != Shows::Nothing).then_some(group.tenants),
        distribution: (group.shows == Shows::Tenants).then_some(distribution),
        rows,
        tasks,
        system: contestant.name,
        way: contestant.way,
        operations_per_second: figures.rate,
        rows_per_second: rows.map(|rows| figures.rate * rows as f64),
        p50_us: figures.p50,
        p99_us: figures.p99,
        fast_p99_us: mixed.then_some(figures.fast_p99),
        worst_task_p99_us: mixed.then_some(figures.worst_task_p99),
        memory_mib: None,
    }
}
