//! Each schema of a tenant is its own, and a missing one is an error.

use tenantry::{Database, Executor, TenantId, exists};
use tenantry_tests::both_rules;
use tenantry_tests::reports::by_name;

use super::{Reports, place};

/// The titles and names that every kind of read finds for a tenant, in all of its schemas.
macro_rules! everything_read {
    ($tenant:expr, $executor:expr) => {{
        let (tenant, executor) = ($tenant, $executor);
        let (customers, reports) = (Customer::repository().for_tenant(tenant), Report::repository().for_tenant(tenant));
        let (old, entries) = (OldCustomer::repository().for_tenant(tenant), Entry::repository().for_tenant(tenant));
        let name = tenant.to_string();
        let report = reports.find(1).fetch_one(executor).await.unwrap();
        let mut read = vec![
            report.title.clone(),
            customers.find(1).fetch_one(executor).await.unwrap().name,
            old.find(1).fetch_one(executor).await.unwrap().name,
            reports.find_by_title(format!("{name} report 2")).fetch_one(executor).await.unwrap().title,
            reports.customer_of(&report).fetch_one(executor).await.unwrap().name,
        ];
        let customer = customers.find(2).fetch_one(executor).await.unwrap();
        let all = reports.find_many([1, 2, 3]).fetch_all(executor).await.unwrap();
        let of_customer = reports.of_customer(&customer).fetch_all(executor).await.unwrap();
        read.extend(all.into_iter().chain(of_customer).map(|report| report.title));
        read.extend(entries.all().fetch_all(executor).await.unwrap().into_iter().map(|entry| entry.what));
        let loaded = customers.all().with(Report::of_customer()).fetch_all(executor).await.unwrap();
        read.extend(loaded.into_iter().flat_map(|(customer, reports)| {
            reports.into_iter().map(|report| report.title.clone()).chain([customer.name]).collect::<Vec<_>>()
        }));
        let with_report = exists::<Report>();
        let with_report = customers.filter(|c| with_report.matching(|r| Report::customer().on(r, c) & r.pages.gt(0)));
        read.extend(with_report.fetch_all(executor).await.unwrap().into_iter().map(|customer| customer.name));
        assert_eq!(read.len(), 5 + 3 + 1 + 2 + 6 + 3);
        assert!(read.iter().all(|text| text.starts_with(&name)), "{name} reads {read:?}");
    }};
}

#[tokio::test]
async fn each_tenant_reads_its_own_in_every_schema() {
    both_rules!({
        let stage = Reports::<Key>::new().await;
        for tenant in [&stage.acme, &stage.globex, &stage.acme] {
            everything_read!(tenant, &stage.db);
        }
    });
}

/// Statements that were prepared for one tenant, and tenants that share a text, do not meet.
#[tokio::test]
async fn statements_kept_prepared_are_each_tenants_own() {
    both_rules!({
        let stage = Reports::<Key>::new().await;
        for places in [0, 1, 2, 256] {
            let db = stage.one_connection(places).await;
            for _ in 0..4 {
                for tenant in [&stage.acme, &stage.globex] {
                    everything_read!(tenant, &db);
                }
            }
        }
    });
}

#[tokio::test]
async fn each_tenant_writes_its_own_in_every_schema() {
    both_rules!({
        let stage = Reports::<Key>::new().await;
        let others = stage.rows_of_globex().await;
        let (db, acme) = (&stage.db, &stage.acme);
        let (customers, reports) = (Customer::repository().for_tenant(acme), Report::repository().for_tenant(acme));
        let (old, entries) = (OldCustomer::repository().for_tenant(acme), Entry::repository().for_tenant(acme));

        let new = |customer_id, title: &str, pages| NewReport { customer_id, title: title.to_owned(), pages };
        let made = reports.insert(new(1, "acme new", None)).fetch_one(db).await.unwrap();
        assert_eq!((made.id, made.pages), (100, 7), "the sequence and the default are those of its schema");
        let several = [new(2, "acme b", Some(1)), new(3, "acme c", None)];
        assert_eq!(reports.insert_many(several).execute(db).await.unwrap(), 2);
        let twice = reports.insert(new(1, "acme new", None)).execute(db).await.unwrap_err();
        assert!(twice.is_unique_violation());
        // A customer whom only globex has is none of acme's.
        let foreign = reports.insert(new(4, "acme d", None)).execute(db).await.unwrap_err();
        assert!(foreign.is_foreign_key_violation());

        let changed = reports.update(1, ReportChanges::default().pages(50)).fetch_one(db).await.unwrap();
        assert_eq!(changed.title, "acme report 1");
        let changed = old.update_many(OldCustomerChanges::default().name("acme old")).all_rows();
        assert_eq!(changed.execute(db).await.unwrap(), 2);
        let joined = reports
            .update_many(ReportChanges::default())
            .join::<Customer>(|r, c| Report::customer().on(r, c))
            .set(|(r, _)| r.pages.set(r.pages + 1))
            .filter(|(_, c)| c.name.eq("acme customer 2"))
            .returning(|(r, c)| (r.title, c.name, r.pages));
        let mut joined = joined.fetch_all(db).await.unwrap();
        joined.sort();
        let expected = [("acme b", "acme customer 2", 2), ("acme report 2", "acme customer 2", 3)];
        assert_eq!(joined, expected.map(|(title, name, pages)| (title.to_owned(), name.to_owned(), pages)));

        let archived = customers.delete_many().join::<OldCustomer>(|c, o| o.id.eq(c.id)).filter(|(c, _)| c.id.lt(2));
        assert_eq!(archived.fetch_all(db).await.unwrap()[0].name, "acme customer 1");
        let left = customers.delete_many().filter(|c| !exists::<OldCustomer>().matching(|o| o.id.eq(c.id)));
        assert_eq!(left.execute(db).await.unwrap(), 1);
        assert_eq!(reports.delete(2).fetch_one(db).await.unwrap().title, "acme report 2");
        assert_eq!(reports.delete_many().all_rows().execute(db).await.unwrap(), 1);
        entries.insert(NewEntry { what: "acme entry".to_owned() }).execute(db).await.unwrap();
        assert_eq!(entries.delete_many().all_rows().execute(db).await.unwrap(), 3);
        assert_eq!(old.delete_many().all_rows().execute(db).await.unwrap(), 2);

        assert_eq!(stage.rows_of_globex().await, others);
    });
}

