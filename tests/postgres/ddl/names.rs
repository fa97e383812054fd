use tenantry::{Ddl, Table, TenantId, TenantTable};
use uuid::Uuid;

use super::Empty;

/// Names of 63 bytes, which end differently.
#[expect(dead_code, reason = "some columns are only made")]
mod long {
    use super::*;

    #[derive(Debug, TenantTable)]
    #[tenant_table(name = "a_very_long_name_of_a_table_which_is_as_long_as_postgresql_kee1", tenant_column(tenant_id: Uuid), schema = "app", rls)]
    pub(super) struct One {
        #[tenant_table(primary_key)]
        pub(super) id: i64,
        #[tenant_table(
            unique,
            column = "a column with a name as long as \"PostgreSQL\" keeps, like ééé",
            check = "true"
        )]
        pub(super) first: String,
        #[tenant_table(
            unique,
            column = "a column with a name as long as \"PostgreSQL\" keeps, like xéé1",
            index = "x"
        )]
        pub(super) second: String,
        #[tenant_table(references = Other, on_delete = "set null", column = "a reference with a name as long as PostgreSQL keeps \"xxxxxxxx'\"")]
        pub(super) other_id: Option<i64>,
    }

    #[derive(Debug, TenantTable)]
    #[tenant_table(name = "a_very_long_name_of_a_table_which_is_as_long_as_postgresql_kee2", tenant_column(tenant_id: Uuid), schema = "app", rls)]
    pub(super) struct Other {
        #[tenant_table(primary_key)]
        pub(super) id: i64,
    }
}

/// What PostgreSQL would give the same names.
#[expect(dead_code, reason = "some columns are only made")]
mod same {
    use super::*;

    #[derive(Debug, TenantTable)]
    #[tenant_table(name = "a", keyless)]
    pub(super) struct A {
        #[tenant_table(unique, index = "other", check = "true")]
        pub(super) b_c: i64,
        #[tenant_table(index = "other")]
        pub(super) d: i64,
    }

    #[derive(Debug, TenantTable)]
    #[tenant_table(name = "a_b", keyless)]
    pub(super) struct B {
        #[tenant_table(unique, index = "other", check = "true")]
        pub(super) c: i64,
        #[tenant_table(index = "other")]
        pub(super) d: i64,
    }

    #[derive(Debug, TenantTable)]
    #[tenant_table(name = "a_b_c_key")]
    pub(super) struct Key {
        #[tenant_table(primary_key)]
        pub(super) id: i64,
    }

    #[derive(Debug, TenantTable)]
    #[tenant_table(name = "select \"Größe\"; --")]
    pub(super) struct Hostile {
        #[tenant_table(primary_key, generated, column = "from")]
        pub(super) id: i64,
        #[tenant_table(
            unique,
            column = "UPPER case \"quoted\" ' \\ é",
            check = "\"UPPER case \"\"quoted\"\" ' \\ é\" > 0"
        )]
        pub(super) number: i32,
    }
}

impl Empty {
    async fn all_names(&self) -> Vec<String> {
        self.texts(
            "select relname::text from pg_class where relnamespace::regnamespace::text !~ '^pg_|information_schema'
             union all select conname::text from pg_constraint where contype in ('f', 'c') and conrelid <> 0
                 and conrelid::regclass::text !~ 'pg_|information_schema'
             union all select polname::text from pg_policy order by 1",
        )
        .await
    }
}

#[tokio::test]
async fn names_as_long_as_postgresql_keeps_are_not_cut_and_stay_apart() {
    let stage = Empty::new().await;
    let ddl = Ddl::of(&[long::One::DEFINITION, long::Other::DEFINITION]).unwrap();
    let script = ddl.create_all();
    for _ in 0..2 {
        script.execute(&stage.db).await.unwrap();
    }
    let names = stage.all_names().await;
    // A cut would be silent: every name is in the text as it is in the database.
    for name in &names {
        assert!(script.sql().contains(&format!("\"{}\"", name.replace('"', "\"\""))), "{name}");
    }
    // 2 tables, 2 primary keys, 2 unique keys, 2 indexes, a foreign key, a check, 4 policies
    assert_eq!(names.len(), 14, "{names:#?}");
    let mut different = names.clone();
    different.dedup();
    assert_eq!(different, names);

    let rows = long::One::repository().for_tenant(&stage.row_acme);
    let new = long::NewOne { id: 1, first: "a".to_owned(), second: "b".to_owned(), other_id: None };
    rows.insert(new).on_conflict(long::OneKey::First).update_all().execute(&stage.db).await.unwrap();
    let one = rows.find_by_second("b").fetch_one(&stage.db).await.unwrap();
    assert_eq!((one.id, one.first.as_str(), one.other_id), (1, "a", None));
}

