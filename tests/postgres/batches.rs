//! Statements that are sent together: each answers for itself, and none undoes another.

use std::time::Duration;

use tenantry::{Batch, Database, Error, Executor, TenantId, batch};
use tenantry_tests::{Customer, CustomerChanges, CustomerRepository, Event, NewCustomer, Plan, RowCustomer};
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use crate::interrupt::{Interrupt, poll_once, poll_until};
use crate::locked::{are_blocked, blocked_backends, blocked_statement, unlock, with_locked_rows};
use crate::random::Random;
use crate::session::Session;
use crate::stage::Stage;

/// Whoever would have to wait for a blocked statement waits for longer than this.
const PROMPTLY: Duration = Duration::from_secs(15);

fn new(email: &str) -> NewCustomer {
    NewCustomer { email: email.to_owned(), name: "acme".to_owned(), phone: None, credit: None }
}

fn customers(stage: &Stage) -> CustomerRepository<TenantId> {
    Customer::repository().for_tenant(&stage.acme)
}

/// The emails that were committed, beside those that were there from the beginning.
async fn committed(stage: &Stage) -> Vec<String> {
    stage.texts("select email from acme.customer where id >= 100 order by email").await
}

/// A batch of every way to read, of both tenants in both isolations, whose keys are equal.
async fn every_answer(stage: &Stage, executor: &dyn Executor) {
    let [acme, globex] = [&stage.acme, &stage.globex].map(|tenant| Customer::repository().for_tenant(tenant));
    let [row_acme, row_globex] =
        [&stage.row_acme, &stage.row_globex].map(|tenant| RowCustomer::repository().for_tenant(tenant));
    let page = globex.all().order_by(|c| c.id.asc()).limit(3);
    let answers = batch((
        acme.find(1).to_fetch_one(),
        globex.find(1).to_fetch_one(),
        row_globex.find(9).to_fetch_optional(),
        row_acme.find(2).to_fetch_optional(),
        page.to_fetch_all(),
        page.count().to_fetch_one(),
        acme.update(1, CustomerChanges::default().credit(10)).to_execute(),
        Plan::repository().all().to_fetch_all(),
    ));
    let (first, second, none, some, page, count, updated, plans) = answers.run(executor).await.unwrap();
    assert_eq!((&*first.name, &*second.name), ("acme 1", "globex 1"));
    assert_eq!((none, some.map(|customer| customer.name)), (None, Some("acme 2".to_owned())));
    let names: Vec<_> = page.into_iter().map(|customer| customer.name).collect();
    assert_eq!(names, ["globex 1", "globex 2", "globex 3"]);
    assert_eq!((count, updated, plans.len()), (3, 1, 2));
}

#[tokio::test]
async fn answers_come_in_the_order_of_the_statements_on_every_executor() {
    let stage = Stage::with_rows().await;
    for db in [
        stage.pool_of(1).await,
        stage.pool_of(3).await,
        Database::options().share_connections(false).connect(stage.url()).await.unwrap(),
        Database::options().statement_capacity(0).connect(stage.url()).await.unwrap(),
        Database::options().transaction_pooler().connect(stage.url()).await.unwrap(),
    ] {
        for _ in 0..4 {
            every_answer(&stage, &db).await;
            every_answer(&stage, &db.connection().await.unwrap()).await;
            let mut transaction = db.begin().await.unwrap();
            every_answer(&stage, &transaction).await;
            every_answer(&stage, &transaction.savepoint().await.unwrap()).await;
            transaction.commit().await.unwrap();
        }
    }
    let mut client = stage.another_client().await;
    every_answer(&stage, &client).await;
    every_answer(&stage, &client.transaction().await.unwrap()).await;

    let manager = deadpool_postgres::Manager::new(stage.url().parse().unwrap(), tokio_postgres::NoTls);
    let pool = deadpool_postgres::Pool::builder(manager).max_size(1).build().unwrap();
    every_answer(&stage, &pool).await;
    every_answer(&stage, &pool).await;
    let mut object = pool.get().await.unwrap();
    every_answer(&stage, &object).await;
    every_answer(&stage, &object.transaction().await.unwrap()).await;
}

