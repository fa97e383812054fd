//! A tenant column and a tenant's schema by every kind of key.

use tenantry::{InvalidTenantId, Slug, TenantId, TenantKey, TenantTable};
use uuid::Uuid;

use super::Stage;

/// A key type of an application's own.
#[derive(Debug)]
struct Account(i64);

impl TenantKey for Account {
    type Value = i64;

    fn from_value(value: i64) -> Result<Self, InvalidTenantId> {
        Ok(Self(value))
    }

    fn value(&self) -> &i64 {
        &self.0
    }
}

/// Tables of one shape for a kind of key, by row and by schema, and what holds for them.
macro_rules! tables_by_key {
    ($test:ident, $key:ty, $column:literal, $acme:expr, $globex:expr) => {
        #[tokio::test]
        async fn $test() {
            #[derive(Debug, PartialEq, TenantTable)]
            #[tenant_table(name = "note", tenant_column(owner: $key), schema = "by_row")]
            struct RowNote {
                #[tenant_table(primary_key)]
                id: i32,
                text: String,
            }

            #[derive(Debug, PartialEq, TenantTable)]
            #[tenant_table(name = "note", tenant = $key)]
            struct Note {
                #[tenant_table(primary_key)]
                id: i32,
                text: String,
            }

            let stage = Stage::empty().await;
            let tenants: [TenantId<$key>; 2] = [$acme, $globex].map(Result::unwrap);
            let [acme, globex] = tenants.each_ref().map(TenantId::schema);
            assert_ne!(acme, globex);
            stage
                .execute(&format!(
                    "create schema by_row; create schema if not exists \"{acme}\"; create schema if not exists \"{globex}\";
                     create table by_row.note (owner {}, id int, text text, primary key (owner, id));
                     comment on column by_row.note.owner is 'tenant';
                     create table \"{acme}\".note (id int primary key, text text);
                     create table \"{globex}\".note (id int primary key, text text)",
                    $column
                ))
                .await;

            for (tenant, text) in tenants.iter().zip(["acme", "globex"]) {
                let text = text.to_owned();
                let rows = RowNote::repository().for_tenant(tenant);
                rows.insert(NewRowNote { id: 1, text: text.clone() }).execute(&stage.db).await.unwrap();
                let notes = Note::repository().for_tenant(tenant);
                notes.insert(NewNote { id: 1, text }).execute(&stage.db).await.unwrap();
            }
            for (tenant, text) in tenants.iter().zip(["acme", "globex"]) {
                let rows = RowNote::repository().for_tenant(tenant);
                assert_eq!(rows.find(1).fetch_one(&stage.db).await.unwrap().text, text);
                let changed = rows.update_many(RowNoteChanges::default().text(text)).all_rows();
                assert_eq!(changed.execute(&stage.db).await.unwrap(), 1);
                let notes = Note::repository().for_tenant(tenant);
                assert_eq!(notes.all().fetch_one(&stage.db).await.unwrap().text, text);
                assert_eq!(notes.delete(1).fetch_one(&stage.db).await.unwrap().text, text);
            }
            let owners = stage.texts("select owner || ' ' || text from by_row.note order by text").await;
            let expected = tenants.iter().zip(["acme", "globex"]).map(|(tenant, text)| format!("{tenant} {text}"));
            assert_eq!(owners, expected.collect::<Vec<_>>());
        }
    };
}

tables_by_key!(slugs, Slug, "text", "acme".parse(), "globex".parse());
tables_by_key!(uuids, Uuid, "uuid", TenantId::new(Uuid::from_u128(1)), TenantId::new(Uuid::from_u128(2)));
tables_by_key!(big_numbers, i64, "bigint", TenantId::new(i64::MAX), TenantId::new(-1_i64));
tables_by_key!(numbers, i32, "int", TenantId::new(0_i32), TenantId::new(1_i32));
tables_by_key!(own_key_types, Account, "bigint", "42".parse(), TenantId::new(Account(7)));

#[tokio::test]
async fn a_tenant_key_of_the_wrong_sql_type_is_an_error() {
    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "customer", tenant_column(tenant_id: i64), schema = "app")]
    struct Customer {
        #[tenant_table(primary_key)]
        id: i64,
        name: String,
    }

    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&TenantId::new(1_i64).unwrap());
    let error = customers.find(1).fetch_optional(&stage.db).await.unwrap_err();
    assert!(error.to_string().contains("uuid"), "{error}");
    assert!(customers.all().count().fetch_one(&stage.db).await.is_err());
    assert!(customers.delete_many().all_rows().execute(&stage.db).await.is_err());
}

#[tokio::test]
async fn a_row_without_a_tenant_is_nobodys() {
    #[derive(Debug, PartialEq, TenantTable)]
    #[tenant_table(name = "memo", tenant_column(tenant_id: Uuid), keyless)]
    struct Memo {
        text: String,
    }

    let stage = Stage::empty().await;
    // Where no schema is named it is `public`.
    stage
        .execute(
            "create table public.memo (tenant_id uuid, text text);
             insert into public.memo values (null, 'nobody'), ('00000000-0000-0000-0000-000000000000', 'nobody')",
        )
        .await;
    let memos = Memo::repository().for_tenant(&stage.row_acme);
    assert_eq!(memos.all().fetch_all(&stage.db).await.unwrap(), []);
    memos.insert(NewMemo { text: "acme".to_owned() }).execute(&stage.db).await.unwrap();
    let found = memos.filter(|m| m.text.eq("nobody").or(m.text.ne("nobody"))).fetch_all(&stage.db).await.unwrap();
    assert_eq!(found, [Memo { text: "acme".to_owned() }]);
    assert_eq!(memos.update_many(MemoChanges::default().text("new")).all_rows().execute(&stage.db).await.unwrap(), 1);
    assert_eq!(memos.delete_many().all_rows().execute(&stage.db).await.unwrap(), 1);
    assert_eq!(stage.texts("select text from public.memo").await, ["nobody", "nobody"]);
}
