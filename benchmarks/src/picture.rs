//! Pictures of throughput: a line for each system, as SVG.

use std::fmt::Write;
use std::path::Path;

use crate::Result;
use crate::keys::Distribution;
use crate::report::{Record, grouped};
use crate::system::{Isolation, Name, Way};

/// Where the number of tasks stays the same.
const TASKS: usize = 8;
/// Where the number of tenants stays the same.
const TENANTS: usize = 100;

/// What the x axis counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Axis {
    Tenants,
    Tasks,
}

impl Axis {
    fn of(self, record: &Record) -> usize {
        match self {
            Self::Tenants => record.tenants.unwrap_or_default(),
            Self::Tasks => record.tasks,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Tenants => "tenants",
            Self::Tasks => "tasks",
        }
    }
}

/// Writes a picture over tenants and one over tasks, for each isolation and distribution with points enough.
pub(crate) fn write_all(figures: &[Record], folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    for isolation in [Isolation::Row, Isolation::Schema] {
        for distribution in [Distribution::Uniform, Distribution::Zipf] {
            let selects = figures.iter().filter(|record| record.workload == "select" && record.isolation == isolation);
            if !selects.clone().any(|record| record.distribution == Some(distribution)) {
                continue;
            }
            // One tenant is the same in each distribution, and was measured once.
            let drawn = |record: &&Record| record.distribution == Some(distribution) || record.tenants == Some(1);
            let selects: Vec<&Record> = selects.filter(drawn).collect();
            for (axis, other, wanted) in [(Axis::Tenants, Axis::Tasks, TASKS), (Axis::Tasks, Axis::Tenants, TENANTS)] {
                let Some(fixed) = nearest(selects.iter().map(|record| other.of(record)), wanted) else { continue };
                let shown = selects.iter().copied().filter(|record| other.of(record) == fixed);
                let lines = lines(shown, axis);
                if lines.iter().all(|line| line.points.len() < 2) {
                    continue;
                }
                let title = format!(
                    "Select by key, isolation by {isolation}: {} {}, {distribution}",
                    grouped(fixed as f64),
                    other.name()
                );
                let path = folder.join(format!("select-{isolation}-{distribution}-{}.svg", axis.name()));
                let svg = draw(&title, axis, &lines);
                std::fs::write(&path, svg).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
            }
        }
    }
    Ok(())
}

/// The value that is closest, as ratios go.
fn nearest(values: impl Iterator<Item = usize>, wanted: usize) -> Option<usize> {
    let distance = |value: usize| (value.max(1) as f64 / wanted as f64).ln().abs();
    values.min_by(|one, other| distance(*one).total_cmp(&distance(*other)))
}

/// One system's throughput.
struct Line {
    label: String,
    name: Name,
    way: Way,
    /// In order of x.
    points: Vec<(f64, f64)>,
}

fn lines<'r>(records: impl Iterator<Item = &'r Record>, axis: Axis) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for record in records {
        let point = (axis.of(record) as f64, record.operations_per_second);
        match lines.iter_mut().find(|line| (line.name, line.way) == (record.system, record.way)) {
            Some(line) => line.points.push(point),
            None => {
                let (name, way) = (record.system, record.way);
                lines.push(Line { label: record.label(), name, way, points: vec![point] });
            }
        }
    }
    for line in &mut lines {
        line.points.sort_by(|one, other| one.0.total_cmp(&other.0));
    }
    lines
}

const WIDTH: f64 = 840.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 610.0;
const TOP: f64 = 56.0;
const BOTTOM: f64 = 380.0;
/// Between two labels at the right.
const LABEL_HEIGHT: f64 = 17.0;

/// Colours that differ for the colour-blind too, dark enough for a white ground.
fn colour(name: Name) -> &'static str {
    match name {
        Name::Tenantry => "#c2410c",
        Name::ByHand | Name::ByHandPipelined => "#111827",
        Name::Deadpool => "#0369a1",
        Name::DieselAsync => "#15803d",
        Name::Sqlx => "#a21caf",
        Name::SeaOrm => "#a16207",
    }
}

