//! What a process leaves behind when it ends.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use throwaway_postgres::{Server, bouncer, by_hand};
use tokio_postgres::types::Type;

const DEADLINE: Duration = Duration::from_secs(60);

/// A process of its own group that holds a database until its input ends.
fn holder(database_url: &str) -> Child {
    holder_command(database_url).spawn().unwrap()
}

fn holder_command(database_url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throwaway-postgres"));
    command.env("DATABASE_URL", database_url).stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
    command
}

/// The URL that the process prints.
fn url(holder: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

/// The folders of the process's servers.
fn folders(process: u32) -> Vec<PathBuf> {
    folders_of("throwaway-postgres", process)
}

fn folders_of(program: &str, process: u32) -> Vec<PathBuf> {
    let prefix = format!("{program}-{process}-");
    fs::read_dir("/tmp")
        .unwrap()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
        .map(|entry| entry.path())
        .collect()
}

fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !condition() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        sleep(Duration::from_millis(5));
    }
}

fn signal(signal: &str, target: &str) -> bool {
    Command::new("sh").args(["-c", "kill -s \"$0\" -- \"$1\" 2>/dev/null", signal, target]).status().unwrap().success()
}

fn server_process(folder: &Path) -> String {
    let file = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
    file.lines().next().unwrap().to_owned()
}

/// What `end` does to a process with a running server leaves nothing.
fn leaves_nothing(end: impl FnOnce(&mut Child)) {
    let mut holder = holder("");
    let url = url(&mut holder);
    let folders = folders(holder.id());
    assert_eq!(folders.len(), 1, "{url}");
    let server = server_process(&folders[0]);
    assert!(signal("0", &server));

    end(&mut holder);
    holder.wait().unwrap();
    wait_until("the folder is removed", || !folders[0].exists());
    assert!(!signal("0", &server));
}

#[test]
fn normal_end() {
    leaves_nothing(|holder| drop(holder.stdin.take()));
}

#[test]
fn killed() {
    leaves_nothing(|holder| holder.kill().unwrap());
}

#[test]
fn interrupted_by_the_terminal() {
    leaves_nothing(|holder| assert!(signal("INT", &format!("-{}", holder.id()))));
}

#[test]
fn killed_while_starting() {
    let mut holder = holder("");
    let process = holder.id();
    wait_until("the start begins", || !folders(process).is_empty());
    holder.kill().unwrap();
    holder.wait().unwrap();
    wait_until("the folder is removed", || folders(process).is_empty());
}

#[test]
fn temporary_folder() {
    let temporary = std::env::temp_dir().join(format!("temporary-{}", std::process::id()));
    fs::create_dir(&temporary).unwrap();
    // For the server's user, where this one is root.
    fs::set_permissions(&temporary, fs::Permissions::from_mode(0o777)).unwrap();
    let mut holder = holder_command("").env("TMPDIR", &temporary).spawn().unwrap();
    let url = url(&mut holder);
    let data: Vec<_> = fs::read_dir(&temporary).unwrap().flatten().collect();
    assert_eq!(data.len(), 1, "{url}");
    assert!(data[0].path().join("postmaster.pid").exists());

    holder.kill().unwrap();
    holder.wait().unwrap();
    wait_until("the data is removed", || !data[0].path().exists());
    wait_until("the folder is removed", || folders(holder.id()).is_empty());
    fs::remove_dir(&temporary).unwrap();
}

#[tokio::test]
async fn named_server() {
    let server = Server::builder().start().await.unwrap();
    let mut holder = holder(server.url());
    let url = url(&mut holder);
    let databases = server.create_database().await.unwrap();
    let client = databases.client().await.unwrap();
    let count = &by_hand("select count(*) from pg_database where strpos($1, '/' || datname || '?') > 0");

    let before: i64 = client.query_one(count, &[&url]).await.unwrap().get(0);
    assert_eq!(before, 1, "{url}");
    assert!(folders(holder.id()).is_empty());
    drop(holder.stdin.take());
    assert!(holder.wait().unwrap().success());
    let after: i64 = client.query_one(count, &[&url]).await.unwrap().get(0);
    assert_eq!(after, 0, "{url}");
}

