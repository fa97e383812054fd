//! Encrypted connections, verified by the certificates that the application trusts.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::{ClientConfig, RootCertStore};
use tenantry::{Connection, Database, Error, TenantId};
use tenantry_tests::{Customer, NewCustomer, schema_tables};
use throwaway_postgres::{Server, TestDatabase, by_hand};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::stage::wait_until;

type Authority = CertifiedIssuer<'static, KeyPair>;

/// Who signs the server's certificate.
static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| authority("the authority of these tests"));

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A database with acme's tables, on a server that has a certificate for `localhost` and for nothing else.
async fn database() -> TestDatabase {
    static SERVER: OnceCell<Server> = OnceCell::const_new();
    let start = async || {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = certificate.signed_by(&key, &*AUTHORITY).unwrap();
        let server = Server::builder().tcp().setting("ssl", "on");
        server.file("server.crt", certificate.pem()).file("server.key", key.serialize_pem()).start().await.unwrap()
    };
    let database = SERVER.get_or_init(start).await.create_database().await.unwrap();
    database.execute(&schema_tables("acme")).await.unwrap();
    database
}

fn trusting(authority: &Authority) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    config.with_root_certificates(roots).with_no_client_auth()
}

/// Connects with TLS or not at all.
async fn connect(database: &TestDatabase, host: &str, trusted: &Authority) -> Result<Database, Error> {
    let url = format!("{}?sslmode=require", database.url().replace("127.0.0.1", host));
    Database::options().pool_size(1).rustls(trusting(trusted)).connect(&url).await
}

async fn is_encrypted(connection: &Connection) -> bool {
    let sql = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    connection.unscoped_client().query_one(&by_hand(sql), &[]).await.unwrap().get(0)
}

fn acme() -> TenantId {
    "acme".parse().unwrap()
}

#[tokio::test]
async fn statements_go_over_tls() {
    let database = database().await;
    let db = connect(&database, "localhost", &AUTHORITY).await.unwrap();
    let customers = Customer::repository().for_tenant(&acme());
    let new = NewCustomer { email: "a".to_owned(), name: "b".to_owned(), phone: None, credit: None };
    let mut connection = db.connection().await.unwrap();
    assert!(is_encrypted(&connection).await);
    let transaction = connection.begin().await.unwrap();
    assert_eq!(customers.insert(new).fetch_one(&transaction).await.unwrap().id, 1);
    transaction.commit().await.unwrap();
    drop(connection);
    assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().email, "a");
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused() {
    let database = database().await;
    let error = connect(&database, "localhost", &authority("another")).await.unwrap_err();
    assert!(error.is_connection(), "{error}");
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let database = database().await;
    let error = connect(&database, "127.0.0.1", &AUTHORITY).await.unwrap_err();
    assert!(error.is_connection(), "{error}");
}

#[tokio::test]
async fn without_certificates_of_ones_own_the_operating_systems_are_trusted_and_no_others() {
    let database = database().await;
    let url = database.url().replace("127.0.0.1", "localhost");
    let error = Database::connect(&format!("{url}?sslmode=require")).await.unwrap_err();
    assert!(error.is_connection(), "{error}");
    // Nothing was asked for: no TLS.
    for url in [format!("{url}?sslmode=disable"), url] {
        let db = Database::connect(&url).await.unwrap();
        assert!(!is_encrypted(&db.connection().await.unwrap()).await);
    }
}

#[tokio::test]
async fn preferred_tls_is_used_and_verified_where_the_server_offers_it() {
    let database = database().await;
    let prefer = |trusted: &Authority| {
        let options = Database::options().rustls(trusting(trusted));
        let url = database.url().replace("127.0.0.1", "localhost");
        async move { options.connect(&format!("{url}?sslmode=prefer")).await }
    };
    assert!(is_encrypted(&prefer(&AUTHORITY).await.unwrap().connection().await.unwrap()).await);
    assert!(prefer(&authority("another")).await.unwrap_err().is_connection());

    let stage = crate::stage::Stage::empty().await;
    let without = Database::options().rustls(trusting(&AUTHORITY)).connect(stage.url()).await.unwrap();
    assert!(!is_encrypted(&without.connection().await.unwrap()).await);
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_it_is_required() {
    let stage = crate::stage::Stage::empty().await;
    let error = Database::connect(&format!("{}&sslmode=require", stage.url())).await.unwrap_err();
    assert!(error.is_connection(), "{error}");
}

#[tokio::test]
async fn a_dropped_statement_is_cancelled_over_tls() {
    let database = database().await;
    let db = connect(&database, "localhost", &AUTHORITY).await.unwrap();
    let customers = Customer::repository().for_tenant(&acme());
    let (holder, watch) = (database.client().await.unwrap(), database.client().await.unwrap());
    holder.batch_execute(&by_hand("begin; lock table acme.customer")).await.unwrap();

    let blocked =
        "exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')";
    let (is_blocked, is_not_blocked) = (format!("select {blocked}"), format!("select not {blocked}"));
    tokio::select! {
        _ = customers.find(1).fetch_one(&db) => panic!("the statement went through a lock"),
        () = wait_until(&watch, &is_blocked) => {}
    }
    let next = timeout(Duration::from_secs(15), db.connection()).await;
    next.expect("the next borrower waits").unwrap();
    wait_until(&watch, &is_not_blocked).await;
}
