use tenantry::{Select, exists};
use tenantry_tests::both_shops;

use super::{rows_of_globex, shop};

#[tokio::test]
async fn an_insert_takes_what_a_query_of_the_same_tenant_selects() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, _globex| {
        let payments = Payment::repository().for_tenant(acme);
        let unpaid = || {
            payments.insert_from(
                |p| (p.order_id, p.cents),
                |orders: Select<Order, _, _>| {
                    orders
                        .filter(|o| !exists::<Payment>().matching(|p| p.order_id.eq(o.id)))
                        .select(|o| (o.id, o.total * 2))
                },
            )
        };
        let mut written = unpaid().fetch_all(&stage.db).await.unwrap();
        written.sort_by_key(|payment| payment.order_id);
        let written: Vec<_> = written.iter().map(|payment| (payment.order_id, payment.cents)).collect();
        assert_eq!(written, [(2, 400), (4, 800), (5, 1000)]);
        assert_eq!(unpaid().execute(&stage.db).await.unwrap(), 0, "all are paid now");
        assert_eq!(payments.all().count().fetch_one(&stage.db).await.unwrap(), 5);

        let each_once = payments.insert_from(
            |p| (p.order_id, p.cents),
            |orders: Select<Order, _, _>| orders.select(|o| (o.account_id, o.account_id * 0 + 77)).distinct(),
        );
        let accounts = Order::repository().for_tenant(acme).all().select(|o| o.account_id).distinct();
        let accounts = accounts.fetch_all(&stage.db).await.unwrap().len();
        assert_eq!(each_once.execute(&stage.db).await.unwrap(), accounts as u64);
        payments.delete_many().filter(|p| p.cents.eq(77)).execute(&stage.db).await.unwrap();

        // Of its own rows, and of those of several tables.
        let accounts = Account::repository().for_tenant(acme);
        let copied = accounts.insert_from(
            |a| (a.id, a.name, a.city, a.balance),
            |all: Select<Account, _, _>| all.select(|a| (a.id + 10, a.name.upper(), a.city, a.balance)),
        );
        assert_eq!(copied.execute(&stage.db).await.unwrap(), 3, "one is deleted");
        let copied = accounts.filter(|a| a.id.gt(4)).order_by(|a| a.id.asc()).fetch_all(&stage.db).await.unwrap();
        let seen: Vec<_> = copied.iter().map(|a| (a.id, &*a.name, a.balance, a.version)).collect();
        assert_eq!(seen, [(11, "ACME 1", 1, 1), (12, "ACME 2", 2, 1), (13, "ACME 3", 3, 1)]);
        let joined = accounts.insert_from(
            |a| (a.id, a.name, a.balance),
            |orders: Select<Order, _, _>| {
                orders
                    .join::<Account>(|o, a| Order::account().on(o, a) & a.id.eq(2))
                    .select(|(o, a)| (o.id + 100, o.note.or(o.product).upper(), o.total + a.balance))
                    .order_by(|(o, _)| o.id.asc())
                    .limit(1)
            },
        );
        let joined = joined.fetch_one(&stage.db).await.unwrap();
        assert_eq!((joined.id, &*joined.name, joined.balance), (103, "TEA", 302));

        let error = payments.insert_from(
            |p| (p.id, p.order_id, p.cents),
            |orders: Select<Order, _, _>| orders.select(|o| (o.id, o.id, o.total)),
        );
        let error = error.execute(&stage.db).await.unwrap_err();
        assert!(error.to_string().contains("gives a column that is not to be given"), "{error}");
        assert!(!error.may_have_run());
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}

#[tokio::test]
async fn an_insert_brings_what_is_chosen_of_its_rows() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, _globex| {
        let payments = Payment::repository().for_tenant(acme);
        let new = |order_id, cents| NewPayment { order_id, cents };
        let one = payments.insert(new(2, 7)).returning(|p| (p.order_id, p.cents + 1));
        assert_eq!(one.fetch_one(&stage.db).await.unwrap(), (2, 8));
        let many = payments.insert_many([new(4, 1), new(5, 2)]).returning(|p| p.cents);
        assert_eq!(many.fetch_all(&stage.db).await.unwrap(), [1, 2]);

        let accounts = Account::repository().for_tenant(acme);
        let new = |name: &str| NewAccount { id: 9, name: name.to_owned(), city: None, balance: 5 };
        let there = || accounts.insert(new("acme 2")).on_conflict(AccountKey::Name);
        let name = there().do_nothing().returning(|a| a.name).fetch_optional(&stage.db).await.unwrap();
        assert_eq!(name, None);
        let changed = there().update(|a| a.balance).returning(|a| (a.id, a.city, a.balance));
        assert_eq!(changed.fetch_one(&stage.db).await.unwrap(), (2, Some("Oslo".to_owned()), 5));
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}

#[tokio::test]
async fn an_upsert_brings_a_deleted_row_back_and_counts_its_version() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, _globex| {
        let accounts = Account::repository().for_tenant(acme);
        let new = |id, balance| NewAccount { id, name: format!("acme {id}"), city: Some("Rome".to_owned()), balance };
        let insert = |id, balance| accounts.insert(new(id, balance)).on_conflict(AccountKey::PrimaryKey);

        // Left as it is, it stays deleted.
        assert_eq!(insert(4, 40).do_nothing().fetch_optional(&stage.db).await.unwrap(), None);
        assert_eq!(accounts.find(4).fetch_optional(&stage.db).await.unwrap(), None);

        let back = insert(4, 40).update(|a| a.balance).fetch_one(&stage.db).await.unwrap();
        assert_eq!((back.city.as_deref(), back.balance, back.version, back.deleted_at), (None, 40, 2, None));
        assert_eq!(accounts.find(4).fetch_one(&stage.db).await.unwrap(), back);
        // Whoever has read the row before learns of it.
        let late = accounts.update(4, AccountChanges::default().balance(0), 1);
        assert!(late.execute(&stage.db).await.unwrap_err().is_version_conflict());

        accounts.delete(4).execute(&stage.db).await.unwrap();
        let deleted = accounts.filter(|a| a.id.eq(4)).with_deleted().fetch_one(&stage.db).await.unwrap();
        let news = [new(4, 41), new(1, 11), new(5, 51)];
        let written = accounts.insert_many(news).on_conflict(AccountKey::PrimaryKey).update_all();
        let written = written.fetch_all(&stage.db).await.unwrap();
        let seen: Vec<_> = written.iter().map(|a| (a.id, a.balance, a.version, a.deleted_at)).collect();
        assert_eq!(seen, [(4, 41, deleted.version + 1, None), (1, 11, 2, None), (5, 51, 1, None)]);
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}
