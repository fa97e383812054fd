use std::sync::Arc;

use tenantry_tests::both_shops;

use super::shop;

#[tokio::test]
async fn a_relation_is_followed_in_both_directions() {
    let stage = shop().await;
    both_shops!(|stage, acme, globex| {
        for (tenant, name) in [(acme, "acme"), (globex, "globex")] {
            let (accounts, orders) = (Account::repository().for_tenant(tenant), Order::repository().for_tenant(tenant));
            let order = orders.find(2).fetch_one(&stage.db).await.unwrap();
            let account = orders.account_of(&order).fetch_one(&stage.db).await.unwrap();
            assert_eq!(account.name, format!("{name} 1"));
            let referrer = orders.referrer_of(&order).fetch_one(&stage.db).await.unwrap();
            assert_eq!(referrer.name, format!("{name} 3"));
            assert_eq!(orders.product_of(&order).fetch_one(&stage.db).await.unwrap().price, 9);

            let of_account = orders.of_account(&account).order_by(|o| o.id.asc()).fetch_all(&stage.db).await.unwrap();
            assert_eq!(of_account.iter().map(|order| order.id).collect::<Vec<_>>(), [1, 2]);

            let first = orders.find(1).fetch_one(&stage.db).await.unwrap();
            assert_eq!(orders.referrer_of(&first).fetch_optional(&stage.db).await.unwrap(), None);
            assert_eq!(accounts.all().count().fetch_one(&stage.db).await.unwrap(), 3);
        }
    });
}

#[tokio::test]
async fn what_belongs_to_a_list_is_loaded_to_any_depth() {
    let stage = shop().await;
    both_shops!(|stage, acme, globex| {
        for (tenant, name, factor) in [(acme, "acme", 1), (globex, "globex", 10)] {
            let accounts = Account::repository().for_tenant(tenant);
            let loaded = accounts
                .all()
                .order_by(|a| a.id.asc())
                .with(Order::of_account().rows(|orders| orders.order_by(|o| o.id.desc())).with((
                    Payment::of_order(),
                    Order::referrer(),
                    Order::product(),
                )))
                .fetch_all(&stage.db)
                .await
                .unwrap();
            let seen: Vec<_> = loaded
                .into_iter()
                .map(|(account, orders)| {
                    let orders: Vec<_> = orders
                        .into_iter()
                        .map(|(order, (payments, referrer, product))| {
                            let cents: i64 = payments.iter().map(|payment| payment.cents).sum();
                            (order.id, cents, referrer.map(|r| r.name.clone()), product.map(|p| p.price))
                        })
                        .collect();
                    (account.name, orders)
                })
                .collect();
            let named = |id: i64| format!("{name} {id}");
            let expected = [
                (named(1), vec![(2, 0, Some(named(3)), Some(9)), (1, 60 * factor, None, Some(5))]),
                (named(2), vec![(4, 0, None, Some(5)), (3, 180 * factor, None, Some(5))]),
                (named(3), vec![]),
            ];
            assert_eq!(seen, expected);
        }
    });
}

#[tokio::test]
async fn rows_that_refer_to_the_same_one_share_it() {
    let stage = shop().await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme).all().order_by(|o| o.id.asc());
        let loaded = orders.clone().with(Order::account()).fetch_all(&stage.db).await.unwrap();
        let accounts: Vec<_> = loaded.iter().map(|(_, account)| account.clone()).collect();
        assert!(Arc::ptr_eq(accounts[0].as_ref().unwrap(), accounts[1].as_ref().unwrap()));
        assert!(accounts[4].is_none(), "it is deleted");
        let with_deleted = Order::account().rows(|accounts| accounts.with_deleted());
        let loaded = orders.with(with_deleted).fetch_all(&stage.db).await.unwrap();
        assert_eq!(loaded[4].1.as_ref().unwrap().name, "acme 4");
    });
}

#[tokio::test]
async fn nothing_is_asked_for_rows_that_are_not_there() {
    let stage = shop().await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme);
        let none = orders.filter(|o| o.id.lt(0)).with(Order::account().with(Order::of_account()));
        assert!(none.clone().fetch_all(&stage.db).await.unwrap().is_empty());
        assert!(none.clone().fetch_optional(&stage.db).await.unwrap().is_none());
        assert!(none.fetch_one(&stage.db).await.unwrap_err().is_not_found());
        let one = orders.filter(|o| o.id.eq(1)).with(Order::account());
        assert_eq!(one.fetch_one(&stage.db).await.unwrap().1.unwrap().id, 1);
    });
}
