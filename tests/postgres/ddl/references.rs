use super::Empty;

impl Empty {
    /// Both tenants have the account 1; globex alone has 2.
    async fn with_accounts(&self) {
        let (acme, globex) = (&self.row_acme, &self.row_globex);
        self.execute(&format!(
            "insert into app.account (tenant_id, id, email, plan) values
                 ('{acme}', 1, 'a', 'free'), ('{globex}', 1, 'a', 'free'), ('{globex}', 2, 'b', 'free');
             insert into app.member (tenant_id, account_id, name, guest_id) values
                 ('{acme}', 1, 'x', 1), ('{globex}', 1, 'x', 1), ('{globex}', 2, 'y', 1)"
        ))
        .await;
    }

    async fn members(&self) -> Vec<String> {
        self.texts(
            "select format('%s %s %s', right(tenant_id::text, 4), account_id, guest_id) from app.member order by 1",
        )
        .await
    }
}

#[tokio::test]
async fn no_row_refers_to_another_tenants() {
    let stage = Empty::created().await;
    stage.with_accounts().await;
    let acme = &stage.row_acme;
    for column in ["account_id", "guest_id"] {
        let sql = format!("update app.member set {column} = 2 where tenant_id = '{acme}'");
        let error = stage.try_execute(&sql).await.unwrap_err();
        let constraint = format!("member_{column}_fkey");
        assert_eq!(error.as_db_error().unwrap().constraint(), Some(&*constraint));
    }
    let moved = format!("update app.member set tenant_id = '{acme}' where account_id = 2");
    let error = stage.try_execute(&moved).await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().constraint(), Some("member_account_id_fkey"));
    // To its own it may.
    stage.execute(&format!("update app.member set guest_id = null where tenant_id = '{acme}'")).await;
    stage.execute(&format!("update app.member set guest_id = 1 where tenant_id = '{acme}'")).await;
}

#[tokio::test]
async fn what_a_deletion_does_stays_within_its_tenant() {
    let stage = Empty::created().await;
    stage.with_accounts().await;
    assert_eq!(stage.members().await, ["10be 1 1", "10be 2 1", "ac3e 1 1"]);
    stage.execute(&format!("delete from app.account where tenant_id = '{}' and id = 1", stage.row_globex)).await;
    // Its guests are nobody's, and still globex'.
    assert_eq!(stage.members().await, ["10be 2 ", "ac3e 1 1"]);
}

#[tokio::test]
async fn every_key_and_every_index_begins_with_the_tenant() {
    let stage = Empty::created().await;
    for schema in ["app", "slugs"] {
        let begins = format!(
            "select format('%s %s', attname = 'tenant_id' and attnotnull, indexrelid::regclass)
                 from pg_index join pg_attribute on attrelid = indrelid and attnum = indkey[0]
             where indrelid in ('{schema}.account'::regclass, '{schema}.member'::regclass)"
        );
        let indexes = stage.texts(&begins).await;
        // Two primary keys, two unique keys, and indexes by `lower_email`, `plan`, `parent_id` and `guest_id`.
        assert_eq!(indexes.len(), 8, "{indexes:?}");
        assert!(indexes.iter().all(|index| index.starts_with("t ")), "{indexes:?}");
    }
    let references = stage
        .texts(
            "select format('%s %s %s', conname, a.attname, b.attname) from pg_constraint
                 join pg_attribute a on a.attrelid = conrelid and a.attnum = conkey[1]
                 join pg_attribute b on b.attrelid = confrelid and b.attnum = confkey[1]
             where contype = 'f' and conrelid::regclass::text ~ '^app' order by 1",
        )
        .await;
    let expected = [
        "account_parent_id_fkey tenant_id tenant_id",
        "account_plan_fkey plan code",
        "member_account_id_fkey tenant_id tenant_id",
        "member_guest_id_fkey tenant_id tenant_id",
    ];
    assert_eq!(references, expected);
}

#[tokio::test]
async fn a_tenant_in_words_is_not_empty() {
    let stage = Empty::created().await;
    let error = stage.try_execute("insert into slugs.event values ('', 'x')").await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().constraint(), Some("event_tenant_id_check"));
    let error = stage.try_execute("insert into app.event values (null, 'x')").await.unwrap_err();
    assert_eq!(error.as_db_error().unwrap().column(), Some("tenant_id"));
}
