//! Locks of a tenant, which end with their transaction.

use std::time::Duration;

use tenantry::{Database, Error, Slug, TenantId, TenantKey, Transaction};
use tokio::time::timeout;
use uuid::Uuid;

use crate::interrupt::{poll_once, poll_until};
use crate::session::Session;
use crate::stage::Stage;

/// Whoever would have to wait for a lock that is not let go waits for longer than this.
const PROMPTLY: Duration = Duration::from_secs(15);

const NAME: &str = "invoice-numbers";

/// A question that is true when so many backends wait for an advisory lock.
fn are_waiting(backends: usize) -> String {
    format!(
        "select count(*) = {backends} from pg_locks
         where locktype = 'advisory' and not granted
           and database = (select oid from pg_database where datname = current_database())"
    )
}

/// Whether another transaction could take the lock now.
async fn is_free<K: TenantKey>(db: &Database, tenant: &TenantId<K>) -> bool {
    let other = db.begin().await.unwrap();
    let is_free = other.try_lock(tenant, NAME).await.unwrap();
    other.rollback().await.unwrap();
    is_free
}

#[tokio::test]
async fn a_lock_keeps_out_its_own_tenant_and_no_other() {
    let stage = Stage::empty().await;
    let first = stage.db.begin().await.unwrap();
    first.lock(&stage.acme, NAME).await.unwrap();
    first.lock(&stage.row_acme, NAME).await.unwrap();
    assert!(first.try_lock(&stage.acme, NAME).await.unwrap(), "it has it");

    assert!(!is_free(&stage.db, &stage.acme).await);
    assert!(!is_free(&stage.db, &stage.row_acme).await);
    assert!(is_free(&stage.db, &stage.globex).await);
    assert!(is_free(&stage.db, &stage.row_globex).await);
    let other = stage.db.begin().await.unwrap();
    assert!(other.try_lock(&stage.acme, "another").await.unwrap());
    let locks = async {
        other.lock(&stage.globex, NAME).await.unwrap();
        other.lock(&stage.row_globex, NAME).await.unwrap();
    };
    timeout(PROMPTLY, locks).await.expect("they wait for another tenant's lock");
}

#[tokio::test]
async fn who_waits_for_a_lock_gets_it_when_it_is_let_go() {
    let stage = Stage::empty().await;
    for how in ["commit", "rollback", "drop"] {
        let holder = stage.db.begin().await.unwrap();
        holder.lock(&stage.acme, NAME).await.unwrap();
        let next = stage.db.begin().await.unwrap();
        let mut waits = Box::pin(next.lock(&stage.acme, NAME));
        poll_until(stage.wait_until(&are_waiting(1)), &mut waits).await;
        assert!(poll_once(&mut waits).await.is_none(), "{how}");
        match how {
            "commit" => holder.commit().await.unwrap(),
            "rollback" => holder.rollback().await.unwrap(),
            _ => drop(holder),
        }
        timeout(PROMPTLY, waits).await.expect(how).unwrap();
        assert!(!is_free(&stage.db, &stage.acme).await);
        next.commit().await.unwrap();
        assert!(is_free(&stage.db, &stage.acme).await);
    }
}

#[tokio::test]
async fn several_share_a_lock_that_none_has_alone() {
    let stage = Stage::empty().await;
    let [first, second, third] =
        [stage.db.begin().await.unwrap(), stage.db.begin().await.unwrap(), stage.db.begin().await.unwrap()];
    first.lock_shared(&stage.acme, NAME).await.unwrap();
    second.lock_shared(&stage.acme, NAME).await.unwrap();
    assert!(third.try_lock_shared(&stage.acme, NAME).await.unwrap());
    assert!(!is_free(&stage.db, &stage.acme).await);
    drop((first, second, third));

    let alone = stage.db.begin().await.unwrap();
    alone.lock(&stage.acme, NAME).await.unwrap();
    let other = stage.db.begin().await.unwrap();
    assert!(!other.try_lock_shared(&stage.acme, NAME).await.unwrap());
    assert!(other.try_lock_shared(&stage.globex, NAME).await.unwrap());
    let mut waits = Box::pin(other.lock_shared(&stage.acme, NAME));
    poll_until(stage.wait_until(&are_waiting(1)), &mut waits).await;
    alone.commit().await.unwrap();
    timeout(PROMPTLY, waits).await.expect("it was let go").unwrap();
}