#[tokio::test]
async fn a_transaction_serves_both_tenants_and_what_comes_after_it_reads_the_same() {
    both_rules!({
        let stage = Reports::<Key>::new().await;
        let db = stage.one_connection(256).await;
        let mut transaction = db.begin().await.unwrap();
        everything_read!(&stage.acme, &transaction);
        let savepoint = transaction.savepoint().await.unwrap();
        everything_read!(&stage.globex, &savepoint);
        savepoint.rollback().await.unwrap();
        everything_read!(&stage.acme, &transaction);
        transaction.commit().await.unwrap();
        for tenant in [&stage.acme, &stage.globex] {
            everything_read!(tenant, &db);
        }
    });
}

/// The tables of a schema in every place where a careless statement could look for them.
async fn lay_traps(stage: &Reports<by_name::Key>) {
    let copy = |schema: &str| {
        let reporting = place(&stage.globex, "reporting");
        format!("create table {schema}.report as select * from {reporting}.report;")
    };
    let traps = ["acme", "globex", "public", "reporting"].map(copy).concat();
    stage.execute(&format!("create schema reporting; {traps}")).await;
    let set = "set search_path = globex, \"globex.reporting\", reporting, public";
    stage.execute(&format!("do $$ begin execute format('alter database %I {set}', current_database()); end $$")).await;
}

async fn assert_missing(tenant: &TenantId, executor: &dyn Executor) {
    use by_name::*;
    let (customers, reports) = (Customer::repository().for_tenant(tenant), Report::repository().for_tenant(tenant));
    let new = |pages| NewReport { customer_id: 1, title: String::new(), pages };
    let errors = [
        reports.find(1).fetch_optional(executor).await.unwrap_err(),
        reports.find_many([1]).fetch_all(executor).await.unwrap_err(),
        reports.find_by_title("globex report 1").fetch_optional(executor).await.unwrap_err(),
        reports.all().fetch_all(executor).await.unwrap_err(),
        reports.all().fetch(executor).try_next().await.unwrap_err(),
        reports.all().count().fetch_one(executor).await.unwrap_err(),
        reports.insert(new(None)).execute(executor).await.unwrap_err(),
        reports.insert_many([new(Some(1)), new(Some(2))]).execute(executor).await.unwrap_err(),
        reports.update(1, ReportChanges::default().pages(0)).execute(executor).await.unwrap_err(),
        reports.delete_many().all_rows().execute(executor).await.unwrap_err(),
        customers.all().join::<Report>(|c, r| Report::customer().on(r, c)).fetch_all(executor).await.unwrap_err(),
        customers.filter(|c| exists::<Report>().matching(|r| r.id.eq(c.id))).fetch_all(executor).await.unwrap_err(),
        customers.all().with(Report::of_customer()).fetch_all(executor).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_missing_table(), "{error}");
        assert!(error.to_string().contains("acme.reporting.report"), "{error}");
    }
}

#[tokio::test]
async fn a_missing_schema_is_an_error_and_no_other_stands_in_for_it() {
    let stage = Reports::<by_name::Key>::new().await;
    lay_traps(&stage).await;
    let db = Database::connect(stage.database.url()).await.unwrap();
    everything_read_by_name(&stage.acme, &db).await;

    stage.execute("drop schema \"acme.reporting\" cascade").await;
    assert_missing(&stage.acme, &db).await;
    stage.execute("create schema \"acme.reporting\"").await;
    assert_missing(&stage.acme, &db).await;
    assert_missing(&stage.acme, &*db.connection().await.map(Box::new).unwrap()).await;

    // The tenant's own schema is still there.
    let customers = by_name::Customer::repository().for_tenant(&stage.acme);
    assert_eq!(customers.find(1).fetch_one(&db).await.unwrap().name, "acme customer 1");
    everything_read_by_name(&stage.globex, &db).await;
}

async fn everything_read_by_name(tenant: &TenantId, executor: &dyn Executor) {
    use by_name::*;
    everything_read!(tenant, executor);
}
