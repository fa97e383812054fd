//! Connections to a server, each for one use.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, Error, NoTls};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Connects, with the connection's task on the current runtime; the task ends
/// after the client.
pub(crate) async fn connect(url: &str) -> Result<(Client, JoinHandle<()>), Error> {
    let mut config: Config = url.parse()?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    let (client, connection) = config.connect(NoTls).await?;
    let task = tokio::spawn(async move {
        // The client's calls fail with the connection's error.
        let _ = connection.await;
    });
    Ok((client, task))
}

/// Runs SQL text in a connection of its own, closed in the end.
pub(crate) async fn run(url: &str, sql: &str) -> Result<(), Error> {
    let (client, task) = connect(url).await?;
    let result = client.batch_execute(sql).await;
    drop(client);
    let _ = task.await;
    result
}

/// The connection string with another database in it.
pub(crate) fn with_database(url: &str, name: &str) -> String {
    let scheme = ["postgresql://", "postgres://"];
    let Some(rest) = scheme.iter().find_map(|scheme| url.strip_prefix(scheme)) else {
        // Keywords and values: the last one counts.
        return format!("{url} dbname={name}");
    };
    let scheme = &url[..url.len() - rest.len()];
    let (place, parameters) = match rest.split_once('?') {
        Some((place, parameters)) => (place, Some(parameters)),
        None => (rest, None),
    };
    // The path begins after the host; a password may not have a slash as such.
    let authority = place.split_once('/').map_or(place, |(before, _)| before);
    let mut url = format!("{scheme}{authority}/{name}");
    let parameters = parameters.iter().flat_map(|text| text.split('&'));
    let mut separator = '?';
    for parameter in parameters.filter(|text| !text.starts_with("dbname=")) {
        url.push(separator);
        url.push_str(parameter);
        separator = '&';
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_database() {
        for (url, expected) in [
            ("postgres://a:b@c:1/d", "postgres://a:b@c:1/x"),
            ("postgresql://a@c", "postgresql://a@c/x"),
            ("postgresql://a@c?f=g", "postgresql://a@c/x?f=g"),
            ("postgresql://a@/d?host=/tmp/e&dbname=d&port=1", "postgresql://a@/x?host=/tmp/e&port=1"),
            ("host=c dbname=d", "host=c dbname=d dbname=x"),
        ] {
            let changed = with_database(url, "x");
            assert_eq!(changed, expected);
            let config: Config = changed.parse().unwrap_or_default();
            if !url.contains("f=g") {
                assert_eq!(config.get_dbname(), Some("x"));
            }
        }
    }
}