#[tokio::test]
async fn a_savepoint_lets_go_of_its_locks_when_it_is_undone() {
    let stage = Stage::empty().await;
    Session::prepare(&stage).await;
    let mut transaction = stage.db.begin().await.unwrap();
    for how in ["rollback", "drop"] {
        let savepoint = transaction.savepoint().await.unwrap();
        savepoint.lock(&stage.acme, NAME).await.unwrap();
        assert!(!is_free(&stage.db, &stage.acme).await);
        match how {
            "rollback" => savepoint.rollback().await.unwrap(),
            _ => drop(savepoint),
        }
        // What is sent after it runs after it.
        Session::of(&transaction).await;
        assert!(is_free(&stage.db, &stage.acme).await, "{how}");
    }
    let savepoint = transaction.savepoint().await.unwrap();
    savepoint.lock(&stage.acme, NAME).await.unwrap();
    savepoint.commit().await.unwrap();
    assert!(!is_free(&stage.db, &stage.acme).await, "it is the transaction's now");
    transaction.commit().await.unwrap();
    assert!(is_free(&stage.db, &stage.acme).await);
}

#[tokio::test]
async fn nothing_of_a_lock_stays_on_the_connection() {
    let stage = Stage::empty().await;
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    for how in ["commit", "rollback", "drop", "fail"] {
        let transaction = db.begin().await.unwrap();
        transaction.lock(&stage.acme, NAME).await.unwrap();
        transaction.lock_shared(&stage.acme, "another").await.unwrap();
        assert!(transaction.try_lock(&stage.globex, NAME).await.unwrap());
        assert_eq!(Session::of(&transaction).await.advisory_locks, 3);
        match how {
            "commit" => transaction.commit().await.unwrap(),
            "rollback" => transaction.rollback().await.unwrap(),
            "drop" => drop(transaction),
            _ => {
                tenantry_tests::Customer::repository()
                    .for_tenant(&nobody())
                    .find(1)
                    .fetch_one(&transaction)
                    .await
                    .unwrap_err();
                let error = transaction.lock(&stage.acme, NAME).await.unwrap_err();
                assert!(error.to_string().contains("25P02") && !error.may_have_run(), "{error}");
                assert!(transaction.commit().await.unwrap_err().is_transaction_aborted());
            }
        }
        Session::of(&db).await.assert_untouched(&new);
    }
}

fn nobody() -> TenantId {
    "nobody".parse().unwrap()
}

/// The keys of the locks that are held, as the one number that PostgreSQL's functions take.
const HELD: &str = "select ((classid::bigint << 32) | objid::bigint)::text from pg_locks
                    where locktype = 'advisory' and objsubid = 1 and granted
                      and database = (select oid from pg_database where datname = current_database())";

/// The lock has the key that the documentation says how to make.
async fn assert_key<K: TenantKey>(stage: &Stage, tenant: &TenantId<K>, name: &str, text: &str) -> String {
    let transaction = stage.db.begin().await.unwrap();
    transaction.lock(tenant, name).await.unwrap();
    let held = stage.texts(HELD).await;
    let text = text.replace('\'', "''");
    let by_hand = format!(
        "select (('x' || encode(substr(sha256(convert_to('{text}', 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint)::text"
    );
    assert_eq!(held, stage.texts(&by_hand).await, "{text}");
    transaction.commit().await.unwrap();
    held.concat()
}

