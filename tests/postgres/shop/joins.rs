use tenantry::{exists, row_number};
use tenantry_tests::both_shops;
use tenantry_tests::shop::Product;

use super::shop;

#[tokio::test]
async fn an_inner_join_pairs_rows_of_one_tenant() {
    let stage = shop().await;
    both_shops!(|stage, acme, globex| {
        for (tenant, name, factor) in [(acme, "acme", 1), (globex, "globex", 10)] {
            let orders = Order::repository().for_tenant(tenant);
            let pairs = orders
                .all()
                .join::<Account>(|o, a| Order::account().on(o, a))
                .order_by(|(o, _)| o.id.asc())
                .fetch_all(&stage.db)
                .await
                .unwrap();
            // The order 5 is of an account that is deleted.
            let seen: Vec<_> =
                pairs.iter().map(|(order, account)| (order.id, account.name.clone(), order.total)).collect();
            let of = |order: i64, account: i64| (order, format!("{name} {account}"), order * 100 * factor);
            assert_eq!(seen, [of(1, 1), of(2, 1), of(3, 2), of(4, 2)]);
        }
    });
}

#[tokio::test]
async fn a_left_join_brings_none_where_there_is_no_row() {
    let stage = shop().await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme);
        let rows = orders
            .all()
            .left_join::<Payment>(|o, p| p.order_id.eq(o.id))
            .order_by(|(o, _)| o.id.asc())
            .fetch_all(&stage.db)
            .await
            .unwrap();
        let paid: Vec<_> = rows.iter().map(|(order, payment)| (order.id, payment.as_ref().map(|p| p.cents))).collect();
        assert_eq!(paid, [(1, Some(60)), (2, None), (3, Some(180)), (4, None), (5, None)]);

        // What is projected from it can be NULL.
        let cents = orders
            .all()
            .left_join::<Payment>(|o, p| p.order_id.eq(o.id))
            .filter(|(_, p)| p.id.is_null())
            .select(|(o, p)| (o.id, p.cents, p.cents.or(0)))
            .order_by(|(o, _)| o.id.asc())
            .fetch_all(&stage.db)
            .await
            .unwrap();
        assert_eq!(cents, [(2, None, 0), (4, None, 0), (5, None, 0)]);
    });
}

#[tokio::test]
async fn five_tables_are_joined_each_scoped_by_itself() {
    let stage = shop().await;
    both_shops!(|stage, acme, _globex| {
        let accounts = Account::repository().for_tenant(acme);
        let rows = accounts
            .all()
            .left_join::<Order>(|a, o| Order::of_account().on(a, o))
            .left_join::<Product>(|(_, o), p| p.code.eq(o.product))
            .left_join::<Payment>(|(_, o, _), p| p.order_id.eq(o.id))
            .left_join::<Account>(|(_, o, ..), referrer| Order::referrer().on(o, referrer))
            .order_by(|(a, o, ..)| [a.id.asc(), o.id.asc()])
            .fetch_all(&stage.db)
            .await
            .unwrap();
        let seen: Vec<_> = rows
            .into_iter()
            .map(|(a, o, product, payment, referrer)| {
                (a.id, o.map(|o| o.id), product.map(|p| p.price), payment.map(|p| p.cents), referrer.map(|r| r.name))
            })
            .collect();
        let expected = [
            (1, Some(1), Some(5), Some(60), None),
            (1, Some(2), Some(9), None, Some("acme 3".to_owned())),
            (2, Some(3), Some(5), Some(180), None),
            (2, Some(4), Some(5), None, None),
            (3, None, None, None, None),
        ];
        assert_eq!(seen, expected);
    });
}

#[tokio::test]
async fn exists_asks_the_rows_of_the_same_tenant() {
    let stage = shop().await;
    // Only globex has paid for its order 4.
    let paid = format!(
        "insert into globex.payment (order_id, cents) values (4, 1);
         insert into app.payment (tenant_id, order_id, cents) values ('{}', 4, 1)",
        stage.row_globex
    );
    stage.execute(&paid).await;
    both_shops!(|stage, acme, globex| {
        for (tenant, unpaid) in [(acme, vec![2, 4, 5]), (globex, vec![2, 5])] {
            let orders = Order::repository().for_tenant(tenant);
            let without = orders.filter(|o| !exists::<Payment>().matching(|p| p.order_id.eq(o.id)));
            let ids = without.clone().select(|o| o.id).order_by(|o| o.id.asc()).fetch_all(&stage.db).await.unwrap();
            assert_eq!(ids, unpaid);
            assert_eq!(without.count().fetch_one(&stage.db).await.unwrap(), unpaid.len() as i64);
            assert!(without.exists().fetch_one(&stage.db).await.unwrap());

            let accounts = Account::repository().for_tenant(tenant);
            let owing = accounts.filter(|a| {
                exists::<Order>()
                    .matching(|o| Order::account().on(o, a) & !exists::<Payment>().matching(|p| p.order_id.eq(o.id)))
            });
            let ids = owing.select(|a| a.id).order_by(|a| a.id.asc()).fetch_all(&stage.db).await.unwrap();
            assert_eq!(ids, if unpaid.len() == 3 { vec![1, 2] } else { vec![1] });
        }
    });
}

#[tokio::test]
async fn rows_are_numbered_within_what_is_equal() {
    let stage = shop().await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme);
        let numbered = orders
            .all()
            .select(|o| (o.id, row_number(o.account_id, o.id.desc())))
            .order_by(|o| o.id.asc())
            .fetch_all(&stage.db)
            .await
            .unwrap();
        assert_eq!(numbered, [(1, 2), (2, 1), (3, 2), (4, 1), (5, 1)]);
    });
}

#[tokio::test]
async fn a_column_of_another_query_is_refused_before_anything_is_sent() {
    let stage = shop().await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme);
        let mut kept = None;
        _ = orders.filter(|o| {
            exists::<Payment>().matching(|p| {
                kept = Some(p.order_id);
                p.order_id.eq(o.id)
            })
        });
        let error = orders.filter(|o| o.id.eq(kept.unwrap())).fetch_all(&stage.db).await.unwrap_err();
        assert!(error.to_string().contains("holds a column of another query"), "{error}");
        assert!(!error.may_have_run());
    });
}
