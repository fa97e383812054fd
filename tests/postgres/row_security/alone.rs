//! The database's wall alone: what the library says of the tenant is taken out of its statements on their way to the server, and
//! still nothing crosses.
#![expect(clippy::duplicate_mod, reason = "one list of tests for all isolations")]

use std::ops::Deref;

use tenantry::{Database, TenantId};
use tenantry_tests::secured::{
    Customer, CustomerChanges, CustomerKey, NewCustomer, NewOrderLine, OrderLine, OrderLineChanges, OrderLineKey,
};
use throwaway_postgres::by_hand;
use uuid::Uuid;

use super::Stage as SecuredStage;
use crate::proxy::Proxy;

#[path = "../isolation/reads.rs"]
mod reads;
#[path = "../isolation/upserts.rs"]
mod upserts;
#[path = "../isolation/writes.rs"]
mod writes;

struct Stage {
    stage: SecuredStage,
    db: Database,
    _proxy: Proxy,
}

impl Stage {
    async fn with_rows() -> Self {
        let stage = SecuredStage::with_rows().await;
        let proxy = Proxy::that_rewrites(stage.config(), without_tenant).await;
        let db = proxy.pool(Database::options()).await;
        Self { stage, db, _proxy: proxy }
    }
}

impl Deref for Stage {
    type Target = SecuredStage;

    fn deref(&self) -> &SecuredStage {
        &self.stage
    }
}

fn acme(stage: &Stage) -> &TenantId<Uuid> {
    &stage.row_acme
}

/// The same statement with a condition that is true of all tenants. It is no longer the library's.
fn without_tenant(sql: &str) -> String {
    let open = sql.replace(r#""tenant_id" = $1"#, "($1::uuid IS NOT NULL OR true)");
    if open == sql {
        return open;
    }
    // The column's relation goes with it.
    let relations = ["t0.", "t1.", "t2."].into_iter();
    by_hand(&relations.fold(open, |sql, relation| sql.replace(&format!("{relation}($1::uuid"), "($1::uuid")))
}

#[test]
fn the_tenant_is_taken_out_of_a_statement() {
    let sql = r#"UPDATE "app"."customer" AS t0 SET "name" = $2 WHERE t0."tenant_id" = $1 AND (t0."id" = $3)"#;
    let open =
        r#"UPDATE "app"."customer" AS t0 SET "name" = $2 WHERE ($1::uuid IS NOT NULL OR true) AND (t0."id" = $3)"#;
    assert_eq!(without_tenant(sql), by_hand(open));
}

/// Without the database's wall the same statements show everything: that is what the tests above stand against.
#[tokio::test]
async fn without_either_wall_everything_is_seen() {
    let stage = Stage::with_rows().await;
    stage.execute("alter table app.customer disable row level security").await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    assert_eq!(customers.all().count().fetch_one(&stage.db).await.unwrap(), 13);
}
