//! A proxy before the server, which sees what is sent to it and can keep it from answering.

use std::future;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use tenantry::{Database, DatabaseOptions};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, BufWriter};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// What begins a connection that asks for the end of what runs on another.
const CANCEL: [u8; 4] = 80_877_102_u32.to_be_bytes();

/// What a client sends, after the message that begins its connection.
#[derive(Debug)]
pub(crate) struct Message {
    /// `P`arse, `B`ind, `D`escribe, `E`xecute, `S`ync, `C`lose, `Q`uery and the others of the protocol.
    pub(crate) kind: char,
    /// Of the prepared statement, if that has one.
    pub(crate) statement: String,
}

/// What becomes of the text of a statement.
pub(crate) type Rewrite = fn(&str) -> String;

pub(crate) struct Proxy {
    /// The server, through this proxy.
    config: Config,
    sent: Arc<Mutex<Vec<Message>>>,
    connections: Arc<AtomicUsize>,
    stopped: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Proxy {
    pub(crate) async fn before(url: &str) -> Self {
        Self::that_rewrites(url.parse().unwrap(), str::to_owned).await
    }

    /// Changes the text of each statement.
    pub(crate) async fn that_rewrites(server: Config, rewrite: Rewrite) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = Config::new();
        config.host("127.0.0.1").port(listener.local_addr().unwrap().port()).ssl_mode(SslMode::Disable);
        if let Some(database) = server.get_dbname() {
            config.dbname(database);
        }
        if let Some(user) = server.get_user() {
            config.user(user);
        }
        if let Some(password) = server.get_password() {
            config.password(password);
        }
        let (stopped, is_stopped) = watch::channel(false);
        let (sent, connections) = (Arc::default(), Arc::new(AtomicUsize::new(0)));
        let accepting = accept(listener, server, rewrite, Arc::clone(&connections), Arc::clone(&sent), is_stopped);
        let task = tokio::spawn(accepting);
        Self { config, sent, connections, stopped, task }
    }

    /// A pool whose connections go through this.
    pub(crate) async fn pool(&self, options: DatabaseOptions) -> Database {
        options.connect_with(self.config.clone()).await.unwrap()
    }

    /// Nothing goes through any more, in either direction, until [`go_on`](Self::go_on).
    pub(crate) fn stop(&self) {
        self.stopped.send_replace(true);
    }

    pub(crate) fn go_on(&self) {
        self.stopped.send_replace(false);
    }

    /// How many connections were asked for, those that ask for the end of another's statement counted in.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Relaxed)
    }

    /// What was sent since this was asked last.
    pub(crate) fn take_sent(&self) -> Vec<Message> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }

    /// How many messages of a kind were sent, of those not taken yet.
    pub(crate) fn count(&self, kind: char) -> usize {
        self.sent.lock().unwrap().iter().filter(|message| message.kind == kind).count()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Ends its connections when it is dropped.
async fn accept(
    listener: TcpListener,
    server: Config,
    rewrite: Rewrite,
    accepted: Arc<AtomicUsize>,
    sent: Arc<Mutex<Vec<Message>>>,
    stopped: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        accepted.fetch_add(1, Relaxed);
        let (server, sent, stopped) = (server.clone(), Arc::clone(&sent), stopped.clone());
        connections.spawn(async move {
            let Ok(server) = connect(&server).await else { return };
            let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), tokio::io::split(server));
            // Where one side has gone, the other is let go of too.
            tokio::select! {
                _ = forward_messages(from_client, to_server, rewrite, &sent, stopped.clone()) => {}
                _ = forward(from_server, to_client, stopped) => {}
            }
        });
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

async fn connect(server: &Config) -> io::Result<Box<dyn Stream>> {
    let port = server.get_ports().first().copied().unwrap_or(5432);
    Ok(match server.get_hosts().first() {
        Some(Host::Unix(folder)) => {
            Box::new(UnixStream::connect(Path::new(folder).join(format!(".s.PGSQL.{port}"))).await?)
        }
        Some(Host::Tcp(host)) => Box::new(TcpStream::connect((host.as_str(), port)).await?),
        None => Box::new(TcpStream::connect(("localhost", port)).await?),
    })
}

/// Forwards a client's messages one by one, and notes them.
async fn forward_messages(
    from: impl AsyncRead + Unpin,
    to: impl AsyncWrite + Unpin,
    rewrite: Rewrite,
    sent: &Mutex<Vec<Message>>,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<()> {
    let (mut from, mut to) = (BufReader::new(from), BufWriter::new(to));
    // The first message has no kind.
    let mut kind = None;
    loop {
        let length = from.read_u32().await?;
        let mut body = vec![0; length as usize - 4];
        from.read_exact(&mut body).await?;
        // The end of a connection is about no statement.
        if let Some(kind) = kind.filter(|&kind| kind != b'X') {
            sent.lock().unwrap().push(Message { kind: char::from(kind), statement: statement(kind, &body) });
        }
        if kind == Some(b'P') {
            body = rewritten(&body, rewrite);
        }
        // Who has stopped it for good is gone.
        let _ = stopped.wait_for(|stopped| !stopped).await;
        if let Some(kind) = kind {
            to.write_u8(kind).await?;
        }
        to.write_u32(body.len() as u32 + 4).await?;
        to.write_all(&body).await?;
        if from.buffer().is_empty() {
            to.flush().await?;
        }
        if kind.is_none() && body.starts_with(&CANCEL) {
            // The driver does not wait for the end of such a connection. PgBouncer 1.18 can crash where its client
            // goes first, so this one waits.
            return future::pending().await;
        }
        kind = Some(from.read_u8().await?);
    }
}

/// A message that prepares a statement, with another text.
fn rewritten(body: &[u8], rewrite: Rewrite) -> Vec<u8> {
    let mut parts = body.splitn(3, |&byte| byte == 0);
    let [name, sql, types] = [(); 3].map(|()| parts.next().unwrap_or_default());
    [name, rewrite(&String::from_utf8_lossy(sql)).as_bytes(), types].join(&0)
}

/// The name of the statement that a message is about.
fn statement(kind: u8, body: &[u8]) -> String {
    let mut texts = body.split(|&byte| byte == 0).map(|text| String::from_utf8_lossy(text).into_owned());
    let name = match kind {
        b'P' => texts.next(),
        // After the portal's.
        b'B' => texts.nth(1),
        b'C' | b'D' => texts.next().and_then(|text| text.strip_prefix('S').map(ToOwned::to_owned)),
        _ => None,
    };
    name.unwrap_or_default()
}

async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<()> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let count = from.read(&mut bytes).await?;
        if count == 0 {
            return Ok(());
        }
        let _ = stopped.wait_for(|stopped| !stopped).await;
        to.write_all(&bytes[..count]).await?;
    }
}
