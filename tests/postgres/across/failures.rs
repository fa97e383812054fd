//! When a tenant's rows cannot be read, the error says whose.

use tenantry::{Across, AcrossTenants, Database, Error, Slug, TenantId, TenantTable, exists};
use tenantry_tests::{Customer, RowCustomer};
use tokio_postgres::error::SqlState;

use super::Stage;
use crate::discreet::{SECRET, assert_discreet};

/// Tenants between two whose rows can be read, each broken in its own way.
const BROKEN: [&str; 6] = ["missing", "empty", "narrow", "forbidden", "wide", "null"];

/// Acme and globex, and tenants whose tables are broken; a pool that may not read all of them.
async fn with_broken_tenants() -> (Stage, Database, String) {
    let stage = Stage::with_rows().await;
    let role = format!("report_{}", stage.database_name());
    let table = |schema: &str, credit: &str| {
        format!(
            "create schema {schema}; create table {schema}.customer (id bigint, email text, name text, phone text, {credit});
             comment on schema {schema} is 'tenant';
             insert into {schema}.customer values (1, '{SECRET}', '{SECRET}', '{SECRET}');"
        )
    };
    let sql = [
        "create schema empty;".to_owned(),
        table("narrow", "other int"),
        table("forbidden", "credit int default 7"),
        table("wide", "credit bigint default 7"),
        table("\"null\"", "credit int"),
        format!(
            "create role {role} login; grant usage on schema acme, globex, empty, narrow, wide, \"null\" to {role};
             grant select on all tables in schema acme, globex, narrow, wide, \"null\" to {role};"
        ),
    ];
    stage.execute(&sql.concat()).await;
    let url = stage.url().replace("postgres@", &format!("{role}@"));
    (stage, Database::connect(&url).await.unwrap(), role)
}

async fn drop_role(stage: &Stage, db: &Database, role: &str) {
    db.close();
    stage.wait_until(&format!("select not exists (select from pg_stat_activity where usename = '{role}')")).await;
    stage.execute(&format!("drop owned by {role}; drop role {role}")).await;
}

fn tenant(slug: &str) -> TenantId {
    slug.parse().unwrap()
}

fn customers(tenants: &[TenantId]) -> Across<Slug, Customer> {
    let access = AcrossTenants::because("a test");
    Customer::repository().across(&access, tenants).in_each_tenant(|all| all.order_by(|c| c.id.asc()))
}

/// Says whose it is, and why, and nothing else.
#[track_caller]
fn assert_named(error: &Error, broken: &str) {
    assert_eq!(error.tenant(), Some(broken), "{error}");
    assert!(error.to_string().starts_with(&format!("for tenant `{broken}`: ")), "{error}");
    assert_discreet(error);
    match broken {
        "missing" | "empty" => assert!(error.is_missing_table(), "{error}"),
        "narrow" => assert_eq!(error.code(), Some(&SqlState::UNDEFINED_COLUMN)),
        "forbidden" => assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE)),
        _ => assert!(error.to_string().contains("column `credit` of `customer` does not fit its field"), "{error}"),
    }
}

#[tokio::test]
async fn the_tenant_is_named() {
    let (stage, db, role) = with_broken_tenants().await;
    for broken in BROKEN {
        let tenants = [stage.acme.clone(), tenant(broken), stage.globex.clone()];
        let error = customers(&tenants).fetch_all(&db).await.unwrap_err();
        assert_named(&error, broken);

        let mut rows = customers(&tenants).fetch(&db);
        for _ in 0..5 {
            assert_eq!(rows.try_next().await.unwrap().unwrap().0, stage.acme);
        }
        assert_named(&rows.try_next().await.unwrap_err(), broken);
        assert!(rows.try_next().await.unwrap().is_none(), "it is the last");

        let connection = db.connection().await.unwrap();
        assert_named(&customers(&tenants).fetch_all(&connection).await.unwrap_err(), broken);
        assert_eq!(
            customers(std::slice::from_ref(&stage.acme)).fetch_all(&connection).await.unwrap().len(),
            5,
            "it is as before"
        );
    }
    drop_role(&stage, &db, &role).await;
}

