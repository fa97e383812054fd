//! Statements that wait on the server, because another client has locked their table.

use std::future::Future;
use std::pin::Pin;

use tenantry::Database;
use tenantry_tests::Customer;
use throwaway_postgres::by_hand;
use tokio_postgres::Client;

use crate::interrupt::poll_once;
use crate::session::Session;
use crate::stage::Stage;

/// A stage on which another client has locked acme's customers, and does not let go.
pub(crate) async fn with_locked_rows() -> (Stage, Client) {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    let holder = stage.another_client().await;
    lock(&holder).await;
    (stage, holder)
}

pub(crate) async fn lock(holder: &Client) {
    holder.batch_execute(&by_hand("begin; lock table acme.customer")).await.unwrap();
}

pub(crate) async fn unlock(holder: &Client) {
    holder.batch_execute("rollback").await.unwrap();
}

/// A question that is true when so many backends wait for the lock.
pub(crate) fn are_blocked(backends: usize) -> String {
    format!(
        "select count(*) = {backends} from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'"
    )
}

/// The backends that wait for it, in order.
pub(crate) async fn blocked_backends(stage: &Stage) -> Vec<i32> {
    let sql = "select pid::text from pg_stat_activity
               where datname = current_database() and wait_event_type = 'Lock' order by pid";
    stage.texts(sql).await.iter().map(|pid| pid.parse().unwrap()).collect()
}

/// A statement that was sent.
pub(crate) type Sent<'s, R> = Pin<Box<dyn Future<Output = R> + Send + 's>>;

/// Sends the first statement that waits for the lock, and answers on which backend it does.
pub(crate) async fn blocked_statement<'s>(stage: &Stage, db: &'s Database) -> (Sent<'s, Customer>, i32) {
    let find = Customer::repository().for_tenant(&stage.acme).find(1);
    let mut find: Sent<'s, Customer> = Box::pin(async move { find.fetch_one(db).await.unwrap() });
    assert!(poll_once(&mut find).await.is_none());
    stage.wait_until(&are_blocked(1)).await;
    (find, blocked_backends(stage).await[0])
}
