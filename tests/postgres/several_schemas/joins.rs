//! Statements over several schemas of one tenant.

use tenantry_tests::both_rules;

use super::Reports;

#[tokio::test]
async fn a_join_over_all_schemas_pairs_rows_of_one_tenant() {
    both_rules!({
        let stage = Reports::<Key>::new().await;
        let db = stage.one_connection(256).await;
        // More than once: at the first use of a statement, while it is prepared, and after.
        for turn in 0..4 {
            for (tenant, name, factor) in [(&stage.acme, "acme", 1), (&stage.globex, "globex", 10)] {
                let reports = Report::repository().for_tenant(tenant);
                let rows = reports
                    .all()
                    .join::<Customer>(|r, c| Report::customer().on(r, c))
                    .left_join::<OldCustomer>(|(r, _), o| o.id.eq(r.customer_id))
                    .join::<Entry>(|_, e| e.what.ends_with(" 1"))
                    .filter(|(r, ..)| r.pages.gt(0))
                    .order_by(|(r, ..)| r.id.asc())
                    .fetch_all(&db)
                    .await
                    .unwrap();
                assert_eq!(rows.len(), 3, "turn {turn}");
                for (id, (report, customer, old, entry)) in (1..).zip(rows) {
                    assert_eq!(report.title, format!("{name} report {id}"));
                    assert_eq!(report.pages, id * factor);
                    assert_eq!(customer.name, format!("{name} customer {id}"));
                    let old = old.map(|old| old.name);
                    assert_eq!(old, (id < 3).then(|| format!("{name} old customer {id}")));
                    assert_eq!(entry.what, format!("{name} entry 1"));
                }
            }
        }
    });
}

/// Tables of one name in two schemas.
#[tokio::test]
async fn a_table_is_joined_with_its_namesake() {
    both_rules!({
        let stage = Reports::<Key>::new().await;
        for (tenant, name) in [(&stage.acme, "acme"), (&stage.globex, "globex")] {
            let customers = Customer::repository().for_tenant(tenant);
            let query = customers.all().join::<OldCustomer>(|c, o| c.id.eq(o.id)).order_by(|(c, _)| c.id.asc());
            let (now, before) = query.fetch_all(&stage.db).await.unwrap().swap_remove(1);
            assert_eq!((now.name, before.name), (format!("{name} customer 2"), format!("{name} old customer 2")));
        }
    });
}

#[tokio::test]
async fn aggregates_over_two_schemas_count_one_tenants_rows() {
    both_rules!({
        let stage = Reports::<Key>::new().await;
        for (tenant, factor) in [(&stage.acme, 1), (&stage.globex, 10)] {
            let customers = Customer::repository().for_tenant(tenant);
            let pages = customers
                .all()
                .join::<Report>(|c, r| Report::customer().on(r, c))
                .select(|(c, r)| (c.id.count(), r.pages.sum()))
                .fetch_one(&stage.db)
                .await
                .unwrap();
            assert_eq!(pages, (3, Some(6 * factor)));
        }
    });
}