#[tokio::test]
async fn a_list_answers_as_a_list() {
    let stage = Stage::with_rows().await;
    let connection = stage.db.connection().await.unwrap();
    let executors: [&dyn Executor; 2] = [&stage.db, &connection];
    for (executor, count) in [(executors[0], 10), (executors[0], 200), (executors[1], 200)] {
        let tenant = |number| if number % 2 == 0 { (&stage.row_acme, "acme") } else { (&stage.row_globex, "globex") };
        let finds = (0..count).map(|number: i64| {
            RowCustomer::repository().for_tenant(tenant(number).0).find(1 + number % 5).to_fetch_one()
        });
        let found = batch(finds.collect::<Vec<_>>()).run(executor).await.unwrap();
        let names: Vec<_> = found.into_iter().map(|customer| customer.name).collect();
        let expected: Vec<_> = (0..count).map(|number| format!("{} {}", tenant(number).1, 1 + number % 5)).collect();
        assert_eq!(names, expected);
    }
    // Of several tables.
    let counts = vec![
        customers(&stage).delete(1).to_execute(),
        Event::repository().for_tenant(&stage.acme).all().to_execute(),
        Plan::repository().all().to_execute(),
    ];
    assert_eq!(batch(counts).run(&stage.db).await.unwrap(), [1, 1, 2]);
}

#[tokio::test]
async fn a_list_of_nothing_needs_no_connection() {
    let stage = Stage::empty().await;
    let db = stage.pool_of(1).await;
    db.close();
    assert!(batch(Vec::<tenantry::Batched<u64>>::new()).run(&db).await.unwrap().is_empty());
    let error = batch(vec![customers(&stage).delete(1).to_execute()]).run(&db).await.unwrap_err();
    assert!(!error.may_have_run(), "{error}");
}

#[tokio::test]
async fn one_that_fails_does_not_undo_the_others() {
    let stage = Stage::with_rows().await;
    let connection = stage.db.connection().await.unwrap();
    let executors: [&dyn Executor; 3] = [&stage.db, &connection, &stage.client];
    for (round, executor) in executors.into_iter().enumerate() {
        let customers = customers(&stage);
        let insert = |name: &str| customers.insert(new(&format!("{name} {round}")));
        let answers =
            batch((insert("a").to_execute(), customers.insert(new("c1@x")).to_execute(), insert("b").to_execute()));
        let error = answers.run(executor).await.unwrap_err();
        assert!(error.is_unique_violation() && error.may_have_run(), "{error}");
        assert!(error.to_string().ends_with("; others of the batch may have run"), "{error}");
    }
    assert_eq!(committed(&stage).await, ["a 0", "a 1", "a 2", "b 0", "b 1", "b 2"]);
}

#[tokio::test]
async fn each_answers_for_itself_where_that_is_asked_for() {
    let stage = Stage::with_rows().await;
    let customers = customers(&stage);
    let answers = batch((
        customers.find(9).to_fetch_one(),
        customers.insert(new("c1@x")).to_fetch_one(),
        customers.insert(new("a")).to_fetch_one(),
        customers.update(1, CustomerChanges::default()).to_execute(),
        customers.all().to_fetch_optional(),
    ));
    let (missing, refused, inserted, unchanged, several) = answers.run_each(&stage.db).await.unwrap();
    assert!(missing.unwrap_err().is_not_found());
    let refused = refused.unwrap_err();
    assert!(refused.is_unique_violation() && !refused.may_have_run(), "{refused}");
    assert_eq!(inserted.unwrap().email, "a");
    assert!(unchanged.unwrap_err().is_no_changes());
    assert!(several.unwrap_err().is_too_many_rows());

    let list = vec![customers.find(1).to_fetch_one(), customers.find(9).to_fetch_one()];
    let [found, missing] = batch(list).run_each(&stage.db).await.unwrap().try_into().unwrap();
    assert_eq!(found.unwrap().name, "acme 1");
    assert!(missing.unwrap_err().is_not_found());
}

