//! Tenants of every kind of key, found in a list or in the table, and schemas of any name.

use std::fmt::Debug;

use tenantry::{AcrossTenants, InvalidTenantId, Slug, TenantId, TenantKey, TenantTable, count_rows};
use tenantry_tests::{Customer, RowCustomer};
use uuid::Uuid;

use super::Stage;

/// A key type of an application's own, with a rule.
#[derive(Debug)]
struct Account(i64);

impl TenantKey for Account {
    type Value = i64;

    fn from_value(value: i64) -> Result<Self, InvalidTenantId> {
        if value < 1 {
            return Err(InvalidTenantId::custom("accounts count from 1"));
        }
        Ok(Self(value))
    }

    fn value(&self) -> &i64 {
        &self.0
    }
}

/// A table for a kind of key and a type of its column.
macro_rules! tenants_by_key {
    ($test:ident, $key:ty, $column:literal, $acme:expr, $globex:expr) => {
        #[tokio::test]
        async fn $test() {
            #[derive(Debug, PartialEq, TenantTable)]
            #[tenant_table(name = "note", tenant_column(owner: $key), schema = "by_row")]
            struct Note {
                #[tenant_table(primary_key)]
                id: i32,
                text: String,
            }

            let stage = Stage::empty().await;
            let tenants: [TenantId<$key>; 2] = [$acme, $globex].map(Result::unwrap);
            let [acme, globex] = &tenants;
            stage
                .execute(&format!(
                    "create schema by_row;
                     create domain by_row.tenant as uuid;
                     create domain by_row.slug as text check (value <> '');
                     create extension citext;
                     create table by_row.note (owner {}, id int, text text, unique (owner, id));
                     comment on column by_row.note.owner is 'tenant';
                     insert into by_row.note values
                        ('{acme}', 1, 'acme'), ('{globex}', 1, 'globex'), ('{acme}', 2, 'acme'), (null, 1, 'nobody')",
                    $column
                ))
                .await;
            let access = AcrossTenants::because("a test");
            for _ in 0..4 {
                let listed = Note::repository().across(&access, [globex, acme]);
                let listed = listed.in_each_tenant(|all| all.filter(|n| n.id.eq(1)));
                let note = |text: &str| Note { id: 1, text: text.to_owned() };
                let expected = [(globex.clone(), note("globex")), (acme.clone(), note("acme"))];
                assert_eq!(listed.fetch_all(&stage.db).await.unwrap(), expected);

                let all = || Note::repository().across_all(&access);
                let counts = all().in_each_tenant(|all| all.select(|_| count_rows())).fetch_all(&stage.db).await.unwrap();
                assert_eq!(counts.len(), 2);
                assert!(counts.contains(&(acme.clone(), 2)) && counts.contains(&(globex.clone(), 1)), "{counts:?}");
                let each = all().fetch_each(&stage.db).await.unwrap();
                assert_eq!(each.len(), 2);
                for (tenant, rows) in each {
                    let rows = rows.unwrap();
                    let of_acme = tenant == *acme;
                    assert_eq!(rows.len(), if of_acme { 2 } else { 1 });
                    assert!(rows.iter().all(|row| row.text == if of_acme { "acme" } else { "globex" }));
                }
                let (mut stream, mut count) = (all().fetch(&stage.db), 0);
                while let Some((tenant, row)) = stream.try_next().await.unwrap() {
                    assert_eq!(row.text, if tenant == *acme { "acme" } else { "globex" });
                    count += 1;
                }
                assert_eq!(count, 3);
            }
        }
    };
}

tenants_by_key!(slugs_in_text, Slug, "text", "acme".parse(), "globex".parse());
tenants_by_key!(slugs_in_varchar, Slug, "varchar(20)", "acme".parse(), "globex".parse());
tenants_by_key!(slugs_in_citext, Slug, "citext", "acme".parse(), "globex".parse());
tenants_by_key!(slugs_in_a_domain, Slug, "by_row.slug", "acme".parse(), "globex".parse());
tenants_by_key!(uuids, Uuid, "uuid", TenantId::new(Uuid::from_u128(1)), TenantId::new(Uuid::from_u128(2)));
tenants_by_key!(
    uuids_in_a_domain,
    Uuid,
    "by_row.tenant",
    TenantId::new(Uuid::from_u128(1)),
    TenantId::new(Uuid::from_u128(2))
);
tenants_by_key!(big_numbers, i64, "bigint", TenantId::new(i64::MAX), TenantId::new(-1_i64));
tenants_by_key!(numbers, i32, "int", TenantId::new(0_i32), TenantId::new(1_i32));
tenants_by_key!(own_key_types, Account, "bigint", "42".parse(), TenantId::new(Account(7)));