#[tokio::test]
async fn names_that_would_be_one_are_two() {
    let stage = Empty::new().await;
    let tables = [same::A::DEFINITION, same::B::DEFINITION, same::Key::DEFINITION, same::Hostile::DEFINITION];
    let script = Ddl::of(&tables).unwrap().create_all_for(&stage.acme).unwrap();
    for _ in 0..2 {
        script.execute(&stage.db).await.unwrap();
    }
    let mut names = stage.all_names().await;
    // 4 tables, 2 primary keys, 3 unique keys, 2 indexes, 3 checks, and the sequence
    assert_eq!(names.len(), 15, "{names:#?}");
    names.dedup();
    assert_eq!(names.len(), 15, "{names:#?}");
    let hostile = same::Hostile::repository().for_tenant(&stage.acme);
    assert_eq!(hostile.insert(same::NewHostile { number: 7 }).fetch_one(&stage.db).await.unwrap().id, 1);
    let refused = hostile.insert(same::NewHostile { number: 0 }).execute(&stage.db).await.unwrap_err();
    assert!(refused.is_check_violation());
    // No name depends on the order.
    let reversed: Vec<_> = tables.into_iter().rev().collect();
    let reversed = Ddl::of(&reversed).unwrap().create_all_for(&stage.acme).unwrap();
    let lines = |sql: &str| {
        let mut lines: Vec<_> = sql.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(reversed.sql()), lines(script.sql()));
}

mod logical {
    use super::*;

    #[derive(Debug, TenantTable)]
    #[tenant_table(name = "report", schema = "reporting")]
    pub(super) struct Report {
        #[tenant_table(primary_key)]
        pub(super) id: i64,
    }

    #[derive(Debug, TenantTable)]
    #[tenant_table(name = "report")]
    pub(super) struct Own {
        #[tenant_table(primary_key, references = Report, relation = "archived", on_delete = "cascade")]
        pub(super) id: i64,
    }
}

#[tokio::test]
async fn each_logical_schema_has_its_tables() {
    let stage = Empty::new().await;
    let ddl = Ddl::of(&[logical::Own::DEFINITION, logical::Report::DEFINITION]).unwrap();
    let named =
        TenantId::with_existing_schemas("initech".parse().unwrap(), "Initech", [("reporting", "Old \"reports\"")]);
    for tenant in [&stage.acme, &named.unwrap()] {
        let script = ddl.create_all_for(tenant).unwrap();
        for _ in 0..2 {
            script.execute(&stage.db).await.unwrap();
        }
        let reports = logical::Report::repository().for_tenant(tenant);
        reports.insert(logical::NewReport { id: 1 }).execute(&stage.db).await.unwrap();
        let own = logical::Own::repository().for_tenant(tenant);
        own.insert(logical::NewOwn { id: 1 }).execute(&stage.db).await.unwrap();
        assert!(own.insert(logical::NewOwn { id: 2 }).execute(&stage.db).await.unwrap_err().is_foreign_key_violation());
        reports.delete(1).execute(&stage.db).await.unwrap();
        assert_eq!(own.all().count().fetch_one(&stage.db).await.unwrap(), 0);
    }
    stage.execute("comment on schema \"acme.reporting\" is 'tenant acme'").await;
    // Two logical schemas that are one cannot have two tables of one name.
    let one: TenantId =
        TenantId::with_existing_schemas("umbrella".parse().unwrap(), "one", [("reporting", "one")]).unwrap();
    let error = ddl.create_all_for(&one).unwrap_err().to_string();
    assert!(error.contains("two logical schemas are one"), "{error}");
    let long: TenantId = "x".repeat(60).parse().unwrap();
    assert!(ddl.create_all_for(&long).unwrap_err().to_string().contains("PostgreSQL keeps 63"));
}