/// The picture. It has a ground of its own, so that it is legible on light and dark pages.
fn draw(title: &str, axis: Axis, lines: &[Line]) -> String {
    let points = || lines.iter().flat_map(|line| line.points.iter());
    let highest = points().map(|point| point.1).fold(0.0, f64::max);
    let step = round_step(highest / 8.0);
    let top = (highest / step).ceil() * step;
    let (first, last) = points().fold((f64::MAX, 1.0_f64), |(low, high), point| (low.min(point.0), high.max(point.0)));
    let x = |value: f64| LEFT + (RIGHT - LEFT) * (value / first).ln() / (last / first).ln();
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * value / top;

    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"
    role="img" aria-label="{title}">
<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#ffffff"/>
<g font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="13" fill="#374151">
<text x="{LEFT}" y="30" font-size="16" font-weight="600" fill="#111827">{title}</text>
"##
    );
    let mut level = 0.0;
    while level <= top + step / 2.0 {
        let (height, label) = (y(level), grouped(level));
        let _ = writeln!(
            svg,
            r##"<line x1="{LEFT}" y1="{height:.1}" x2="{RIGHT}" y2="{height:.1}" stroke="#e5e7eb"/>
<text x="{:.1}" y="{:.1}" text-anchor="end">{label}</text>"##,
            LEFT - 8.0,
            height + 4.5
        );
        level += step;
    }
    let mut ticks: Vec<f64> = points().map(|point| point.0).collect();
    ticks.sort_by(f64::total_cmp);
    ticks.dedup();
    for tick in ticks {
        let (place, label) = (x(tick), grouped(tick));
        let _ = writeln!(
            svg,
            r##"<line x1="{place:.1}" y1="{BOTTOM}" x2="{place:.1}" y2="{:.1}" stroke="#9ca3af"/>
<text x="{place:.1}" y="{:.1}" text-anchor="middle">{label}</text>"##,
            BOTTOM + 5.0,
            BOTTOM + 21.0
        );
    }
    let _ = writeln!(
        svg,
        r#"<text x="{:.1}" y="{:.1}" text-anchor="middle">{} (logarithmic)</text>
<text transform="translate(20 {:.1}) rotate(-90)" text-anchor="middle">queries a second</text>"#,
        f64::midpoint(LEFT, RIGHT),
        HEIGHT - 16.0,
        axis.name(),
        f64::midpoint(TOP, BOTTOM)
    );
    // This library's line comes last, on top of the others.
    let own_last = [false, true].map(|own| lines.iter().filter(move |line| (line.name == Name::Tenantry) == own));
    for line in own_last.into_iter().flatten() {
        let path: Vec<String> =
            line.points.iter().map(|point| format!("{:.1},{:.1}", x(point.0), y(point.1))).collect();
        let (colour, stroke) = (colour(line.name), style(line));
        let _ = writeln!(svg, r#"<polyline points="{}" fill="none" stroke="{colour}" {stroke}/>"#, path.join(" "));
        for point in &line.points {
            let _ = writeln!(svg, r#"<circle cx="{:.1}" cy="{:.1}" r="3" fill="{colour}"/>"#, x(point.0), y(point.1));
        }
    }
    for (line, end, place) in labels(lines, y) {
        let (colour, stroke, label) = (colour(line.name), style(line), &line.label);
        let weight = if line.name == Name::Tenantry { "700" } else { "400" };
        let _ = writeln!(
            svg,
            r##"<line x1="{:.1}" y1="{end:.1}" x2="{:.1}" y2="{place:.1}" stroke="#d1d5db"/>
<line x1="{:.1}" y1="{place:.1}" x2="{:.1}" y2="{place:.1}" stroke="{colour}" {stroke}/>
<text x="{:.1}" y="{:.1}" fill="{colour}" font-weight="{weight}">{label}</text>"##,
            RIGHT + 4.0,
            RIGHT + 16.0,
            RIGHT + 16.0,
            RIGHT + 36.0,
            RIGHT + 41.0,
            place + 4.5
        );
    }
    svg + "</g>\n</svg>\n"
}

/// The search path's lines are dashed, and this library's is thick.
fn style(line: &Line) -> &'static str {
    match (line.name, line.way) {
        (Name::Tenantry, _) => r#"stroke-width="3.5""#,
        (_, Way::SearchPath) => r#"stroke-width="2" stroke-dasharray="5 4""#,
        _ => r#"stroke-width="2""#,
    }
}

/// Each line with the height of its end and that of its label, moved apart where labels would overlap.
fn labels(lines: &[Line], y: impl Fn(f64) -> f64) -> Vec<(&Line, f64, f64)> {
    let end = |line: &Line| line.points.last().map_or(BOTTOM, |point| y(point.1));
    let mut labels: Vec<(&Line, f64, f64)> = lines.iter().map(|line| (line, end(line), end(line))).collect();
    labels.sort_by(|one, other| one.1.total_cmp(&other.1));
    let mut free = TOP;
    for label in &mut labels {
        label.2 = label.2.max(free);
        free = label.2 + LABEL_HEIGHT;
    }
    // What was pushed below the axis goes up again.
    let mut lowest = BOTTOM;
    for label in labels.iter_mut().rev() {
        label.2 = label.2.min(lowest);
        lowest = label.2 - LABEL_HEIGHT;
    }
    labels
}

/// 1, 2 or 5 times a power of ten, and no less than this.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.max(1.0).log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|step| *step >= least).unwrap_or(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps() {
        assert_eq!(round_step(10_240.0), 20_000.0);
        assert_eq!(round_step(4_700.0), 5_000.0);
        assert_eq!(nearest([1, 8, 32].into_iter(), 10), Some(8));
    }

    #[test]
    fn labels_do_not_overlap() {
        let line = |height: f64| Line {
            label: String::new(),
            name: Name::Sqlx,
            way: Way::TenantColumn,
            points: vec![(1.0, height)],
        };
        let lines = [BOTTOM, BOTTOM - 1.0, BOTTOM - 2.0, TOP].map(line);
        let places: Vec<f64> = labels(&lines, |height| height).iter().map(|label| label.2).collect();
        assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= LABEL_HEIGHT), "{places:?}");
        assert!(places[3] <= BOTTOM, "{places:?}");
    }
}
