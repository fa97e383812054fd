//! Servers and databases as a test uses them.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use throwaway_postgres::{Server, StartError, TestDatabase, by_hand, database};
use tokio::task::JoinSet;

/// The folder of a throwaway server whose URL names its Unix socket.
fn folder(url: &str) -> PathBuf {
    let (_, rest) = url.split_once("host=").expect("a Unix socket");
    let socket = rest.split('&').next().unwrap();
    PathBuf::from(socket).parent().unwrap().to_path_buf()
}

async fn show(database: &TestDatabase, setting: &str) -> String {
    let client = database.client().await.unwrap();
    let row = client.query_one(&by_hand(&format!("show {setting}")), &[]).await.unwrap();
    row.get(0)
}

#[tokio::test]
async fn start() {
    let begin = Instant::now();
    let server = Server::builder().start().await.unwrap();
    println!("started in {:?}", begin.elapsed());
    let database = server.create_database().await.unwrap();
    for (setting, value) in [
        ("server_encoding", "UTF8"),
        ("lc_collate", "C"),
        ("listen_addresses", ""),
        ("fsync", "off"),
        ("synchronous_commit", "off"),
        ("full_page_writes", "off"),
        ("wal_level", "minimal"),
        ("max_wal_senders", "0"),
        ("max_connections", "200"),
        ("shared_buffers", "128MB"),
        ("autovacuum", "on"),
    ] {
        assert_eq!(show(&database, setting).await, value, "{setting}");
    }
    let mode = fs::metadata(folder(server.url())).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn databases_are_separate() {
    let (first, second) = (database().await, database().await);
    assert_ne!(first.name(), second.name());
    first.execute("create table only_here ()").await.unwrap();
    let error = second.execute("table only_here").await.unwrap_err();
    assert!(format!("{error:?}").contains("only_here"), "{error:?}");
    first.execute("table only_here; table only_here").await.unwrap();
    let client = second.client().await.unwrap();
    let row = client.query_one("select current_database()", &[]).await.unwrap();
    assert_eq!(row.get::<_, &str>(0), second.name());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_databases_at_once() {
    let server = Server::shared().await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        tasks.spawn(async {
            let begin = Instant::now();
            let database = server.create_database().await?;
            database.execute("create table item ()").await?;
            Ok::<_, StartError>(begin.elapsed())
        });
    }
    let times = tasks.join_all().await;
    let times: Result<Vec<_>, _> = times.into_iter().collect();
    println!("20 at once: {:?}", times.unwrap().into_iter().max());
}

#[test]
fn shared_by_runtimes() {
    let url = || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let server = Server::shared().await.unwrap();
            server.create_database().await.unwrap();
            server.url()
        })
    };
    assert_eq!(url(), url());
}

#[tokio::test]
async fn drop_removes() {
    let server = Server::builder().start().await.unwrap();
    let folder = folder(server.url());
    let pid = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap();
    let pid = pid.lines().next().unwrap().to_owned();
    let database = server.create_database().await.unwrap();
    // An open connection must not hold the server back.
    let client = database.client().await.unwrap();
    drop(server);
    assert!(!folder.exists());
    assert!(client.simple_query("select 1").await.is_err());
    let alive = Command::new("sh").args(["-c", "kill -0 \"$0\" 2>/dev/null", &pid]).status().unwrap();
    assert!(!alive.success());
}

#[tokio::test]
async fn options() {
    let rules = "local all postgres trust\nhost all all 127.0.0.1/32 reject\n";
    let server = Server::builder()
        .tcp()
        .setting("application_name", r"it's a \ name")
        .setting("max_connections", "30")
        .file("server.key", "secret")
        .file("pg_hba.conf", rules)
        .start()
        .await
        .unwrap();

    let address = server.url().split(['@', '/']).nth(3).unwrap();
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    assert!(TcpStream::connect(address).is_ok(), "{address}");
    let refused = tokio_postgres::connect(server.url(), tokio_postgres::NoTls).await;
    let refused = refused.map(|_| ()).unwrap_err();
    assert!(refused.as_db_error().is_some(), "{refused}");

    let database = server.create_database().await.unwrap();
    assert_eq!(show(&database, "application_name").await, r"it's a \ name");
    assert_eq!(show(&database, "max_connections").await, "30");

    let data = PathBuf::from(show(&database, "data_directory").await);
    let key = fs::metadata(data.join("server.key")).unwrap();
    let version = fs::metadata(data.join("PG_VERSION")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    assert_eq!((key.uid(), key.gid()), (version.uid(), version.gid()));
    assert_eq!(fs::read(data.join("server.key")).unwrap(), b"secret");
}

#[tokio::test]
async fn tcp_url() {
    let server = Server::builder().tcp().start().await.unwrap();
    let database = server.create_database().await.unwrap();
    let (client, connection) = tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let row = client.query_one("select host(inet_server_addr()), current_database()", &[]).await.unwrap();
    assert_eq!(row.get::<_, &str>(0), "127.0.0.1");
    assert_eq!(row.get::<_, &str>(1), database.name());
}

#[tokio::test]
async fn psql_takes_the_url() {
    let server = Server::builder().start().await.unwrap();
    let database = server.create_database().await.unwrap();
    let output = Command::new(server.binaries().unwrap().join("psql"))
        .args(["-XAtc", "select current_database()", database.url()])
        .env("PGPORT", "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.trim(), database.name(), "{output:?}");
}

#[tokio::test]
async fn a_failed_start_shows_the_log_at_once() {
    let begin = Instant::now();
    let error = Server::builder().setting("no_such_setting", "on").start().await.unwrap_err();
    assert!(error.to_string().contains("no_such_setting"), "{error}");
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
}
