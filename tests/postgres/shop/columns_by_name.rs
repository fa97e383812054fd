use tenantry_tests::both_shops;

use super::shop;

#[tokio::test]
async fn a_list_is_sorted_and_filtered_by_names_of_the_model_alone() {
    let stage = shop().await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme);
        for name in ["", "tenant_id", "ID", "\"id\"", "id; drop table account", "account.id", "ctid"] {
            assert!(orders.column(name).is_none(), "{name}");
        }
        let (sort, amount) = (orders.column("account_id").unwrap(), orders.column("total").unwrap());
        let ids = orders
            .filter(|_| amount.ge("200"))
            .order_by(|o| [sort.desc(), o.id.asc()])
            .select(|o| o.id)
            .fetch_all(&stage.db)
            .await
            .unwrap();
        assert_eq!(ids, [5, 3, 4, 2]);
        let note = orders.column("note").unwrap();
        let found = orders.filter(|_| note.contains_ignoring_case("NOTE 2") | amount.contains_ignoring_case("50"));
        assert_eq!(found.count().fetch_one(&stage.db).await.unwrap(), 2);
        assert_eq!(orders.filter(|_| note.is_null()).count().fetch_one(&stage.db).await.unwrap(), 3);

        // In a query with joins it says whose column it is.
        let total = orders
            .all()
            .join::<Account>(|o, a| Order::account().on(o, a))
            .order_by(|(o, _)| amount.of(o).desc())
            .filter(|(o, _)| amount.of(o).ne("400"))
            .select(|(o, _)| o.total)
            .fetch_all(&stage.db)
            .await
            .unwrap();
        assert_eq!(total, [300, 200, 100]);
    });
}

#[tokio::test]
async fn a_text_that_is_no_value_of_the_column_is_an_error_of_its_own() {
    let stage = shop().await;
    both_shops!(|stage, acme, _globex| {
        let orders = Order::repository().for_tenant(acme);
        let amount = orders.column("total").unwrap();
        for text in ["abc", "", "1 or 1=1", "99999999999999999999"] {
            for _ in 0..3 {
                let error = orders.filter(|_| amount.eq(text)).fetch_all(&stage.db).await.unwrap_err();
                assert!(error.is_invalid_value(), "{error}");
                assert!(text.is_empty() || !error.to_string().contains(text), "{error}");
            }
        }
        // Not a fault of the statement, which is kept prepared.
        assert_eq!(orders.filter(|_| amount.eq("100")).count().fetch_one(&stage.db).await.unwrap(), 1);
    });
}