#[tokio::test]
async fn the_error_is_the_first_one() {
    let stage = Stage::with_rows().await;
    let customers = customers(&stage);
    let (missing, refused) = (customers.find(9).to_fetch_one(), customers.insert(new("c1@x")).to_fetch_one());
    let found = customers.find(1).to_fetch_one();
    let first = batch(vec![found.clone(), missing.clone(), refused.clone()]);
    assert!(first.clone().run(&stage.db).await.unwrap_err().is_not_found());
    assert!(batch((found, refused, missing)).run(&stage.db).await.unwrap_err().is_unique_violation());
}

/// Whether the error of a batch says that something may have changed.
async fn may_have_run<A: 'static, E: Send + 'static>(batch: Batch<A, E>, db: &Database) -> bool {
    let Err(error) = batch.run(db).await else { panic!("nothing failed") };
    error.may_have_run()
}

#[tokio::test]
async fn an_error_says_whether_another_statement_may_have_changed_anything() {
    let stage = Stage::with_rows().await;
    let customers = customers(&stage);
    let found = || customers.find(1).to_fetch_optional();
    let missing = || customers.find(9).to_fetch_one();
    let refused = || customers.insert(new("c1@x")).to_execute();
    let written = || customers.update(1, CustomerChanges::default().credit(1)).to_execute();
    let nothing = || customers.insert_many([]).to_execute();
    let several = || customers.update_many(CustomerChanges::default().credit(1)).all_rows().to_fetch_one();
    let unreadable = || customers.all().to_fetch_one();
    let db = &stage.db;
    assert!(!may_have_run(batch((found(), missing())), db).await, "all of them only read");
    assert!(!may_have_run(batch((found(), refused())), db).await, "the one that writes was refused");
    assert!(!may_have_run(batch((refused(), missing(), refused())), db).await, "those that write were refused");
    assert!(!may_have_run(batch((nothing(), refused())), db).await, "one had nothing to write");
    assert!(!may_have_run(batch((missing(), unreadable())), db).await, "one read too much");
    assert!(may_have_run(batch((refused(), written())), db).await, "one has written");
    assert!(may_have_run(batch((written(), missing())), db).await, "one has written");
    assert!(may_have_run(batch((missing(), several())), db).await, "one has written too much");
}

#[tokio::test]
async fn what_cannot_be_made_keeps_the_others_from_being_sent() {
    let stage = Stage::with_rows().await;
    let customers = customers(&stage);
    let unchanged = customers.update(1, CustomerChanges::default()).to_execute();
    let error = batch((customers.insert(new("a")).to_execute(), unchanged)).run(&stage.db).await.unwrap_err();
    assert!(error.is_no_changes() && !error.may_have_run(), "{error}");
    assert_eq!(committed(&stage).await, [""; 0]);
}

