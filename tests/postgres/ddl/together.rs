use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use futures_util::future::join_all;
use tenantry::{Database, TenantId};

use super::Empty;

#[tokio::test]
async fn many_who_make_the_same_wait_for_each_other() {
    let stage = Empty::new().await;
    let common = stage.ddl.create_all();
    let of_acme = stage.ddl.create_all_for(&stage.acme).unwrap();
    for answer in join_all((0..8).map(|_| common.execute(&stage.db))).await {
        answer.unwrap();
    }
    for answer in join_all((0..8).map(|_| of_acme.execute(&stage.db))).await {
        answer.unwrap();
    }
    assert_eq!(
        stage
            .texts("select relname::text from pg_class where relnamespace = 'acme'::regnamespace and relkind = 'r'")
            .await
            .len(),
        3
    );
}

#[tokio::test]
async fn many_tenants_are_taken_on_at_once() {
    let stage = Empty::new().await;
    stage.ddl.create_all().execute(&stage.db).await.unwrap();
    let tenants: Vec<TenantId> = (0..24).map(|number| format!("tenant-{number}").parse().unwrap()).collect();
    let scripts: Vec<_> = tenants.iter().map(|tenant| stage.ddl.create_all_for(tenant).unwrap()).collect();
    for answer in join_all(scripts.iter().chain(&scripts).map(|script| script.execute(&stage.db))).await {
        answer.unwrap();
    }
    let tables = stage
        .texts(
            "select relname::text from pg_class where relnamespace::regnamespace::text ~ 'tenant-' and relkind = 'r'",
        )
        .await;
    assert_eq!(tables.len(), 24 * 3);
}

/// While one deployer makes what all have, a tenant's tables wait for what they refer to.
#[tokio::test]
async fn a_tenants_tables_wait_for_those_that_all_share() {
    let stage = Empty::new().await;
    let transaction = stage.db.begin().await.unwrap();
    stage.ddl.create_all().execute(&transaction).await.unwrap();
    let script = stage.ddl.create_all_for(&stage.acme).unwrap();
    let mut of_acme = pin!(script.execute(&stage.db));
    let waits = poll_fn(|context| Poll::Ready(of_acme.as_mut().poll(context).is_pending())).await;
    assert!(waits);
    let waiting = crate::stage::wait_until(
        &stage.client,
        "select exists (select from pg_locks where locktype = 'advisory' and not granted)",
    );
    let mut waiting = pin!(waiting);
    poll_fn(|context| {
        assert!(of_acme.as_mut().poll(context).is_pending(), "it did not wait");
        waiting.as_mut().poll(context)
    })
    .await;
    transaction.commit().await.unwrap();
    of_acme.await.unwrap();
}

#[tokio::test]
async fn in_a_transaction_it_is_part_of_it() {
    let stage = Empty::new().await;
    let before = stage.catalogue().await;
    let transaction = stage.db.begin().await.unwrap();
    stage.ddl.create_all().execute(&transaction).await.unwrap();
    stage.ddl.create_all_for(&stage.acme).unwrap().execute(&transaction).await.unwrap();
    transaction.rollback().await.unwrap();
    assert_eq!(stage.catalogue().await, before);

    let mut connection = stage.db.connection().await.unwrap();
    stage.ddl.create_all().execute(&connection).await.unwrap();
    let transaction = connection.begin().await.unwrap();
    stage.ddl.create_all_for(&stage.acme).unwrap().execute(&transaction).await.unwrap();
    transaction.commit().await.unwrap();
    stage.ddl.create_all_for(&stage.globex).unwrap().execute(&stage.client).await.unwrap();
    assert_eq!(
        stage.texts("select nspname::text from pg_namespace where nspname in ('acme', 'globex') order by 1").await,
        ["acme", "globex"]
    );
}

#[tokio::test]
async fn a_dropped_future_leaves_nothing_open() {
    let stage = Empty::new().await;
    stage.ddl.create_all().execute(&stage.db).await.unwrap();
    let before = stage.catalogue().await;
    let db = Database::options().pool_size(1).connect(stage.database.url()).await.unwrap();
    let script = stage.ddl.create_all_for(&stage.acme).unwrap();
    // Another has the lock, so that this one is dropped while it waits.
    let transaction = stage.db.begin().await.unwrap();
    script.execute(&transaction).await.unwrap();
    {
        let mut dropped = pin!(script.execute(&db));
        let mut waiting = pin!(crate::stage::wait_until(
            &stage.client,
            "select exists (select from pg_locks where locktype = 'advisory' and not granted)",
        ));
        poll_fn(|context| {
            assert!(dropped.as_mut().poll(context).is_pending(), "it did not wait");
            waiting.as_mut().poll(context)
        })
        .await;
    }
    // It is cancelled, though nobody lets it go on.
    crate::stage::wait_until(
        &stage.client,
        "select not exists (select from pg_locks where locktype = 'advisory' and not granted)",
    )
    .await;
    transaction.rollback().await.unwrap();
    assert_eq!(stage.catalogue().await, before);
    // The one connection of the pool serves again.
    script.execute(&db).await.unwrap();
    let open = "select pid::text from pg_stat_activity where datname = current_database() and state <> 'idle'
        and pid <> pg_backend_pid()";
    assert_eq!(stage.texts(open).await, <[&str; 0]>::default());
}
