//! A PgBouncer before a server; these tests pass without one where it is not
//! installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use throwaway_postgres::{bouncer, by_hand, database};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The first value, by the simple protocol, which prepares no statement.
async fn value(client: &Client, sql: &str) -> String {
    let messages = client.simple_query(&by_hand(sql)).await.unwrap();
    let row = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    row.and_then(|row| row.get(0)).unwrap_or_default().to_owned()
}

async fn server_process(client: &Client) -> String {
    value(client, "select pg_backend_pid()").await
}

/// The folder of a PgBouncer, from a URL of it.
fn folder(url: &str) -> PathBuf {
    let (_, rest) = url.split_once("host=").unwrap();
    let socket = Path::new(rest.split('&').next().unwrap());
    socket.parent().unwrap().to_path_buf()
}

#[tokio::test]
async fn clients_share_a_server_connection() {
    let Some(bouncer) = bouncer(1).await else { return };
    let database = database().await;
    let url = bouncer.url(&database);
    let (first, second) = (connect(&url).await, connect(&url).await);

    assert_eq!(value(&first, "select current_database()").await, database.name());
    let process = server_process(&first).await;
    assert_eq!(server_process(&second).await, process);

    // What is set for the session stays with the server connection.
    first.batch_execute(&by_hand("set throwaway.state = 'left by the first'")).await.unwrap();
    assert_eq!(value(&second, "show throwaway.state").await, "left by the first");
    first.batch_execute(&by_hand("begin; set local throwaway.state = 'for a while'; commit")).await.unwrap();
    assert_eq!(value(&second, "show throwaway.state").await, "left by the first");
}

#[tokio::test]
async fn a_transaction_keeps_its_server_connection() {
    let Some(bouncer) = bouncer(2).await else { return };
    let url = bouncer.url(&database().await);
    let (first, second) = (connect(&url).await, connect(&url).await);

    first.batch_execute("begin").await.unwrap();
    let process = server_process(&first).await;
    assert_ne!(server_process(&second).await, process);
    assert_eq!(server_process(&first).await, process);
    first.batch_execute("commit").await.unwrap();
}

#[tokio::test]
async fn databases_and_bouncers_are_separate() {
    let Some(one) = bouncer(1).await else { return };
    let Some(other) = bouncer(1).await else { return };
    let (database, another) = (database().await, database().await);
    let clients =
        [connect(&one.url(&database)).await, connect(&one.url(&another)).await, connect(&other.url(&database)).await];
    let mut processes = Vec::new();
    for client in &clients {
        processes.push(server_process(client).await);
    }
    processes.sort();
    processes.dedup();
    assert_eq!(processes.len(), clients.len());
}

#[tokio::test]
async fn startup_parameters_of_other_clients() {
    let Some(bouncer) = bouncer(1).await else { return };
    let url = bouncer.url(&database().await);
    let client = connect(&format!("{url}&options=-c%20throwaway.state%3Dset&application_name=it")).await;
    assert_eq!(value(&client, "select current_setting('throwaway.state', true)").await, "");
    assert_eq!(value(&client, "show application_name").await, "it");
}

#[tokio::test]
async fn drop_removes() {
    let Some(bouncer) = bouncer(1).await else { return };
    let database = database().await;
    let url = bouncer.url(&database);
    let folder = folder(&url);
    assert!(folder.join("socket/.s.PGSQL.6432").exists());
    let process = fs::read_to_string(folder.join("data/pgbouncer.pid")).unwrap();
    let alive = || Command::new("sh").args(["-c", "kill -0 \"$0\" 2>/dev/null", process.trim()]).status().unwrap();
    assert!(alive().success());

    // An open transaction must not hold it back.
    let client = connect(&url).await;
    client.batch_execute("begin").await.unwrap();
    drop(bouncer);
    assert!(!folder.exists());
    assert!(!alive().success());
    assert!(client.simple_query("select 1").await.is_err());
    database.execute("select 1").await.unwrap();
}