#[tokio::test]
async fn a_key_in_the_table_is_checked() {
    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "by_slug", tenant_column(owner: Slug), schema = "app")]
    struct BySlug {
        #[tenant_table(primary_key)]
        id: i32,
    }

    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "by_account", tenant_column(owner: Account), schema = "app")]
    struct ByAccount {
        #[tenant_table(primary_key)]
        id: i32,
    }

    let stage = Stage::empty().await;
    let access = AcrossTenants::because("a test");
    stage
        .execute(
            "create table app.by_slug (owner text, id int); insert into app.by_slug values ('acme', 1);
             create table app.by_account (owner bigint, id int); insert into app.by_account values (1, 1);
             comment on column app.by_slug.owner is 'tenant'; comment on column app.by_account.owner is 'tenant';",
        )
        .await;
    async fn error_of<K: TenantKey, T: tenantry::Table + Debug>(stage: &Stage, all: tenantry::Across<K, T>) -> String {
        all.fetch_all(&stage.db).await.unwrap_err().to_string()
    }
    assert_eq!(BySlug::repository().across_all(&access).fetch_all(&stage.db).await.unwrap().len(), 1);
    for key in ["", "hunter2 Ltd", "public", "pg_hunter2", "hunter2; drop table", &"x".repeat(64)] {
        let place = format!("update app.by_slug set owner = '{key}'");
        stage.execute(&place).await;
        let error = error_of(&stage, BySlug::repository().across_all(&access)).await;
        assert!(
            error.starts_with("the tenant column of `by_slug` holds a key that is no tenant's: not a tenant id: "),
            "{error}"
        );
        assert!(!error.contains("hunter2"), "{error}");
    }
    stage.execute("update app.by_account set owner = 0").await;
    let error = error_of(&stage, ByAccount::repository().across_all(&access)).await;
    assert!(error.ends_with("accounts count from 1"), "{error}");
    stage
        .execute(
            "insert into app.customer (tenant_id, email, name) values ('00000000-0000-0000-0000-000000000000', '', '')",
        )
        .await;
    let error = error_of(&stage, RowCustomer::repository().across_all(&access)).await;
    assert!(error.ends_with("it is the nil UUID"), "{error}");
}

#[tokio::test]
async fn schemas_of_any_name_are_each_its_own() {
    let stage = Stage::with_rows().await;
    let names = [
        r#"a"b"#,
        r#""; drop schema acme cascade; --"#,
        "Acme Ltd",
        "ACME",
        "tenant",
        "of_tenant",
        "t0",
        "$1",
        "{tenant}",
        "'",
        "\\",
        "a.b",
        "äöü",
        "acme\".\"customer",
        "select",
        "line\nbreak",
        "\u{202e}emca",
    ];
    let mut tenants = vec![stage.acme.clone()];
    let mut expected = vec!["acme 1".to_owned()];
    for (position, name) in names.iter().enumerate() {
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        stage
            .execute(&format!(
                "create schema {quoted}; create table {quoted}.customer (like acme.customer including all);
                 insert into {quoted}.customer (id, email, name) values (1, '', 'customer of {position}')"
            ))
            .await;
        tenants.push(TenantId::with_existing_schema(format!("t{position}").parse::<Slug>().unwrap(), name).unwrap());
        expected.push(format!("customer of {position}"));
    }
    let access = AcrossTenants::because("a test");
    let across = || Customer::repository().across(&access, &tenants).in_each_tenant(|all| all.filter(|c| c.id.eq(1)));
    let all = across().fetch_all(&stage.db).await.unwrap();
    assert_eq!(all.iter().map(|(_, row)| row.name.as_str()).collect::<Vec<_>>(), expected);
    // They are the caller's own, with the schemas that were given to them.
    assert!(all.iter().map(|(tenant, _)| tenant).eq(&tenants));
    let schemas: Vec<_> = all.iter().skip(1).map(|(tenant, _)| tenant.schema()).collect();
    assert_eq!(schemas, names);
}

#[tokio::test]
async fn by_row_a_tenant_stays_the_callers_own() {
    let stage = Stage::with_rows().await;
    let access = AcrossTenants::because("a test");
    let renamed = TenantId::with_existing_schema(*stage.row_acme.key(), "Acme Ltd").unwrap();
    // The same key twice is one tenant, whatever its schema.
    let across = RowCustomer::repository().across(&access, [&renamed, &stage.row_acme]);
    let found = across.in_each_tenant(|all| all.select(|_| count_rows())).fetch_all(&stage.db).await.unwrap();
    assert_eq!(found, [(renamed, 5)]);
}

#[tokio::test]
async fn what_was_deleted_softly_is_not_there() {
    use tenantry_tests::shop::by_row::Account as RowAccount;
    use tenantry_tests::shop::by_schema::Account;

    let stage = Stage::empty().await;
    let account = "(id bigint, name text, city text, balance bigint, version int, deleted_at timestamptz)";
    stage
        .execute(&format!(
            "create table acme.account {account}; create table globex.account {account};
             create table app.account (tenant_id uuid, id bigint, name text, city text, balance bigint, version int, deleted_at timestamptz);
             insert into acme.account values (1, 'acme', null, 0, 1, now()), (2, 'acme', null, 0, 1, null);
             insert into globex.account values (1, 'globex', null, 0, 1, null), (2, 'globex', null, 0, 1, now());
             insert into app.account select '{}', * from acme.account;
             insert into app.account select '{}', * from globex.account;",
            stage.row_acme, stage.row_globex
        ))
        .await;
    let access = AcrossTenants::because("a test");
    let by_schema = || Account::repository().across(&access, [&stage.acme, &stage.globex]);
    let by_row = || RowAccount::repository().across(&access, [&stage.row_acme, &stage.row_globex]);
    let every = || RowAccount::repository().across_all(&access);
    macro_rules! ids {
        ($across:expr) => {{
            let mut ids: Vec<_> =
                $across.fetch_all(&stage.db).await.unwrap().iter().map(|(_, row)| (row.name.clone(), row.id)).collect();
            ids.sort();
            ids
        }};
    }
    let living = [("acme".to_owned(), 2), ("globex".to_owned(), 1)];
    assert_eq!(ids!(by_schema()), living);
    assert_eq!(ids!(by_row()), living);
    assert_eq!(ids!(every()), living);
    assert_eq!(ids!(by_schema().in_each_tenant(|all| all.with_deleted())).len(), 4);
    assert_eq!(ids!(by_row().in_each_tenant(|all| all.with_deleted())).len(), 4);
    assert_eq!(ids!(every().in_each_tenant(|all| all.with_deleted())).len(), 4);
}
