use tenantry::count_rows;
use tenantry_tests::both_shops;
use tenantry_tests::shop::{Turnover, TurnoverSelection};

use super::shop;

#[tokio::test]
async fn sums_are_of_one_tenant_and_null_where_there_is_nothing() {
    let stage = shop().await;
    both_shops!(|stage, acme, globex| {
        for (tenant, factor) in [(acme, 1), (globex, 10)] {
            let orders = Order::repository().for_tenant(tenant);
            let all = orders
                .all()
                .select(|o| (count_rows(), o.note.count(), o.total.sum(), o.total.avg(), o.total.min(), o.total.max()));
            let seen = all.clone().fetch_one(&stage.db).await.unwrap();
            let total = |cents: i64| Some(cents * factor);
            assert_eq!(seen, (5, 2, total(1_500), Some(300.0 * factor as f64), total(100), total(500)));
            let none = all.filter(|o| o.id.lt(0)).fetch_one(&stage.db).await.unwrap();
            assert_eq!(none, (0, 0, None, None, None, None));
        }
    });
}

#[tokio::test]
async fn groups_are_read_as_a_struct() {
    let stage = shop().await;
    both_shops!(|stage, acme, globex| {
        for (tenant, name, factor) in [(acme, "acme", 1), (globex, "globex", 10)] {
            let turnover = Account::repository()
                .for_tenant(tenant)
                .all()
                .left_join::<Order>(|a, o| Order::of_account().on(a, o))
                .group_by(|(a, _)| a.name)
                .select(|(a, o)| TurnoverSelection { account: a.name, orders: o.id.count(), total: o.total.sum() })
                .order_by(|(a, _)| a.name.asc());
            let row = |account: i64, orders: i64, total: Option<i64>| Turnover {
                account: format!("{name} {account}"),
                orders,
                total: total.map(|total| total * factor),
            };
            let seen = turnover.clone().fetch_all(&stage.db).await.unwrap();
            assert_eq!(seen, [row(1, 2, Some(300)), row(2, 2, Some(700)), row(3, 0, None)]);
            assert_eq!(turnover.count().fetch_one(&stage.db).await.unwrap(), 3);

            let great = turnover.having(|(_, o)| o.total.sum().ge(700 * factor)).order_by(|(_, o)| o.id.count().desc());
            assert_eq!(great.fetch_all(&stage.db).await.unwrap(), [row(2, 2, Some(700))]);
        }
    });
}

#[tokio::test]
async fn distinct_values_and_the_first_of_each() {
    let stage = shop().await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme);
        let products = orders.all().select(|o| o.product).distinct().order_by(|o| o.product.asc());
        assert_eq!(products.clone().fetch_all(&stage.db).await.unwrap(), ["mug", "tea"]);
        assert_eq!(products.count().fetch_one(&stage.db).await.unwrap(), 2);
        let last_of_each = orders.all().distinct_on(|o| o.account_id).order_by(|o| [o.account_id.asc(), o.id.desc()]);
        let ids: Vec<_> = last_of_each.fetch_all(&stage.db).await.unwrap().iter().map(|order| order.id).collect();
        assert_eq!(ids, [2, 4, 5]);
        let several = orders.all().select(|o| o.product.count_distinct()).fetch_one(&stage.db).await.unwrap();
        assert_eq!(several, 2);
    });
}

#[tokio::test]
async fn arithmetic_and_null_follow_sql() {
    let stage = shop().await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme);
        let seen = orders
            .filter(|o| (o.total * 2 - o.id).gt(600))
            .select(|o| (o.total + o.id, o.total / 7, o.total + o.referred_by, o.note.or("none").upper(), o))
            .order_by(|o| (o.total * -1).asc())
            .fetch_all(&stage.db)
            .await
            .unwrap();
        let without_rows: Vec<_> = seen.iter().map(|(a, b, c, d, o)| (*a, *b, *c, d.as_str(), o.id)).collect();
        assert_eq!(without_rows, [(505, 71, None, "NONE", 5), (404, 57, None, "NONE", 4)]);
    });
}
