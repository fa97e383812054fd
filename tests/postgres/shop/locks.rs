use tenantry_tests::both_shops;

use super::shop;

#[tokio::test]
async fn a_locked_row_is_skipped_or_refused_and_given_free_at_the_end() {
    let stage = shop().await;
    both_shops!(|stage, acme, globex| {
        let accounts = Account::repository().for_tenant(acme);
        let holder = stage.db.begin().await.unwrap();
        assert_eq!(accounts.find(1).for_update().fetch_one(&holder).await.unwrap().id, 1);

        let other = stage.db.begin().await.unwrap();
        let free = accounts.all().order_by(|a| a.id.asc()).for_update().skip_locked().fetch_all(&other).await.unwrap();
        assert_eq!(free.iter().map(|account| account.id).collect::<Vec<_>>(), [2, 3]);
        // The other tenant's row with the same key is another row.
        let same_key = Account::repository().for_tenant(globex).find(1).for_update().no_wait();
        assert_eq!(same_key.fetch_one(&other).await.unwrap().name, "globex 1");
        let error = accounts.find(1).for_share().no_wait().fetch_one(&other).await.unwrap_err();
        assert!(error.is_locked(), "{error}");
        other.rollback().await.unwrap();

        holder.commit().await.unwrap();
        let other = stage.db.begin().await.unwrap();
        assert_eq!(accounts.find(1).for_key_share().no_wait().fetch_one(&other).await.unwrap().id, 1);
        other.commit().await.unwrap();
    });
}

#[tokio::test]
async fn where_tables_are_joined_the_rows_of_the_first_are_locked() {
    let stage = shop().await;
    both_shops!(|stage, acme, _globex| {
        let (accounts, orders) = (Account::repository().for_tenant(acme), Order::repository().for_tenant(acme));
        let holder = stage.db.begin().await.unwrap();
        let locked = orders.all().left_join::<Account>(|o, a| Order::account().on(o, a)).for_no_key_update();
        assert_eq!(locked.fetch_all(&holder).await.unwrap().len(), 5);
        let other = stage.db.begin().await.unwrap();
        assert_eq!(accounts.all().for_update().no_wait().fetch_all(&other).await.unwrap().len(), 3);
        assert!(orders.find(1).for_update().no_wait().fetch_one(&other).await.unwrap_err().is_locked());
    });
}