#[tokio::test]
async fn others_are_read_all_the_same() {
    let (stage, db, role) = with_broken_tenants().await;
    let mut tenants: Vec<_> = BROKEN.map(tenant).into();
    tenants.insert(0, stage.acme.clone());
    tenants.push(stage.globex.clone());
    for executor in [&db as &dyn tenantry::Executor, &db.connection().await.unwrap()] {
        let each = customers(&tenants).fetch_each(executor).await.unwrap();
        assert!(each.iter().map(|(tenant, _)| tenant).eq(&tenants));
        let mut count = 0;
        for (tenant, rows) in each {
            match rows {
                Ok(rows) => {
                    count += rows.len();
                    assert!(rows.iter().all(|row| row.name.starts_with(tenant.key().as_str())));
                }
                Err(error) => assert_named(&error, tenant.key().as_str()),
            }
        }
        assert_eq!(count, 5 + 8);
    }
    drop_role(&stage, &db, &role).await;
}

#[tokio::test]
async fn in_a_transaction_the_first_one_ends_all() {
    let (stage, db, role) = with_broken_tenants().await;
    for broken in BROKEN {
        // Enough that others are under way behind it, which do not name themselves instead.
        let mut tenants: Vec<_> = (0..40).map(|n| tenant(&format!("nobody-{n}"))).collect();
        tenants.insert(0, stage.acme.clone());
        tenants.insert(1, tenant(broken));
        for settles in [false, true] {
            let transaction = db.begin().await.unwrap();
            let error = match settles {
                true => customers(&tenants).fetch_each(&transaction).await.unwrap_err(),
                false => customers(&tenants).fetch_all(&transaction).await.unwrap_err(),
            };
            match error.tenant().unwrap() {
                // The server knows nothing of rows that cannot be read, and may have refused the next before them.
                "nobody-0" if ["wide", "null"].contains(&broken) => assert!(error.is_missing_table(), "{error}"),
                _ => assert_named(&error, broken),
            }
            assert!(transaction.commit().await.unwrap_err().is_transaction_aborted());
        }
    }
    // What failed before is nobody's.
    let transaction = db.begin().await.unwrap();
    Customer::repository().for_tenant(&tenant("missing")).find(1).fetch_one(&transaction).await.unwrap_err();
    let error = customers(&[stage.acme.clone(), stage.globex.clone()]).fetch_all(&transaction).await.unwrap_err();
    assert_eq!((error.tenant(), error.code()), (None, Some(&SqlState::IN_FAILED_SQL_TRANSACTION)));
    drop(transaction);
    drop_role(&stage, &db, &role).await;
}

#[tokio::test]
async fn what_is_no_tenants_fault_ends_all() {
    let stage = Stage::with_rows().await;
    let tenants = [stage.acme.clone(), stage.globex.clone()];
    let db = stage.pool_of(2).await;
    db.close();
    let error = customers(&tenants).fetch_each(&db).await.unwrap_err();
    assert_eq!(error.tenant(), None, "{error}");
    assert_eq!(customers(&tenants).fetch_all(&db).await.unwrap_err().tenant(), None);
    assert_eq!(customers(&tenants).fetch(&db).try_next().await.unwrap_err().tenant(), None);
}

#[tokio::test]
async fn by_row_the_one_statement_fails_as_a_whole() {
    let stage = Stage::with_rows().await;
    let access = AcrossTenants::because("a test");
    stage
        .execute(&format!(
            "alter table app.customer alter credit drop not null;
             update app.customer set credit = null, phone = '{SECRET}' where tenant_id = '{}' and id = 3",
            stage.row_globex
        ))
        .await;
    let across = || RowCustomer::repository().across(&access, [&stage.row_acme, &stage.row_globex]);
    let globex = stage.row_globex.to_string();
    // The row is one tenant's.
    for error in [
        across().fetch_all(&stage.db).await.unwrap_err(),
        across().fetch_each(&stage.db).await.unwrap_err(),
        RowCustomer::repository().across_all(&access).fetch_all(&stage.db).await.unwrap_err(),
    ] {
        assert_eq!(error.tenant(), Some(&*globex), "{error}");
        assert!(error.to_string().contains("column `credit` of `customer` does not fit its field"), "{error}");
        assert_discreet(&error);
    }
    stage.execute("alter table app.customer drop column credit").await;
    let error = across().fetch_each(&stage.db).await.unwrap_err();
    assert_eq!((error.tenant(), error.code()), (None, Some(&SqlState::UNDEFINED_COLUMN)), "{error}");
    stage.execute("drop table app.customer").await;
    assert!(across().fetch_all(&stage.db).await.unwrap_err().is_missing_table());
}

