//! activerecord-multi-tenant: a tenant set for a block, and the tenant column added to what ActiveRecord writes.

use tenantry::{count_rows, exists};
use tenantry_tests::both_shops;

use crate::shop::{rows_of_globex, shop};

#[tokio::test]
async fn what_is_created_belongs_to_the_tenant() {
    let stage = shop().await;
    both_shops!(|stage, acme, globex| {
        let new = || NewAccount { id: 9, name: "new".into(), city: None, balance: 1 };
        Account::repository().for_tenant(acme).insert(new()).execute(&stage.db).await.unwrap();
        let of_globex = Account::repository().for_tenant(globex);
        assert!(of_globex.find(9).fetch_optional(&stage.db).await.unwrap().is_none());
        of_globex.insert(new()).execute(&stage.db).await.unwrap();
        assert_eq!(of_globex.find_by_name("new").fetch_one(&stage.db).await.unwrap().id, 9);
    });
}

#[tokio::test]
async fn update_all_and_delete_all_with_a_join_leave_other_tenants_alone() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme);
        let changed = orders
            .update_many(OrderChanges::default().note("seen"))
            .join::<Account>(|o, a| Order::account().on(o, a))
            .filter(|(_, a)| a.id.in_([1, 2, 3]));
        assert_eq!(changed.execute(&stage.db).await.unwrap(), 4);
        let payments = Payment::repository().for_tenant(acme);
        let deleted =
            payments.delete_many().join::<Order>(|p, o| Payment::order().on(p, o)).filter(|(_, o)| o.id.ge(1));
        assert_eq!(deleted.execute(&stage.db).await.unwrap(), 2);
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}

#[tokio::test]
async fn a_counter_is_raised_within_the_tenant() {
    let stage = shop().await;
    let others = rows_of_globex(&stage).await;
    both_shops!(|stage, acme, _globex| {
        let accounts = Account::repository().for_tenant(acme);
        let raised = accounts
            .update_many(AccountChanges::default())
            .set(|a| a.balance.set(a.balance + 1))
            .filter(|a| a.id.eq(1));
        assert_eq!(raised.returning(|a| a.balance).fetch_all(&stage.db).await.unwrap(), [2]);
    });
    assert_eq!(rows_of_globex(&stage).await, others);
}

#[tokio::test]
async fn an_outer_join_keeps_the_tenant_on_its_nullable_side() {
    let stage = shop().await;
    // Acme's account 3 has no order; globex' has one with the key that acme does not use.
    let more = format!(
        "insert into globex.\"order\" values (6, 3, null, 'tea', 1, null);
         insert into app.\"order\" values ('{}', 6, 3, null, 'tea', 1, null)",
        stage.row_globex
    );
    stage.execute(&more).await;
    both_shops!(|stage, acme, globex| {
        for (tenant, count) in [(acme, 0), (globex, 1)] {
            let of_third = Account::repository()
                .for_tenant(tenant)
                .all()
                .left_join::<Order>(|a, o| Order::of_account().on(a, o))
                .filter(|(a, _)| a.id.eq(3));
            let rows = of_third.fetch_all(&stage.db).await.unwrap();
            assert_eq!(rows.iter().filter(|(_, order)| order.is_some()).count(), count);
            assert_eq!(rows.len(), 1, "and the account is there all the same");
        }
    });
}

#[tokio::test]
async fn what_goes_through_another_table_is_scoped_on_the_way() {
    let stage = shop().await;
    both_shops!(|stage, acme, globex| {
        for (tenant, factor) in [(acme, 1), (globex, 10)] {
            let through = Account::repository()
                .for_tenant(tenant)
                .all()
                .join::<Order>(|a, o| Order::of_account().on(a, o))
                .join::<Payment>(|(_, o), p| Payment::of_order().on(o, p))
                .group_by(|(a, ..)| a.id)
                .order_by(|(a, ..)| a.id.asc())
                .select(|(a, _, p)| (a.id, p.cents.sum(), count_rows()));
            let expected = [(1, Some(60 * factor), 1), (2, Some(180 * factor), 1)];
            assert_eq!(through.fetch_all(&stage.db).await.unwrap(), expected);
        }
    });
}

#[tokio::test]
async fn a_sub_query_is_scoped_like_the_query_around_it() {
    let stage = shop().await;
    // Only globex has paid order 2.
    let paid = format!(
        "insert into globex.payment (order_id, cents) values (2, 1);
         insert into app.payment (tenant_id, order_id, cents) values ('{}', 2, 1)",
        stage.row_globex
    );
    stage.execute(&paid).await;
    both_shops!(|stage, acme, globex| {
        for (tenant, paid) in [(acme, vec![1, 3]), (globex, vec![1, 2, 3])] {
            let orders = Order::repository().for_tenant(tenant);
            let paid_orders = orders.filter(|o| exists::<Payment>().matching(|p| Payment::order().on(p, o)));
            let ids = paid_orders.select(|o| o.id).order_by(|o| o.id.asc()).fetch_all(&stage.db).await.unwrap();
            assert_eq!(ids, paid);
        }
    });
}