#[tokio::test]
async fn the_key_of_a_lock_is_the_documented_one_and_no_other_locks() {
    let stage = Stage::empty().await;
    let stage = &stage;
    let slug = |text: &str| text.parse::<TenantId>().unwrap();
    let uuid = TenantId::new(Uuid::from_u128(0xac3e)).unwrap();
    let by_hand = TenantId::with_existing_schema("acme".parse::<Slug>().unwrap(), "Acme Ltd").unwrap();

    let acme = assert_key(stage, &stage.acme, NAME, "acme/invoice-numbers").await;
    // It never was another one, nor will be.
    assert_eq!(acme, "2682985532080984320");
    assert_eq!(assert_key(stage, &by_hand, NAME, "acme/invoice-numbers").await, acme);
    let number = assert_key(stage, &TenantId::new(42_i64).unwrap(), NAME, "id_42/invoice-numbers").await;
    assert_eq!(assert_key(stage, &TenantId::new(42_i32).unwrap(), NAME, "id_42/invoice-numbers").await, number);
    let mut keys = vec![
        acme,
        number,
        assert_key(stage, &slug("42"), NAME, "42/invoice-numbers").await,
        assert_key(stage, &uuid, NAME, "id_00000000-0000-0000-0000-00000000ac3e/invoice-numbers").await,
        assert_key(stage, &slug("a"), "bc", "a/bc").await,
        assert_key(stage, &slug("ab"), "c", "ab/c").await,
        assert_key(stage, &slug("a"), "", "a/").await,
        assert_key(stage, &slug("a"), "/bc", "a//bc").await,
        assert_key(stage, &slug("a"), "Rechnung für 'Ümläute' \\ 🦀", "a/Rechnung für 'Ümläute' \\ 🦀").await,
    ];
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count);
}

#[tokio::test]
async fn two_that_wait_for_each_other_are_to_be_tried_again() {
    let stage = Stage::empty().await;
    let (first, second) = (stage.db.begin().await.unwrap(), stage.db.begin().await.unwrap());
    first.lock(&stage.acme, "a").await.unwrap();
    second.lock(&stage.acme, "b").await.unwrap();
    async fn cross(transaction: Transaction<'_>, tenant: &TenantId, name: &str) -> Result<(), Error> {
        // Whoever fails lets go of its own, and the other goes on.
        transaction.lock(tenant, name).await
    }
    let (first, second) = tokio::join!(cross(first, &stage.acme, "b"), cross(second, &stage.acme, "a"));
    let errors: Vec<_> = [first.err(), second.err()].into_iter().flatten().collect();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].is_retryable(), "{}", errors[0]);
}

#[tokio::test]
async fn a_wait_that_is_given_up_ends_with_its_transaction() {
    let stage = Stage::empty().await;
    let new = Session::prepare(&stage).await;
    let holder = stage.db.begin().await.unwrap();
    holder.lock(&stage.acme, NAME).await.unwrap();

    let db = stage.pool_of(1).await;
    let transaction = db.begin().await.unwrap();
    let mut waits = Box::pin(transaction.lock(&stage.acme, NAME));
    poll_until(stage.wait_until(&are_waiting(1)), &mut waits).await;
    drop(waits);
    drop(transaction);
    let next = timeout(PROMPTLY, Session::of(&db)).await.expect("the next statement waits for the lock");
    next.assert_untouched(&new);
    stage.wait_until(&are_waiting(0)).await;
    holder.commit().await.unwrap();
    assert!(is_free(&stage.db, &stage.acme).await, "it did not come later");
}

#[tokio::test]
async fn a_wait_that_is_given_up_leaves_its_transaction_usable() {
    let stage = Stage::empty().await;
    Session::prepare(&stage).await;
    let holder = stage.db.begin().await.unwrap();
    holder.lock(&stage.acme, NAME).await.unwrap();

    let transaction = stage.db.begin().await.unwrap();
    let mut waits = Box::pin(transaction.lock(&stage.acme, NAME));
    poll_until(stage.wait_until(&are_waiting(1)), &mut waits).await;
    drop(waits);
    holder.commit().await.unwrap();
    assert_eq!(Session::of(&transaction).await.advisory_locks, 1, "it came, and what was sent after it waited");
    transaction.commit().await.unwrap();
    assert!(is_free(&stage.db, &stage.acme).await);
}

#[tokio::test]
async fn a_lock_is_waited_for_as_long_as_a_statement() {
    let stage = Stage::empty().await;
    let holder = stage.db.begin().await.unwrap();
    holder.lock(&stage.acme, NAME).await.unwrap();
    let limit = Duration::from_millis(100);
    let db = Database::options().pool_size(1).statement_timeout(limit).connect(stage.url()).await.unwrap();
    let transaction = db.begin().await.unwrap();
    let waited = timeout(PROMPTLY, transaction.lock(&stage.acme, NAME)).await.expect("it waits for ever");
    let error = waited.unwrap_err();
    assert!(error.is_statement_timeout(), "{error}");
    drop(transaction);
    stage.wait_until(&are_waiting(0)).await;
}
