//! From a configuration to a connection, encrypted or not.

use std::fmt;
use std::sync::Arc;

use tokio::task::AbortHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{CancelToken, Client, Config, NoTls, Socket};

use crate::error::Error;

#[derive(Clone)]
pub(crate) struct Connector(Arc<Settings>);

struct Settings {
    config: Config,
    tls: Tls,
}

pub(crate) enum Tls {
    Off,
    #[cfg(feature = "rustls")]
    Rustls(tokio_postgres_rustls::MakeRustlsConnect),
}

impl Tls {
    /// What a configuration without a TLS setting of its own needs: rustls with the operating system's roots
    /// where it requires TLS, else none. That the feature is on changes nothing by itself.
    pub(crate) fn for_config(config: &Config) -> Result<Self, Error> {
        if config.get_ssl_mode() != SslMode::Require {
            return Ok(Self::Off);
        }
        #[cfg(feature = "rustls")]
        {
            let (connector, _) = tokio_postgres_rustls::MakeRustlsConnect::with_native_certs()
                .map_err(|_| Error::options("the operating system's root certificates cannot be read"))?;
            Ok(Self::Rustls(connector))
        }
        #[cfg(not(feature = "rustls"))]
        Err(Error::options("`sslmode=require` needs tenantry's feature `rustls`"))
    }
}

impl Connector {
    pub(crate) fn new(config: Config, tls: Tls) -> Self {
        Self(Arc::new(Settings { config, tls }))
    }

    /// A client, and the task that runs its connection.
    pub(crate) async fn connect(&self) -> Result<(Client, AbortHandle), tokio_postgres::Error> {
        match &self.0.tls {
            Tls::Off => self.connect_with(NoTls).await,
            #[cfg(feature = "rustls")]
            Tls::Rustls(tls) => self.connect_with(tls.clone()).await,
        }
    }

    async fn connect_with<M>(&self, tls: M) -> Result<(Client, AbortHandle), tokio_postgres::Error>
    where
        M: MakeTlsConnect<Socket, Stream: Send + 'static>,
    {
        let (client, connection) = self.0.config.connect(tls).await?;
        let task = tokio::spawn(async move {
            // A failure reaches each caller through its statement.
            let _ = connection.await;
        });
        Ok((client, task.abort_handle()))
    }

    /// Asks the server to end what runs on the token's connection.
    pub(crate) async fn cancel(&self, token: &CancelToken) -> Result<(), tokio_postgres::Error> {
        match &self.0.tls {
            Tls::Off => token.cancel_query(NoTls).await,
            #[cfg(feature = "rustls")]
            Tls::Rustls(tls) => token.cancel_query(tls.clone()).await,
        }
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Connector")
    }
}