#[tokio::test]
async fn without_a_reason_nothing_is_read() {
    let stage = Stage::with_rows().await;
    // Whatever was sent would fail otherwise.
    stage.db.close();
    for reason in ["", "  ", "\n"] {
        let access = AcrossTenants::because(reason);
        let across = || Customer::repository().across(&access, [&stage.acme]);
        assert_eq!(across().sql(), "");
        for error in [
            across().fetch_all(&stage.db).await.unwrap_err(),
            across().fetch_each(&stage.db).await.unwrap_err(),
            across().fetch(&stage.db).try_next().await.unwrap_err(),
            RowCustomer::repository().across_all(&access).fetch_all(&stage.db).await.unwrap_err(),
        ] {
            assert_eq!(
                error.to_string(),
                "a read of `customer` across tenants has no reason: say it in `AcrossTenants::because(..)`; nothing was sent"
            );
            assert!(!error.may_have_run());
        }
    }
}

/// An account of a tenant, whose customers are in the tenant's schema.
#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "account", tenant_column(tenant: Slug), schema = "app")]
struct Account {
    #[tenant_table(primary_key)]
    id: i64,
}

#[tokio::test]
async fn a_table_in_schemas_beside_one_for_all_is_each_tenants() {
    let stage = Stage::with_rows().await;
    stage
        .execute(
            "create table app.account (tenant text, id bigint, primary key (tenant, id));
             comment on column app.account.tenant is 'tenant';
             insert into app.account values ('acme', 1), ('acme', 5), ('globex', 5), ('globex', 102), ('nobody', 1);
             delete from acme.customer where id = 5",
        )
        .await;
    let access = AcrossTenants::because("a test");
    let across = || Account::repository().across(&access, [&stage.acme, &stage.globex]);
    let joined =
        across().in_each_tenant(|all| all.join::<Customer>(|a, c| c.id.eq(a.id)).order_by(|(a, _)| a.id.asc()));
    assert!(joined.sql().contains(r#"JOIN "acme"."customer" AS t1"#), "{}", joined.sql());
    let joined = joined.fetch_all(&stage.db).await.unwrap();
    let joined: Vec<_> = joined.iter().map(|(tenant, (_, customer))| (tenant, customer.name.as_str())).collect();
    let (acme, globex) = (&stage.acme, &stage.globex);
    assert_eq!(joined, [(acme, "acme 1"), (globex, "globex 5"), (globex, "globex 102")]);

    let lonely = across().in_each_tenant(|all| all.filter(|a| !exists::<Customer>().matching(|c| c.id.eq(a.id))));
    assert_eq!(lonely.fetch_all(&stage.db).await.unwrap(), [(acme.clone(), Account { id: 5 })]);
    // From the other side it is the same.
    let with_account = Customer::repository()
        .across(&access, [acme, globex])
        .in_each_tenant(|all| all.join::<Account>(|c, a| a.id.eq(c.id)));
    assert_eq!(with_account.fetch_all(&stage.db).await.unwrap().len(), 3);

    // Whose schemas there are is not to be found in the table.
    let all = Account::repository().across_all(&access);
    let all = all.in_each_tenant(|all| all.join::<Customer>(|a, c| c.id.eq(a.id)));
    assert_eq!(all.sql(), "");
    assert_eq!(
        all.fetch_all(&stage.db).await.unwrap_err().to_string(),
        "a read of `account` across all tenants holds a table in their schemas: list the tenants by `across`; nothing was sent"
    );
}

#[tokio::test]
async fn a_column_of_another_query_is_refused() {
    let stage = Stage::with_rows().await;
    let access = AcrossTenants::because("a test");
    let mut smuggled = None;
    _ = RowCustomer::repository().across(&access, [&stage.row_acme]).in_each_tenant(|all| {
        all.filter(|c| {
            exists::<tenantry_tests::RowOrderLine>().matching(|l| {
                smuggled = Some(l.customer_id.eq(1));
                l.customer_id.eq(c.id)
            })
        })
    });
    let across = RowCustomer::repository().across(&access, [&stage.row_acme]);
    let error = across.in_each_tenant(|all| all.filter(|_| smuggled.unwrap())).fetch_all(&stage.db).await.unwrap_err();
    assert!(error.to_string().contains("holds a column of another query"), "{error}");
}
