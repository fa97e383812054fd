//! acts_as_tenant: a default scope by the current tenant, and validations of what refers to what.

use tenantry_tests::both_shops;
use tenantry_tests::shop::Product;

use crate::shop::{rows_of_globex, shop};

#[tokio::test]
async fn another_tenants_row_is_not_found_by_its_id() {
    let stage = shop().await;
    let only_globex = format!(
        "insert into globex.account values (77, 'hidden', null, 0);
         insert into app.account (tenant_id, id, name, balance) values ('{}', 77, 'hidden', 0)",
        stage.row_globex
    );
    stage.execute(&only_globex).await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, globex| {
        let accounts = Account::repository().for_tenant(acme);
        assert!(accounts.find(77).fetch_one(&stage.db).await.unwrap_err().is_not_found());
        assert!(accounts.find_many([77, 1]).fetch_all(&stage.db).await.unwrap().iter().all(|a| a.id == 1));
        assert!(accounts.find_by_name("hidden").fetch_optional(&stage.db).await.unwrap().is_none());
        assert_eq!(accounts.delete(77).execute(&stage.db).await.unwrap(), 0);
        let change = accounts.update(77, AccountChanges::default().balance(5), 1).fetch_one(&stage.db).await;
        assert!(change.unwrap_err().is_version_conflict());
        assert!(!accounts.filter(|a| a.id.eq(77)).exists().fetch_one(&stage.db).await.unwrap());
        assert_eq!(
            Account::repository().for_tenant(globex).find(77).fetch_one(&stage.db).await.unwrap().name,
            "hidden"
        );
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}

#[tokio::test]
async fn a_reference_to_another_tenants_row_is_refused() {
    let stage = shop().await;
    // The account 77 is globex' alone.
    let only_globex = format!(
        "insert into globex.account values (77, 'hidden', null, 0);
         insert into app.account (tenant_id, id, name, balance) values ('{}', 77, 'hidden', 0)",
        stage.row_globex
    );
    stage.execute(&only_globex).await;
    both_shops!(|stage, acme, globex| {
        let new =
            || NewOrder { id: 50, account_id: 77, referred_by: None, product: "tea".into(), total: 1, note: None };
        let error = Order::repository().for_tenant(acme).insert(new()).execute(&stage.db).await.unwrap_err();
        assert!(error.is_foreign_key_violation(), "{error}");
        Order::repository().for_tenant(globex).insert(new()).execute(&stage.db).await.unwrap();
        let moved = Order::repository().for_tenant(acme).update(1, OrderChanges::default().account_id(77));
        assert!(moved.execute(&stage.db).await.unwrap_err().is_foreign_key_violation());
    });
}

#[tokio::test]
async fn values_are_unique_within_a_tenant() {
    let stage = shop().await;
    both_shops!(|stage, acme, globex| {
        for (tenant, name) in [(acme, "acme 1"), (globex, "globex 1")] {
            let accounts = Account::repository().for_tenant(tenant);
            let new = |name: &str| NewAccount { id: 30, name: name.into(), city: None, balance: 0 };
            assert!(accounts.insert(new(name)).execute(&stage.db).await.unwrap_err().is_unique_violation());
            // Another tenant's name is free.
            accounts
                .insert(new(if name == "acme 1" { "globex 1" } else { "acme 1" }))
                .execute(&stage.db)
                .await
                .unwrap();
        }
    });
}

#[tokio::test]
async fn global_records_are_seen_by_all_and_written_by_none() {
    let stage = shop().await;
    let tea = |tenant| Product::repository().for_tenant(tenant).find("tea");
    assert_eq!(tea(&stage.acme).fetch_one(&stage.db).await.unwrap().price, 5);
    assert_eq!(tea(&stage.globex).fetch_one(&stage.db).await.unwrap().price, 5);
    both_shops!(|stage, acme, globex| {
        for tenant in [acme, globex] {
            let priced = Order::repository().for_tenant(tenant).all().join::<Product>(|o, p| Order::product().on(o, p));
            assert_eq!(priced.count().fetch_one(&stage.db).await.unwrap(), 5);
        }
    });
}

#[tokio::test]
async fn every_verb_counts_the_tenants_rows_alone() {
    let stage = shop().await;
    stage.execute("delete from globex.payment; delete from app.payment where tenant_id in (select tenant_id from app.account where name = 'globex 1')").await;
    both_shops!(|stage, acme, globex| {
        for (tenant, count) in [(acme, 2), (globex, 0)] {
            let payments = Payment::repository().for_tenant(tenant).all();
            assert_eq!(payments.count().fetch_one(&stage.db).await.unwrap(), count);
            assert_eq!(payments.exists().fetch_one(&stage.db).await.unwrap(), count > 0);
            assert_eq!(payments.clone().fetch_all(&stage.db).await.unwrap().len() as i64, count);
            assert_eq!(payments.clone().execute(&stage.db).await.unwrap() as i64, count);
            let mut rows = payments.fetch(&stage.db);
            let mut streamed = 0;
            while rows.try_next().await.unwrap().is_some() {
                streamed += 1;
            }
            assert_eq!(streamed, count);
        }
    });
}
