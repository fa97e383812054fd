//! SQLAlchemy's `schema_translate_map`: the tenant on an engine, a session or a query, and what reads the default schema
//! in spite of it.

use tenantry::{Database, TenantId};
use tenantry_tests::both_shops;
use tenantry_tests::shop::shop_tables;
use throwaway_postgres::by_hand;

use crate::shop::shop;
use crate::stage::Stage;

/// Tables of the same names in `public`, which every `search_path` ends with, and whose rows nobody may see.
async fn shop_with_public_tables() -> Stage {
    let stage = shop().await;
    let sql = shop_tables("public", "", "")
        + "insert into public.account values (1, 'public 1', 'Nowhere', 1);
           insert into public.\"order\" values (1, 1, null, 'tea', -1, 'public');
           insert into public.payment (order_id, cents) values (1, -1);";
    stage.execute(&sql).await;
    stage
}

#[tokio::test]
async fn what_is_loaded_after_a_query_is_of_the_same_tenant() {
    let stage = shop_with_public_tables().await;
    both_shops!(|stage, acme, globex| {
        for (tenant, name) in [(acme, "acme"), (globex, "globex")] {
            let orders = Order::repository().for_tenant(tenant);
            let order = orders.find(1).fetch_one(&stage.db).await.unwrap();
            // A lazy load.
            assert_eq!(orders.account_of(&order).fetch_one(&stage.db).await.unwrap().name, format!("{name} 1"));
            // A refresh.
            assert_eq!(orders.find(order.id).fetch_one(&stage.db).await.unwrap().note, Some(format!("{name} note 1")));
            // `selectinload`.
            let loaded = orders.filter(|o| o.id.eq(1)).with((Order::account(), Payment::of_order()));
            let (_, (account, payments)) = loaded.fetch_one(&stage.db).await.unwrap();
            assert_eq!(account.unwrap().name, format!("{name} 1"));
            assert!(payments.iter().all(|payment| payment.cents > 0));
        }
    });
}

#[tokio::test]
async fn the_same_key_in_a_second_tenant_is_another_object() {
    let stage = shop_with_public_tables().await;
    both_shops!(|stage, acme, globex| {
        let transaction = stage.db.begin().await.unwrap();
        for _ in 0..3 {
            for (tenant, name) in [(acme, "acme 1"), (globex, "globex 1")] {
                let account = Account::repository().for_tenant(tenant).find(1).fetch_one(&transaction).await.unwrap();
                assert_eq!(account.name, name);
            }
        }
        transaction.commit().await.unwrap();
    });
}

#[tokio::test]
async fn a_scope_outlives_commits_and_connections() {
    let stage = shop_with_public_tables().await;
    let db = stage.pool_of(1).await;
    both_shops!(|stage, acme, _globex| {
        let accounts = Account::repository().for_tenant(acme);
        let transaction = db.begin().await.unwrap();
        let account = accounts.find(1).fetch_one(&transaction).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(accounts.find(account.id).fetch_one(&db).await.unwrap().name, "acme 1");
        assert!(accounts.find(account.id).fetch_one(&db.begin().await.unwrap()).await.is_ok());
    });
    let path =
        stage.texts("select string_agg(distinct setting, ',') from pg_settings where name = 'search_path'").await;
    assert_eq!(path, ["\"$user\", public"]);
}

#[tokio::test]
async fn a_missing_schema_is_an_error_and_never_the_default_one() {
    use tenantry_tests::shop::by_schema::*;
    let stage = shop_with_public_tables().await;
    let nobody: TenantId = "nobody".parse().unwrap();
    let orders = Order::repository().for_tenant(&nobody);
    let joined = orders.all().join::<Account>(|o, a| Order::account().on(o, a));
    assert!(joined.fetch_all(&stage.db).await.unwrap_err().is_missing_table());
    assert!(orders.all().with(Order::account()).fetch_all(&stage.db).await.unwrap_err().is_missing_table());
    assert!(orders.delete_many().all_rows().execute(&stage.db).await.unwrap_err().is_missing_table());
    assert_eq!(stage.texts("select count(*)::text from public.\"order\"").await, ["1"]);
}

#[tokio::test]
async fn text_that_looks_like_a_placeholder_stays_what_it_is() {
    let stage = shop_with_public_tables().await;
    both_shops!(|stage, acme, _globex| {
        let accounts = Account::repository().for_tenant(acme);
        for (id, name) in
            [(20, "__[SCHEMA_pw]"), (21, "__[SCHEMA__none]"), (22, "\"acme\".account"), (23, "$1 t0. {tenant}")]
        {
            let new = NewAccount { id, name: name.into(), city: Some(name.into()), balance: 0 };
            accounts.insert(new).execute(&stage.db).await.unwrap();
            let found =
                accounts.filter(|a| a.name.eq(name)).select(|a| (a.id, a.city)).fetch_one(&stage.db).await.unwrap();
            assert_eq!(found, (id, Some(name.to_owned())));
        }
    });
}

#[tokio::test]
async fn many_tenants_keep_within_the_statement_cache() {
    use tenantry_tests::shop::by_schema::*;
    let stage = shop_with_public_tables().await;
    let tenants: Vec<_> = (0..50).map(|number| format!("tenant{number}")).collect();
    let sql: String = tenants
        .iter()
        .map(|tenant| {
            format!(
                "create schema {tenant}; {} insert into {tenant}.account values (1, '{tenant}', null, 0);",
                shop_tables(tenant, "", "")
            )
        })
        .collect();
    stage.execute(&sql).await;
    let options = Database::options().pool_size(1).statement_capacity(8);
    let db = options.connect(stage.url()).await.unwrap();
    let connection = db.connection().await.unwrap();
    for _ in 0..4 {
        for tenant in &tenants {
            let tenant_id: TenantId = tenant.parse().unwrap();
            let accounts = Account::repository().for_tenant(&tenant_id);
            assert_eq!(accounts.all().fetch_one(&connection).await.unwrap().name, *tenant);
        }
    }
    let kept = connection
        .unscoped_client()
        .query_one(&by_hand("select count(*) from pg_prepared_statements"), &[])
        .await
        .unwrap();
    // The question itself is prepared, too.
    assert!(kept.get::<_, i64>(0) <= 9);
}
