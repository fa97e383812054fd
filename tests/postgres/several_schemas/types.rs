//! Tables of one name and one text in different schemas of a tenant, whose columns have different types.

use postgres_types::{FromSql, ToSql};
use tenantry::TenantTable;
use tenantry_tests::reports::by_name::Key;
use uuid::Uuid;

use super::{Reports, place};

#[derive(Debug, Clone, PartialEq, TenantTable)]
#[tenant_table(name = "note")]
struct Note {
    #[tenant_table(primary_key)]
    id: i64,
    text: String,
}

#[derive(Debug, Clone, PartialEq, TenantTable)]
#[tenant_table(name = "note", schema = "archive")]
struct OldNote {
    #[tenant_table(primary_key)]
    id: Uuid,
    text: String,
}

#[derive(Debug, Clone, PartialEq, TenantTable)]
#[tenant_table(name = "note", schema = "reporting")]
struct ReportNote {
    #[tenant_table(primary_key)]
    id: String,
    text: String,
}

/// What is known of the values of one statement is not taken for another's with the same text.
#[tokio::test]
async fn each_table_takes_values_of_its_own_types() {
    let stage = Reports::<Key>::new().await;
    for tenant in [&stage.acme, &stage.globex] {
        for (logical, id) in [("", "bigint"), ("archive", "uuid"), ("reporting", "text")] {
            let place = place(tenant, logical);
            stage.execute(&format!("create table {place}.note (id {id} primary key, text text not null)")).await;
        }
    }
    let uuid = Uuid::from_u128(7);
    for places in [0, 256] {
        let db = stage.one_connection(places).await;
        for (turn, tenant) in [&stage.acme, &stage.globex].into_iter().cycle().take(6).enumerate() {
            let notes = Note::repository().for_tenant(tenant);
            let old = OldNote::repository().for_tenant(tenant);
            let of_reports = ReportNote::repository().for_tenant(tenant);
            let text = || format!("{tenant} {turn}");

            notes.insert(NewNote { id: 7, text: text() }).execute(&db).await.unwrap();
            old.insert(NewOldNote { id: uuid, text: text() }).execute(&db).await.unwrap();
            of_reports.insert(NewReportNote { id: "7".to_owned(), text: text() }).execute(&db).await.unwrap();

            let found = [
                notes.find(7).fetch_one(&db).await.unwrap().text,
                old.find(uuid).fetch_one(&db).await.unwrap().text,
                of_reports.find("7").fetch_one(&db).await.unwrap().text,
                notes.filter(|n| n.id.eq(7)).fetch_one(&db).await.unwrap().text,
                old.filter(|n| n.id.eq(uuid)).fetch_one(&db).await.unwrap().text,
                of_reports.filter(|n| n.id.eq("7")).fetch_one(&db).await.unwrap().text,
            ];
            assert!(found.iter().all(|found| *found == text()), "{found:?}");

            let both =
                notes.all().join::<OldNote>(|n, o| n.text.eq(o.text)).filter(|(n, o)| n.id.eq(7) & o.id.eq(uuid));
            assert_eq!(both.count().fetch_one(&db).await.unwrap(), 1);
            let both = old.all().join::<Note>(|o, n| n.text.eq(o.text)).filter(|(o, n)| o.id.eq(uuid) & n.id.eq(7));
            assert_eq!(both.count().fetch_one(&db).await.unwrap(), 1);

            assert_eq!(notes.delete(7).fetch_one(&db).await.unwrap().text, text());
            assert_eq!(old.delete_many().filter(|n| n.id.eq(uuid)).execute(&db).await.unwrap(), 1);
            assert_eq!(of_reports.delete("7").fetch_one(&db).await.unwrap().text, text());
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, ToSql, FromSql)]
#[postgres(name = "state", rename_all = "lowercase")]
enum State {
    Draft,
    Final,
}

#[derive(Debug, Clone, PartialEq, TenantTable)]
#[tenant_table(name = "issue", schema = "reporting")]
struct Issue {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(default)]
    state: State,
}

/// Enums, sequences and defaults are those of the schema in which the table is.
#[tokio::test]
async fn a_type_of_the_schemas_own_is_its_own() {
    let stage = Reports::<Key>::new().await;
    for (tenant, first) in [(&stage.acme, 10), (&stage.globex, 20)] {
        let place = place(tenant, "reporting");
        stage
            .execute(&format!(
                "create type {place}.state as enum ('draft', 'final');
                 create sequence {place}.numbers start {first};
                 create table {place}.issue (
                     id bigint primary key default nextval('{place}.numbers'), state {place}.state not null default 'draft'
                 )"
            ))
            .await;
    }
    let db = stage.one_connection(256).await;
    for turn in 0..3 {
        for (tenant, first) in [(&stage.acme, 10), (&stage.globex, 20)] {
            let issues = Issue::repository().for_tenant(tenant);
            let by_default = issues.insert(NewIssue { state: None }).fetch_one(&db).await.unwrap();
            let given = issues.insert(NewIssue { state: Some(State::Final) }).fetch_one(&db).await.unwrap();
            assert_eq!(by_default, Issue { id: first + 2 * turn, state: State::Draft });
            assert_eq!(given, Issue { id: first + 2 * turn + 1, state: State::Final });
            let finals = issues.filter(|i| i.state.eq(State::Final)).count().fetch_one(&db).await.unwrap();
            assert_eq!(finals, turn + 1);
        }
    }
}
