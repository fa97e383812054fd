//! A pooler in transaction mode between.

use tenantry::Database;
use tenantry::Severity::Mismatch;

use super::{Audited, TABLES, found};

#[tokio::test]
async fn a_pooler_that_the_options_do_not_name_is_found() {
    let audited = Audited::clean().await;
    let (pool, tables) = (4, &TABLES[4..]);
    let Some(bouncer) = throwaway_postgres::bouncer(pool).await else { return };
    let url = bouncer.url(&audited.database);
    let is_pooler = |(severity, code, place): &(tenantry::Severity, String, String)| {
        (*severity, &**code, &**place) == (Mismatch, "transaction-pooler", "server")
    };
    let unaware = Database::options().pool_size(3).connect(&url).await.unwrap();
    for _ in 0..3 {
        let report = unaware.audit(tables).await.unwrap();
        assert!(found(&report).iter().any(is_pooler), "{report}");
    }
    let aware = Database::options().transaction_pooler().connect(&url).await.unwrap();
    let report = aware.audit(tables).await.unwrap();
    assert!(!found(&report).iter().any(is_pooler), "{report}");
    assert_eq!(report.unchecked().len(), 1, "{report}");
}

#[tokio::test]
async fn with_one_connection_it_is_said_that_a_pooler_is_not_looked_for() {
    let audited = Audited::clean().await;
    let db = Database::options().pool_size(1).connect(audited.database.url()).await.unwrap();
    let report = db.audit(&TABLES[4..5]).await.unwrap();
    assert!(report.unchecked()[0].contains("pooler"), "{report}");
}
