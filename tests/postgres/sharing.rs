//! Statements share connections: many are under way on one, and nobody is harmed by who is there too.

use std::time::Duration;

use futures_util::future::join_all;
use tenantry::{Database, DatabaseOptions};
use tenantry_tests::{Customer, Event, RowCustomer};
use tokio::time::{Instant, sleep, timeout};

use crate::interrupt::poll_once;
use crate::locked::{are_blocked, blocked_backends, blocked_statement, lock, unlock, with_locked_rows};
use crate::proxy::Proxy;
use crate::session::Session;
use crate::stage::Stage;

/// Whoever would have to wait for a blocked statement waits for longer than this.
const PROMPTLY: Duration = Duration::from_secs(15);

/// How many statements are sent at once: more than a connection carries before others are preferred.
const AT_ONCE: usize = 40;

/// Finds one of four customers with equal keys, and checks its owner.
pub(crate) async fn find_one_of_four(stage: &Stage, db: &Database, number: usize) {
    let id = 1 + (number / 4) as i64 % 5;
    let (by_schema, by_row) = (Customer::repository(), RowCustomer::repository());
    let (owner, name) = match number % 4 {
        0 => ("acme", by_schema.for_tenant(&stage.acme).find(id).fetch_one(db).await.unwrap().name),
        1 => ("globex", by_schema.for_tenant(&stage.globex).find(id).fetch_one(db).await.unwrap().name),
        2 => ("acme", by_row.for_tenant(&stage.row_acme).find(id).fetch_one(db).await.unwrap().name),
        _ => ("globex", by_row.for_tenant(&stage.row_globex).find(id).fetch_one(db).await.unwrap().name),
    };
    assert_eq!(name, format!("{owner} {id}"));
}

#[tokio::test]
async fn statements_of_tenants_with_equal_keys_are_under_way_together_on_one_connection() {
    let (stage, holder) = with_locked_rows().await;
    let proxy = Proxy::before(stage.url()).await;
    // Behind a statement that seems to be slow the pool sends no more. A machine that is busy elsewhere can make
    // it seem so, but not again and again.
    let mut most = 0;
    for _ in 0..10 {
        let db = proxy.pool(Database::options().pool_size(1)).await;
        proxy.take_sent();
        let answers = join_all((0..AT_ONCE).map(|number| find_one_of_four(&stage, &db, number)));
        let all_are_sent = async {
            stage.wait_until(&are_blocked(1)).await;
            let deadline = Instant::now() + Duration::from_secs(1);
            while proxy.count('S') < AT_ONCE && Instant::now() < deadline {
                sleep(Duration::from_millis(1)).await;
            }
            // The first of them is not answered, nor is any behind it, and there is no other connection.
            assert_eq!(blocked_backends(&stage).await.len(), 1);
            most = most.max(proxy.count('S'));
            unlock(&holder).await;
        };
        tokio::join!(answers, all_are_sent);
        if most == AT_ONCE {
            return;
        }
        lock(&holder).await;
    }
    panic!("no more than {most} statements were under way together");
}

#[tokio::test]
async fn statements_sent_at_once_on_one_connection_get_their_own_answers() {
    let stage = Stage::with_rows().await;
    let connection = stage.db.connection().await.unwrap();
    let transaction = stage.db.begin().await.unwrap();
    let statements = (0..200).map(|number| {
        let (tenant, row_tenant, owner) = match number % 2 {
            0 => (&stage.acme, &stage.row_acme, "acme"),
            _ => (&stage.globex, &stage.row_globex, "globex"),
        };
        let (connection, transaction, id) = (&connection, &transaction, 1 + number % 5);
        async move {
            let by_schema = Customer::repository().for_tenant(tenant).find(id);
            let by_row = RowCustomer::repository().for_tenant(row_tenant).filter(|c| c.id.eq(id));
            let (by_schema, by_row) = tokio::join!(by_schema.fetch_one(connection), by_row.fetch_one(transaction));
            assert_eq!(
                (by_schema.unwrap().name, by_row.unwrap().name),
                (format!("{owner} {id}"), format!("{owner} {id}"))
            );
        }
    });
    join_all(statements).await;
}

