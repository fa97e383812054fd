//! Statements on a shared connection that nobody waits for any more: they go on where others do, and end with the last.

use std::time::Duration;

use tenantry_tests::Customer;
use tokio::time::timeout;

use crate::interrupt::poll_once;
use crate::locked::{are_blocked, blocked_backends, blocked_statement, unlock, with_locked_rows};
use crate::session::Session;
use crate::stage::Stage;

/// Whoever would have to wait for a blocked statement waits for longer than this.
const PROMPTLY: Duration = Duration::from_secs(15);

/// Takes as long as the pool takes to end a statement that nobody waits for, which is alone on its connection.
async fn wait_as_long_as_an_ending_takes(stage: &Stage) {
    let db = stage.pool_of(1).await;
    let mut find = Box::pin(Customer::repository().for_tenant(&stage.acme).find(1).fetch_one(&db));
    assert!(poll_once(&mut find).await.is_none());
    stage.wait_until(&are_blocked(2)).await;
    drop(find);
    stage.wait_until(&are_blocked(1)).await;
}

#[tokio::test]
async fn a_dropped_statement_goes_on_while_another_task_waits_behind_it() {
    let (stage, holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let (dropped, backend) = blocked_statement(&stage, &db).await;
    let mut behind = Box::pin(Session::of(&db));
    assert!(poll_once(&mut behind).await.is_none());

    drop(dropped);
    wait_as_long_as_an_ending_takes(&stage).await;
    assert_eq!(blocked_backends(&stage).await, [backend]);
    assert!(poll_once(&mut behind).await.is_none());
    unlock(&holder).await;
    assert_eq!(behind.await.pid, backend);
}

#[tokio::test]
async fn a_statement_is_not_cancelled_with_one_behind_it() {
    let (stage, holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let (blocked, backend) = blocked_statement(&stage, &db).await;
    let mut behind = Box::pin(Session::of(&db));
    assert!(poll_once(&mut behind).await.is_none());

    drop(behind);
    wait_as_long_as_an_ending_takes(&stage).await;
    assert_eq!(blocked_backends(&stage).await, [backend]);
    unlock(&holder).await;
    assert_eq!(blocked.await.name, "acme 1");
    assert_eq!(Session::of(&db).await.pid, backend);
}

#[tokio::test]
async fn statements_that_nobody_waits_for_any_more_are_ended() {
    let (stage, _holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let (first, backend) = blocked_statement(&stage, &db).await;
    let mut second = Box::pin(Session::of(&db));
    assert!(poll_once(&mut second).await.is_none());

    drop((first, second));
    stage.wait_until(&are_blocked(0)).await;
    let next = timeout(PROMPTLY, Session::of(&db)).await.expect("the next statement waits");
    assert_ne!(next.pid, backend);
}
