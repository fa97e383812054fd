//! The server: mistakes of its own that are known, and what stands before it.

use super::facts::Facts;
use super::model::Model;
use super::report::Finding;
use super::report::Severity::{Advice, Danger, Mismatch};

/// A mistake of PostgreSQL's by which rows reach somebody they are not for.
struct Flaw {
    name: &'static str,
    what: &'static str,
    /// The first major version that has it.
    since: u32,
    /// The releases that mended it, major and minor. A major version after all of these never had it.
    mended: &'static [(u32, u32)],
}

const FLAWS: [Flaw; 7] = [
    Flaw {
        name: "CVE-2026-14666",
        what: "a cached plan keeps the row-level security of another role",
        since: 0,
        mended: &[(14, 24), (15, 19), (16, 15), (17, 11), (18, 6)],
    },
    Flaw {
        name: "CVE-2025-8713",
        what: "statistics tell of rows behind views and partitions",
        since: 0,
        mended: &[(13, 22), (14, 19), (15, 14), (16, 10), (17, 6)],
    },
    Flaw {
        name: "CVE-2024-10976",
        what: "a cached plan keeps the row-level security of another role, below subqueries",
        since: 0,
        mended: &[(12, 21), (13, 17), (14, 14), (15, 9), (16, 5), (17, 1)],
    },
    Flaw {
        name: "CVE-2023-39418",
        what: "MERGE skips the policies for UPDATE and SELECT",
        since: 15,
        mended: &[(15, 4)],
    },
    Flaw {
        name: "CVE-2023-2455",
        what: "a cached plan keeps the row-level security of another role, after inlining",
        since: 0,
        mended: &[(11, 20), (12, 15), (13, 11), (14, 8), (15, 3)],
    },
    Flaw {
        name: "CVE-2019-10130",
        what: "statistics tell of rows that policies hide",
        since: 0,
        mended: &[(9, 13), (10, 8), (11, 3)],
    },
    Flaw { name: "CVE-2017-7484", what: "statistics tell of rows that one may not read", since: 0, mended: &[(9, 3)] },
];

impl Flaw {
    /// The release that mends it for a server of this number, as in `server_version_num`; `Some(None)` where its major
    /// version has none.
    #[expect(clippy::option_option, reason = "that nothing mends it is not that nothing is wrong")]
    fn mended_by(&self, number: u32) -> Option<Option<(u32, u32)>> {
        let (major, minor) = (number / 10_000, number % 100);
        let newest = self.mended.iter().map(|(major, _)| *major).max().unwrap_or_default();
        if major < self.since || major > newest {
            return None;
        }
        match self.mended.iter().find(|(mended, _)| *mended == major) {
            Some((_, mended)) if minor >= *mended => None,
            mended => Some(mended.copied()),
        }
    }
}

pub(super) fn check(facts: &Facts, model: &Model, findings: &mut Vec<Finding>) {
    let severity = if model.has_row_level_security() { Danger } else { Advice };
    for (flaw, mended) in FLAWS.iter().filter_map(|flaw| Some((flaw, flaw.mended_by(facts.server.number)?))) {
        let what = match mended {
            Some((major, minor)) => format!("update the server to {major}.{minor} or later"),
            None => "no release of its version mends it: upgrade the server".to_owned(),
        };
        let problem = format!("{}: {}; {what}", flaw.name, flaw.what);
        findings.push(Finding::new(severity, "server-version", "server", problem));
    }
    if facts.server.has_pooler {
        let problem = "a pooler in transaction mode stands before it: prepared statements fail, or are another's. Connect with `DatabaseOptions::transaction_pooler`";
        findings.push(Finding::new(Mismatch, "transaction-pooler", "server", problem.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::FLAWS;

    fn flaws(number: u32) -> Vec<(&'static str, Option<(u32, u32)>)> {
        FLAWS.iter().filter_map(|flaw| Some((flaw.name, flaw.mended_by(number)?))).collect()
    }

    #[test]
    fn each_release_has_its_flaws() {
        for mended in [180_006, 170_011, 160_015, 150_019, 140_024, 190_000, 150_020] {
            assert_eq!(flaws(mended), [], "{mended}");
        }
        assert_eq!(flaws(150_018), [("CVE-2026-14666", Some((15, 19)))]);
        assert_eq!(flaws(180_000), [("CVE-2026-14666", Some((18, 6)))]);
        let names = |number| flaws(number).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let oldest = ["CVE-2026-14666", "CVE-2025-8713", "CVE-2024-10976", "CVE-2023-39418", "CVE-2023-2455"];
        assert_eq!(names(150_002), oldest);
        assert_eq!(names(150_003), oldest[..4]);
        assert_eq!(names(150_004), oldest[..3]);
        assert_eq!(names(150_009), oldest[..2]);
        assert_eq!(names(150_014), oldest[..1]);
        // Whose version nobody mends any more.
        assert_eq!(flaws(130_099), [("CVE-2026-14666", None)]);
    }
}
