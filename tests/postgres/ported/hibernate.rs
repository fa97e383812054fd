//! Hibernate's `@TenantId`: the tenant of the session on every entity, whose bulk writes reached other tenants for years.

use tenantry_tests::both_shops;

use crate::shop::{rows_of_globex, shop};

#[tokio::test]
async fn an_entity_is_not_found_in_another_tenant() {
    let stage = shop().await;
    both_shops!(|stage, acme, globex| {
        let mine = Account::repository().for_tenant(acme).find(1).fetch_one(&stage.db).await.unwrap();
        let theirs = Account::repository().for_tenant(globex).find(1).fetch_one(&stage.db).await.unwrap();
        assert_eq!((mine.name.as_str(), theirs.name.as_str()), ("acme 1", "globex 1"));
    });
}

#[tokio::test]
async fn bulk_updates_and_deletes_reach_one_tenant() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme);
        let or = orders.update_many(OrderChanges::default().total(0)).filter(|o| o.id.eq(1) | o.total.ge(0));
        assert_eq!(or.execute(&stage.db).await.unwrap(), 5);
        assert_eq!(
            Payment::repository().for_tenant(acme).delete_many().all_rows().execute(&stage.db).await.unwrap(),
            2
        );
        assert_eq!(orders.delete_many().filter(|o| !o.id.lt(0)).execute(&stage.db).await.unwrap(), 5);
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}

#[tokio::test]
async fn an_upsert_takes_no_row_from_another_tenant() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, _globex| {
        let accounts = Account::repository().for_tenant(acme);
        let new = |id, name: &str, balance| NewAccount { id, name: name.into(), city: None, balance };
        // Globex has the key 2 and the name as well.
        let updated = accounts.insert(new(2, "renamed", 7)).on_conflict(AccountKey::PrimaryKey).update_all();
        assert_eq!(updated.fetch_one(&stage.db).await.unwrap().balance, 7);
        let added = accounts.insert(new(60, "globex 1", 8)).on_conflict(AccountKey::Name).update_all();
        assert_eq!(added.fetch_one(&stage.db).await.unwrap().id, 60);
        let skipped = accounts.insert(new(61, "globex 1", 9)).on_conflict(AccountKey::Name).do_nothing();
        assert!(skipped.fetch_optional(&stage.db).await.unwrap().is_none());
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}

#[tokio::test]
async fn collections_are_loaded_from_the_tenant_of_their_owner() {
    let stage = shop().await;
    both_shops!(|stage, acme, globex| {
        for (tenant, factor) in [(acme, 1), (globex, 10)] {
            let accounts = Account::repository().for_tenant(tenant).all().order_by(|a| a.id.asc());
            let loaded = accounts.with(Order::of_account()).fetch_all(&stage.db).await.unwrap();
            let totals: Vec<i64> =
                loaded.iter().map(|(_, orders)| orders.iter().map(|order| order.total).sum()).collect();
            assert_eq!(totals, [300 * factor, 700 * factor, 0]);
        }
    });
}

#[tokio::test]
async fn a_row_that_was_read_in_one_tenant_changes_nothing_in_another() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, globex| {
        // The row of globex, used in the scope of acme: its key there is acme's own row.
        let theirs = Order::repository().for_tenant(globex).find(1).fetch_one(&stage.db).await.unwrap();
        let orders = Order::repository().for_tenant(acme);
        assert_eq!(orders.account_of(&theirs).fetch_one(&stage.db).await.unwrap().name, "acme 1");
        assert_eq!(orders.delete_many().filter(|o| o.total.eq(theirs.total)).execute(&stage.db).await.unwrap(), 0);
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}
