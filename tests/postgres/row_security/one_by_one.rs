//! The tests of isolation as behind a pooler in transaction mode, where a statement waits for the setting before it.
#![expect(clippy::duplicate_mod, reason = "one list of tests for all isolations")]

use std::ops::Deref;

use tenantry::{Database, TenantId};
use tenantry_tests::secured::{
    Customer, CustomerChanges, CustomerKey, NewCustomer, NewOrderLine, OrderLine, OrderLineChanges, OrderLineKey,
};
use uuid::Uuid;

use super::Stage as SecuredStage;
use crate::interrupt::poll_at_most;

#[path = "../isolation/reads.rs"]
mod reads;
#[path = "../isolation/upserts.rs"]
mod upserts;
#[path = "../isolation/writes.rs"]
mod writes;

struct Stage {
    stage: SecuredStage,
    db: Database,
}

impl Stage {
    async fn with_rows() -> Self {
        let stage = SecuredStage::with_rows().await;
        let db = stage.pool(Database::options().pool_size(2).transaction_pooler()).await;
        Self { stage, db }
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

#[tokio::test]
async fn what_is_dropped_on_the_way_leaves_no_transaction_to_the_next() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let others = Customer::repository().for_tenant(&stage.row_globex);
    for polls in 1..12 {
        drop(poll_at_most(polls, customers.delete(1).execute(&stage.db)).await);
        assert_eq!(others.find(1).fetch_one(&stage.db).await.unwrap().name, "globex 1");
        drop(poll_at_most(polls, customers.all().fetch(&stage.db).try_next()).await);
        assert_eq!(others.all().count().fetch_one(&stage.db).await.unwrap(), 8);
    }
    stage
        .wait_until(
            "select not exists (select from pg_stat_activity
             where datname = current_database() and state like 'idle in%')",
        )
        .await;
}

#[tokio::test]
async fn a_statement_that_fails_ends_its_transaction() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(acme(&stage));
    let connection = stage.db.connection().await.unwrap();
    let new = NewCustomer { email: "c1@x".to_owned(), name: "acme".to_owned(), phone: None, credit: None };
    let error = customers.insert(new).execute(&connection).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(customers.find(1).fetch_one(&connection).await.unwrap().name, "acme 1");
}