#[tokio::test]
async fn killed_with_a_bouncer() {
    if bouncer(1).await.is_none() {
        return;
    }
    let mut holder = holder_command("").arg("1").spawn().unwrap();
    let url = url(&mut holder);
    let folders = [folders(holder.id()), folders_of("throwaway-bouncer", holder.id())].concat();
    assert_eq!(folders.len(), 2, "{url}");
    assert!(url.contains(&*folders[1].to_string_lossy()), "{url}");
    let process = fs::read_to_string(folders[1].join("data/pgbouncer.pid")).unwrap();
    assert!(signal("0", process.trim()));

    holder.kill().unwrap();
    holder.wait().unwrap();
    wait_until("the folders are removed", || !folders.iter().any(|folder| folder.exists()));
    assert!(!signal("0", process.trim()));
}

#[tokio::test]
async fn bouncer_before_a_named_server() {
    if bouncer(1).await.is_none() {
        return;
    }
    let rules = "local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
    let server = Server::builder().tcp().file("pg_hba.conf", rules).start().await.unwrap();
    let database = server.create_database().await.unwrap();
    database.execute("create role owner superuser login password 'it''s a secret'").await.unwrap();

    let named = server.url().replace("postgres@", "owner:it%27s%20a%20secret@");
    let mut holder = holder_command(&named).arg("1").spawn().unwrap();
    let url = url(&mut holder);
    assert_eq!(folders_of("throwaway-bouncer", holder.id()).len(), 1, "{url}");
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let row = client.query_one("select current_user::text, host(inet_server_addr())", &[]).await.unwrap();
    assert_eq!((row.get(0), row.get(1)), ("owner", "127.0.0.1"));

    // A client of the bouncer must not keep the database from being dropped.
    drop(holder.stdin.take());
    assert!(holder.wait().unwrap().success());
    let client = database.client().await.unwrap();
    let count =
        &by_hand("select count(*) from pg_database where datname like 'test%' and datname <> current_database()");
    assert_eq!(client.query_one(count, &[]).await.unwrap().get::<_, i64>(0), 0);
}

#[tokio::test]
async fn logs_outlive_their_servers() {
    let folder = std::env::temp_dir().join(format!("logs-{}", std::process::id()));
    let mut holder = holder_command("").env("THROWAWAY_POSTGRES_LOG", &folder).spawn().unwrap();
    let url = url(&mut holder);
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute("select 'two\nlines'").await.unwrap();
    client.query_typed("select $1::text", &[(&"a value", Type::TEXT)]).await.unwrap();
    client.query("select absent", &[]).await.unwrap_err();
    drop(client);
    let _ = connection.await;

    // However the process ends.
    holder.kill().unwrap();
    holder.wait().unwrap();
    let log = || {
        let file = fs::read_dir(&folder).unwrap().flatten().next().unwrap();
        fs::read_to_string(file.path()).unwrap()
    };
    wait_until("the log is whole", || log().ends_with("\nend of the log\n"));
    let log = log();
    let database = url.split(['/', '?']).nth(3).unwrap();
    for line in [
        format!("@postgres@[unknown]@ LOG:  statement: /* by hand */ create database {database} "),
        format!("@{database}@[unknown]@ LOG:  statement: select 'two\n\tlines'\n"),
        format!("@{database}@[unknown]@ LOG:  execute <unnamed>: select $1::text\n"),
        format!("@{database}@[unknown]@ STATEMENT:  select absent\n"),
    ] {
        assert!(log.contains(&line), "{line} is not in:\n{log}");
    }
    assert!(!log.contains("a value"), "{log}");
    fs::remove_dir_all(&folder).unwrap();
}
