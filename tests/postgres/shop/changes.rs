use tenantry::exists;
use tenantry_tests::both_shops;

use super::{rows_of_globex, shop};

#[tokio::test]
async fn an_update_computes_with_the_columns_of_its_row() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, _globex| {
        let accounts = Account::repository().for_tenant(acme);
        let changed = accounts
            .update_many(AccountChanges::default().city("Rome"))
            .set(|a| a.balance.set(a.balance * 2 + 5))
            .filter(|a| a.city.is_not_null())
            .returning(|a| (a.id, a.balance, a.version))
            .fetch_all(&stage.db)
            .await
            .unwrap();
        assert_eq!(changed, [(1, 7, 2), (2, 9, 2)]);
        let twice = accounts.update_many(AccountChanges::default().city("Rome")).set(|a| a.city.set("Oslo")).all_rows();
        let error = twice.execute(&stage.db).await.unwrap_err();
        assert_eq!(error.to_string(), "the changes to `account` set \"city\" more than once; nothing was sent");
        let counted = accounts.update_many(AccountChanges::default()).set(|a| a.version.set(7)).all_rows();
        assert!(counted.execute(&stage.db).await.unwrap_err().to_string().contains("set \"version\" more than once"));
        let nothing = accounts.update_many(AccountChanges::default()).all_rows().execute(&stage.db).await.unwrap_err();
        assert!(nothing.is_no_changes());
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}

#[tokio::test]
async fn changes_with_joins_stay_within_the_tenant() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme);
        let changed = orders
            .update_many(OrderChanges::default())
            .join::<Account>(|o, a| Order::account().on(o, a))
            .set(|(o, a)| [o.total.set(o.total + a.balance), o.note.set(a.city)])
            .filter(|(_, a)| a.id.eq(2))
            .returning(|(o, a)| (o.id, o.total, o.note, a.name))
            .fetch_all(&stage.db)
            .await
            .unwrap();
        let row = |id, total| (id, total, Some("Oslo".to_owned()), "acme 2".to_owned());
        assert_eq!(changed, [row(3, 302), row(4, 402)]);

        let payments = Payment::repository().for_tenant(acme);
        let deleted = payments
            .delete_many()
            .join::<Order>(|p, o| p.order_id.eq(o.id))
            .join::<Account>(|(_, o), a| Order::account().on(o, a))
            .filter(|(_, _, a)| a.name.eq("acme 1"))
            .fetch_all(&stage.db)
            .await
            .unwrap();
        assert_eq!(deleted.iter().map(|payment| payment.order_id).collect::<Vec<_>>(), [1]);

        // What another tenant's row of the same key says counts for nothing.
        let of_globex = orders
            .update_many(OrderChanges::default().total(0))
            .join::<Account>(|o, a| Order::account().on(o, a))
            .filter(|(_, a)| a.name.starts_with("globex"));
        assert_eq!(of_globex.execute(&stage.db).await.unwrap(), 0);
        let of_globex = payments
            .delete_many()
            .join::<Order>(|p, o| p.order_id.eq(o.id))
            .join::<Account>(|(_, o), a| Order::account().on(o, a))
            .filter(|(_, _, a)| a.name.starts_with("globex"));
        assert_eq!(of_globex.execute(&stage.db).await.unwrap(), 0);

        let unpaid = orders.delete_many().filter(|o| !exists::<Payment>().matching(|p| p.order_id.eq(o.id)));
        assert_eq!(unpaid.execute(&stage.db).await.unwrap(), 4);
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}

#[tokio::test]
async fn an_old_version_changes_nothing_and_says_so() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, _globex| {
        let accounts = Account::repository().for_tenant(acme);
        let account = accounts.find(1).fetch_one(&stage.db).await.unwrap();
        let city = |city: &str| AccountChanges::default().city(city);
        let changed = accounts.update(1, city("Bonn"), account.version).fetch_one(&stage.db).await.unwrap();
        assert_eq!((changed.version, changed.city.as_deref()), (2, Some("Bonn")));

        let late = || accounts.update(1, city("Kyiv"), account.version);
        let error = late().execute(&stage.db).await.unwrap_err();
        assert!(error.is_version_conflict() && !error.is_not_found() && !error.may_have_run(), "{error}");
        assert!(late().fetch_one(&stage.db).await.unwrap_err().is_version_conflict());
        assert_eq!(late().fetch_optional(&stage.db).await.unwrap(), None);
        assert_eq!(accounts.find(1).fetch_one(&stage.db).await.unwrap().city.as_deref(), Some("Bonn"));
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}

#[tokio::test]
async fn a_deleted_row_is_read_only_where_it_is_asked_for() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, _globex| {
        let accounts = Account::repository().for_tenant(acme);
        assert!(accounts.delete(1).fetch_one(&stage.db).await.unwrap().deleted_at.is_some());
        assert_eq!(accounts.delete(1).execute(&stage.db).await.unwrap(), 0, "once");

        assert!(accounts.find(1).fetch_one(&stage.db).await.unwrap_err().is_not_found());
        assert!(accounts.find_by_name("acme 1").fetch_optional(&stage.db).await.unwrap().is_none());
        assert!(accounts.find_many([1, 4]).fetch_all(&stage.db).await.unwrap().is_empty());
        assert_eq!(accounts.all().count().fetch_one(&stage.db).await.unwrap(), 2);
        assert_eq!(accounts.all().with_deleted().count().fetch_one(&stage.db).await.unwrap(), 4);
        let changes = || AccountChanges::default().balance(0);
        assert!(accounts.update(1, changes(), 1).execute(&stage.db).await.unwrap_err().is_version_conflict());
        assert_eq!(accounts.update_many(changes()).all_rows().execute(&stage.db).await.unwrap(), 2);

        let orders = Order::repository().for_tenant(acme);
        let of_living = orders.all().join::<Account>(|o, a| Order::account().on(o, a));
        assert_eq!(of_living.count().fetch_one(&stage.db).await.unwrap(), 2);
        assert_eq!(of_living.with_deleted().count().fetch_one(&stage.db).await.unwrap(), 5);

        let restored = accounts.restore(1).fetch_one(&stage.db).await.unwrap();
        assert_eq!((restored.deleted_at, restored.version), (None, 3), "both changes are counted");
        // What stands beside the rows that are purged is read as it is elsewhere.
        let beside_deleted = accounts.purge_many().filter(|_| exists::<Account>().matching(|other| other.id.eq(4)));
        assert_eq!(beside_deleted.execute(&stage.db).await.unwrap(), 0);
        assert_eq!(accounts.find(1).fetch_one(&stage.db).await.unwrap().name, "acme 1");

        assert_eq!(orders.delete_many().filter(|o| o.account_id.eq(4)).execute(&stage.db).await.unwrap(), 1);
        let purged = accounts.purge_many().filter(|a| a.deleted_at.is_not_null());
        assert_eq!(purged.execute(&stage.db).await.unwrap(), 1);
        assert_eq!(accounts.all().with_deleted().count().fetch_one(&stage.db).await.unwrap(), 3);
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}