#[tokio::test]
async fn whoever_has_a_connection_alone_does_not_wait_behind_a_shared_statement() {
    let (stage, holder) = with_locked_rows().await;
    let db = stage.pool_of(5).await;
    let (blocked, shared) = blocked_statement(&stage, &db).await;

    let sessions = Session::repository();
    let alone = async {
        let transaction = db.begin().await.unwrap();
        let connection = db.connection().await.unwrap();
        let mut rows = sessions.all().fetch(&db);
        let streamed = rows.try_next().await.unwrap().unwrap().pid;
        let slow = sessions.all().slow().fetch_one(&db).await.unwrap().pid;
        [Session::of(&transaction).await.pid, Session::of(&connection).await.pid, streamed, slow]
    };
    let mut backends = timeout(PROMPTLY, alone).await.expect("they wait behind the shared statement").to_vec();
    assert_eq!(blocked_backends(&stage).await, [shared]);
    backends.push(shared);
    backends.sort_unstable();
    backends.dedup();
    assert_eq!(backends.len(), 5, "each has a connection of its own");

    unlock(&holder).await;
    assert_eq!(blocked.await.name, "acme 1");
}

/// With these options each statement has a connection alone while it runs.
async fn assert_nothing_is_shared(options: DatabaseOptions) {
    let (stage, holder) = with_locked_rows().await;
    let options = options.pool_size(2);
    let db = options.acquire_timeout(Duration::from_millis(500)).connect(stage.url()).await.unwrap();
    let (blocked, backend) = blocked_statement(&stage, &db).await;
    let other = timeout(PROMPTLY, Session::of(&db)).await.expect("it waits behind the blocked statement").pid;
    assert_ne!(other, backend);

    let also_blocked = Customer::repository().for_tenant(&stage.acme).find(2).fetch_one(&db);
    let no_third = async {
        stage.wait_until(&are_blocked(2)).await;
        let error = Session::repository().all().fetch_one(&db).await.unwrap_err();
        assert!(error.is_acquire_timeout(), "{error}");
        assert_eq!(blocked_backends(&stage).await, [backend.min(other), backend.max(other)]);
        unlock(&holder).await;
    };
    let (first, second, ()) = tokio::join!(blocked, also_blocked, no_third);
    assert_eq!((&*first.name, &*second.unwrap().name), ("acme 1", "acme 2"));
}

#[tokio::test]
async fn without_sharing_each_statement_has_a_connection_alone() {
    assert_nothing_is_shared(Database::options().share_connections(false)).await;
}

/// Poolers in transaction mode may mix up what is under way together on one connection.
#[tokio::test]
async fn behind_a_pooler_each_statement_has_a_connection_alone() {
    assert_nothing_is_shared(Database::options().transaction_pooler()).await;
}

#[tokio::test]
async fn statements_avoid_a_connection_that_is_stuck() {
    let (stage, holder) = with_locked_rows().await;
    let db = stage.pool_of(2).await;
    let (blocked, stuck) = blocked_statement(&stage, &db).await;

    // Those that were sent before it was known to be stuck wait there.
    let mut waiting = Vec::new();
    let avoiding = loop {
        let db = db.clone();
        let mut statement = tokio::spawn(async move { Session::of(&db).await.pid });
        match timeout(Duration::from_millis(50), &mut statement).await {
            Ok(backend) => break backend.unwrap(),
            Err(_) => waiting.push(statement),
        }
        assert!(waiting.len() < 10, "all wait behind the blocked statement");
    };
    assert_ne!(avoiding, stuck);
    let globex = Customer::repository().for_tenant(&stage.globex);
    let other = timeout(PROMPTLY, globex.find(1).fetch_one(&db)).await.expect("it waits behind the blocked statement");
    assert_eq!(other.unwrap().name, "globex 1");
    assert_eq!(blocked_backends(&stage).await, [stuck]);

    unlock(&holder).await;
    assert_eq!(blocked.await.name, "acme 1");
    for statement in waiting {
        assert_eq!(statement.await.unwrap(), stuck);
    }
}

#[tokio::test]
async fn a_long_answer_that_nobody_reads_holds_up_nobody() {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    let megabytes = "insert into globex.event select repeat('x', 1000) from generate_series(1, 20000)";
    stage.execute(megabytes).await;
    let db = stage.pool_of(1).await;

    let mut unread = Box::pin(Event::repository().for_tenant(&stage.globex).all().fetch_all(&db));
    assert!(poll_once(&mut unread).await.is_none());
    let acme = Customer::repository().for_tenant(&stage.acme);
    let others = async { (acme.find(1).fetch_one(&db).await.unwrap().name, Session::of(&db).await.pid) };
    let (name, _) = timeout(PROMPTLY, others).await.expect("they wait for the reader of another answer");
    assert_eq!(name, "acme 1");
    assert_eq!(unread.await.unwrap().len(), 20_001);
}
