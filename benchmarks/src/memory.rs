//! How much memory the server's processes of a system have for themselves.

use std::fs;

use crate::Result;
use crate::data::Data;

/// The mean over the connections of an application, in MiB; none where the server's processes cannot be seen.
///
/// What counts is the line `Anonymous` of `/proc/<pid>/smaps_rollup`: memory that is no file's and not shared
/// between the server's processes, such as catalogue caches and prepared statements.
pub(crate) async fn of_connections(data: &Data, application: &str) -> Result<Option<f64>> {
    let select = "SELECT pid FROM pg_stat_activity WHERE application_name = $1";
    let rows = data.admin().query(select, &[&application]).await?;
    let mut sizes = Vec::new();
    for row in rows {
        let pid: i32 = row.try_get(0)?;
        // On another machine or another system there is no such file, and none that may be read as another user.
        let Ok(rollup) = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")) else {
            return Ok(None);
        };
        sizes.extend(anonymous(&rollup));
    }
    let sum: f64 = sizes.iter().sum();
    Ok((!sizes.is_empty()).then(|| sum / sizes.len() as f64))
}

/// What this machine has left, in kilobytes; none where it does not say.
pub(crate) fn available() -> Option<usize> {
    let information = fs::read_to_string("/proc/meminfo").ok()?;
    let line = information.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// In MiB.
fn anonymous(rollup: &str) -> Option<f64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Anonymous:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_counts() {
        let rollup = "55d0-7ffe ---p 00000000 00:00 0 [rollup]\nRss:  9000 kB\nAnonymous:      3072 kB\nSwap: 0 kB\n";
        assert_eq!(anonymous(rollup), Some(3.0));
        assert_eq!(anonymous("Rss: 1 kB"), None);
    }
}