#[tokio::test]
async fn what_has_nothing_to_do_answers_so() {
    let stage = Stage::with_rows().await;
    let nothing = customers(&stage).insert_many([]);
    let answers = batch((nothing.to_fetch_all(), nothing.to_fetch_optional(), nothing.to_execute()));
    assert_eq!(answers.run(&stage.db).await.unwrap(), (vec![], None, 0));
    assert!(batch((nothing.to_fetch_one(),)).run(&stage.db).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn in_a_transaction_the_error_is_the_one_that_failed_it() {
    let stage = Stage::with_rows().await;
    let customers = customers(&stage);
    let db = stage.pool_of(1).await;
    // The statement that fails is prepared, and the one before it is not: it is asked about first, and runs last.
    let mut connection = db.connection().await.unwrap();
    for email in ["a", "b", "c"] {
        customers.insert(new(email)).execute(&connection).await.unwrap();
    }
    let transaction = connection.begin().await.unwrap();
    let unknown = customers.filter(|c| c.credit.gt(7) & c.phone.is_null());
    let answers = batch((unknown.to_fetch_all(), customers.insert(new("c1@x")).to_execute(), unknown.to_fetch_all()));
    let error = answers.clone().run(&transaction).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    let (before, failed, after) = answers.run_each(&transaction).await.unwrap();
    for error in [before.unwrap_err(), failed.unwrap_err(), after.unwrap_err()] {
        assert!(error.to_string().contains("25P02"), "{error}");
    }
    assert!(transaction.commit().await.unwrap_err().is_transaction_aborted());
}

#[tokio::test]
async fn a_transaction_keeps_or_undoes_all_of_a_batch() {
    let stage = Stage::with_rows().await;
    let customers = customers(&stage);
    let write =
        |name: &str| batch(["1", "2"].map(|n| customers.insert(new(&format!("{name} {n}"))).to_execute()).to_vec());
    let mut transaction = stage.db.begin().await.unwrap();
    write("kept").run(&transaction).await.unwrap();
    let savepoint = transaction.savepoint().await.unwrap();
    write("undone").run(&savepoint).await.unwrap();
    drop(savepoint);
    transaction.commit().await.unwrap();
    assert_eq!(committed(&stage).await, ["kept 1", "kept 2"]);
}

#[tokio::test]
async fn a_batch_shares_its_connection_and_a_slow_or_large_one_does_not() {
    let (stage, holder) = with_locked_rows().await;
    let db = stage.pool_of(2).await;
    let (blocked, backend) = blocked_statement(&stage, &db).await;
    let sessions = Session::repository().all();
    let alone = async {
        let slow = batch((sessions.to_fetch_one(), sessions.clone().slow().to_fetch_one())).run(&db).await.unwrap();
        let large = batch(vec![sessions.to_fetch_one(); 17]).run(&db).await.unwrap();
        [slow.0.pid, slow.1.pid, large[0].pid, large[16].pid]
    };
    let backends = timeout(PROMPTLY, alone).await.expect("they wait behind the blocked statement");
    assert!(backends.iter().all(|pid| *pid != backend && *pid == backends[0]), "{backends:?} and {backend}");
    unlock(&holder).await;
    assert_eq!(blocked.await.name, "acme 1");

    // Two statements of two batches on the only connection.
    let db = stage.pool_of(1).await;
    let pids = [sessions.to_fetch_one(), sessions.to_fetch_one()].to_vec();
    let (first, second) = tokio::join!(batch(pids.clone()).run(&db), batch(pids).run(&db));
    let pids: Vec<_> = first.unwrap().into_iter().chain(second.unwrap()).map(|session| session.pid).collect();
    assert_eq!(pids, [pids[0]; 4]);
}

#[tokio::test]
async fn a_slow_one_among_them_is_not_called_overdue() {
    let (stage, holder) = with_locked_rows().await;
    let limit = Duration::from_millis(100);
    let db = Database::options().pool_size(1).statement_timeout(limit).connect(stage.url()).await.unwrap();
    let (find, session) = (customers(&stage).find(1), Session::repository().all().to_fetch_one());
    let overdue = timeout(PROMPTLY, batch((find.to_fetch_one(), session.clone())).run(&db)).await;
    let error = overdue.expect("an answer that never comes is waited for").unwrap_err();
    assert!(error.is_statement_timeout(), "{error}");

    let answers = batch((find.slow().to_fetch_one(), session)).run(&db);
    let waits = async {
        stage.wait_until(&are_blocked(1)).await;
        // As long as the other was given.
        stage.execute("select pg_sleep(0.4)").await;
        assert_eq!(blocked_backends(&stage).await.len(), 1);
        unlock(&holder).await;
    };
    let (answers, ()) = tokio::join!(answers, waits);
    assert_eq!(answers.unwrap().0.name, "acme 1");
}

type Written = Result<u64, Error>;
type Found = Result<Option<Customer>, Error>;

/// A batch whose second statement waits for the lock, and whose first wrote.
fn write_and_wait(stage: &Stage) -> Batch<(u64, Option<Customer>), (Written, Found)> {
    let globex = Customer::repository().for_tenant(&stage.globex);
    batch((
        globex.update(1, CustomerChanges::default().credit(7)).to_execute(),
        customers(stage).find(1).to_fetch_optional(),
    ))
}

#[tokio::test]
async fn a_dropped_batch_keeps_no_connection_busy() {
    let (stage, _holder) = with_locked_rows().await;
    let long = Customer::repository().for_tenant(&stage.globex).all();
    let db = stage.pool_of(1).await;
    let alone = Database::options().pool_size(1).share_connections(false).connect(stage.url()).await.unwrap();
    for (how, db) in [("shared", &db), ("alone", &alone)] {
        let mut waiting = Box::pin(write_and_wait(&stage).run(db));
        poll_until(stage.wait_until(&are_blocked(1)), &mut waiting).await;
        drop(waiting);
        let next = timeout(PROMPTLY, Session::of(db)).await.expect(how);
        assert_eq!((&*next.isolation, next.has_written), ("read committed", false));
        stage.wait_until(&are_blocked(0)).await;

        // One that is read in a task of its own.
        let mut waiting = Box::pin(batch((customers(&stage).find(1).to_fetch_one(), long.to_fetch_all())).run(db));
        poll_until(stage.wait_until(&are_blocked(1)), &mut waiting).await;
        drop(waiting);
        // Its task ends a moment later: whoever comes before that waits behind it.
        stage.wait_until(&are_blocked(0)).await;
        timeout(PROMPTLY, Session::of(db)).await.expect(how);
    }
}

#[tokio::test]
async fn a_dropped_batch_in_a_transaction_leaves_it_to_be_rolled_back_or_used() {
    let (stage, holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let globex = Customer::repository().for_tenant(&stage.globex);
    let transaction = db.begin().await.unwrap();
    let mut waiting = Box::pin(write_and_wait(&stage).run(&transaction));
    poll_until(stage.wait_until(&are_blocked(1)), &mut waiting).await;
    drop(waiting);
    drop(transaction);
    let served = timeout(PROMPTLY, globex.find(1).fetch_one(&db)).await.expect("the next statement waits");
    assert_eq!(served.unwrap().credit, 10, "it was rolled back");
    stage.wait_until(&are_blocked(0)).await;

    let transaction = db.begin().await.unwrap();
    let mut waiting = Box::pin(write_and_wait(&stage).run(&transaction));
    poll_until(stage.wait_until(&are_blocked(1)), &mut waiting).await;
    drop(waiting);
    unlock(&holder).await;
    assert_eq!(globex.find(1).fetch_one(&transaction).await.unwrap().credit, 7, "it is used further");
    transaction.commit().await.unwrap();
    assert_eq!(globex.find(1).fetch_one(&db).await.unwrap().credit, 7);
}

#[tokio::test]
async fn a_dropped_batch_goes_on_while_another_task_waits_behind_it() {
    let (stage, holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let mut waiting = Box::pin(write_and_wait(&stage).run(&db));
    poll_until(stage.wait_until(&are_blocked(1)), &mut waiting).await;
    let backend = blocked_backends(&stage).await[0];
    let mut behind = Box::pin(Session::of(&db));
    assert!(poll_once(&mut behind).await.is_none());
    drop(waiting);
    unlock(&holder).await;
    assert_eq!(behind.await.pid, backend);
    // Nothing of it is still expected there: the connection is lent again.
    let connection = timeout(PROMPTLY, db.connection()).await.expect("the connection is never clean").unwrap();
    assert_eq!(Session::of(&connection).await.pid, backend);
    drop(connection);
    assert_eq!(Session::of(&db).await.pid, backend);
}

#[tokio::test]
async fn a_long_answer_in_a_batch_that_nobody_reads_holds_up_nobody() {
    let stage = Stage::with_rows().await;
    stage.execute("insert into globex.event select repeat('x', 1000) from generate_series(1, 20000)").await;
    let db = stage.pool_of(1).await;
    let events = Event::repository().for_tenant(&stage.globex).all();
    let find = customers(&stage).find(1);
    // Also where the rows are only counted.
    let read = batch((find.to_fetch_one(), events.to_fetch_all()));
    let counted = batch((find.to_fetch_one(), events.to_execute()));
    // Their types are known then, so that all is sent at once.
    read.clone().run(&db).await.unwrap();
    counted.clone().run(&db).await.unwrap();
    let (mut read, mut counted) = (Box::pin(read.run(&db)), Box::pin(counted.run(&db)));
    assert!(poll_once(&mut read).await.is_none());
    assert!(poll_once(&mut counted).await.is_none());
    let other = timeout(PROMPTLY, find.fetch_one(&db)).await.expect("it waits for the reader of another answer");
    assert_eq!(other.unwrap().name, "acme 1");
    assert_eq!(read.await.unwrap().1.len(), 20_001);
    assert_eq!(counted.await.unwrap().1, 20_001);
}

#[tokio::test]
async fn a_lost_connection_fails_the_statements_that_it_carried() {
    let (stage, holder) = with_locked_rows().await;
    let db = stage.pool_of(1).await;
    let globex = Customer::repository().for_tenant(&stage.globex);
    for _ in 0..3 {
        globex.update(1, CustomerChanges::default().credit(7)).execute(&db).await.unwrap();
    }
    let answers = write_and_wait(&stage).run_each(&db);
    let kill = async {
        stage.wait_until(&are_blocked(1)).await;
        let backend = blocked_backends(&stage).await[0];
        stage.execute(&format!("select pg_terminate_backend({backend})")).await;
    };
    let (answers, ()) = tokio::join!(answers, kill);
    let (written, lost) = answers.unwrap();
    assert_eq!(written.unwrap(), 1);
    let lost = lost.unwrap_err();
    assert!(lost.is_connection() && lost.may_have_run(), "{lost}");
    unlock(&holder).await;
    assert_eq!(write_and_wait(&stage).run(&db).await.unwrap().1.unwrap().name, "acme 1");
}

/// One random batch of two tenants, which checks its answers.
async fn random_batch(stage: &Stage, random: &mut Random, db: &Database) -> Result<(), Error> {
    let id = 1 + random.below(5) as i64;
    let (by_schema, by_row) = (Customer::repository(), RowCustomer::repository());
    let (tenants, row_tenants): ([&TenantId; 2], [&TenantId<Uuid>; 2]) = match random.below(2) {
        0 => ([&stage.acme, &stage.globex], [&stage.row_acme, &stage.row_globex]),
        _ => ([&stage.globex, &stage.acme], [&stage.row_globex, &stage.row_acme]),
    };
    let names = tenants.map(TenantId::schema);
    let answers = batch((
        by_schema.for_tenant(tenants[0]).find(id).to_fetch_one(),
        by_row.for_tenant(row_tenants[1]).filter(|c| c.id.eq(id)).to_fetch_optional(),
        by_schema.for_tenant(tenants[1]).find_many([id]).to_fetch_all(),
        by_row.for_tenant(row_tenants[0]).find(id).to_fetch_one(),
    ));
    let (first, second, third, fourth) = match random.below(4) {
        0 => {
            let transaction = db.begin().await?;
            let answers = answers.run(&transaction).await?;
            transaction.commit().await?;
            answers
        }
        1 => answers.run(&db.connection().await?).await?,
        _ => answers.run(db).await?,
    };
    let found = [first.name, third[0].name.clone(), second.unwrap().name, fourth.name];
    assert_eq!(found, [names[0], names[1], names[1], names[0]].map(|name| format!("{name} {id}")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn batches_dropped_at_any_moment_mix_nothing_up() {
    let stage = std::sync::Arc::new(Stage::with_rows().await);
    let new = Session::prepare(&stage).await;
    let db = stage.pool_of(3).await;
    let mut running = JoinSet::new();
    for task in 0..24 {
        let (stage, db) = (std::sync::Arc::clone(&stage), db.clone());
        running.spawn(async move {
            let mut random = Random::seeded(task);
            let mut dropped = 0;
            for _ in 0..60 {
                let interrupt = Interrupt::random(&mut random);
                match interrupt.run(random_batch(&stage, &mut random, &db)).await {
                    Some(answer) => answer.unwrap_or_else(|error| panic!("{error}")),
                    None => dropped += 1,
                }
            }
            dropped
        });
    }
    let dropped: i32 = running.join_all().await.into_iter().sum();
    assert!((100..1300).contains(&dropped), "{dropped} of 1440 were dropped");
    let connections = [db.connection().await.unwrap(), db.connection().await.unwrap(), db.connection().await.unwrap()];
    for connection in &connections {
        Session::of(connection).await.assert_untouched(&new);
    }
}
