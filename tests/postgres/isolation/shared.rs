//! Shared tables: read by all, written by those alone who say so.

use tenantry_tests::{NewPlan, Plan, PlanChanges, PlanKey};

use super::Stage;

#[tokio::test]
async fn a_shared_table_is_read_without_a_tenant() {
    let stage = Stage::with_rows().await;
    let plans = Plan::repository();

    assert_eq!(plans.find("team").fetch_one(&stage.db).await.unwrap().price, 50);
    assert_eq!(plans.all().count().fetch_one(&stage.db).await.unwrap(), 2);
    assert_eq!(plans.find_many(["free", "none"]).fetch_all(&stage.db).await.unwrap().len(), 1);
    assert_eq!(plans.filter(|p| p.price.gt(0)).fetch_one(&stage.db).await.unwrap().code, "team");
    assert!(plans.for_shared_writes().filter(|p| p.price.eq(0)).exists().fetch_one(&stage.db).await.unwrap());
}

#[tokio::test]
async fn a_shared_table_is_written_for_all() {
    let stage = Stage::with_rows().await;
    let plans = Plan::repository().for_shared_writes();

    let plan = |code: &str, price| NewPlan { code: code.to_owned(), price };
    assert_eq!(plans.insert(plan("big", 500)).fetch_one(&stage.db).await.unwrap().price, 500);
    plans.insert_many([plan("a", 1), plan("b", 2)]).execute(&stage.db).await.unwrap();
    let upsert = |plan| plans.insert(plan).on_conflict(PlanKey::PrimaryKey);
    assert_eq!(upsert(plan("big", 501)).update_all().fetch_one(&stage.db).await.unwrap().price, 501);
    assert_eq!(upsert(plan("big", 502)).do_nothing().fetch_optional(&stage.db).await.unwrap(), None);
    plans.update("team", PlanChanges::default().price(60)).execute(&stage.db).await.unwrap();
    plans.update_many(PlanChanges::default().price(3)).filter(|p| p.price.lt(3)).execute(&stage.db).await.unwrap();
    plans.delete("a").execute(&stage.db).await.unwrap();
    plans.delete_many().filter(|p| p.code.eq("b")).execute(&stage.db).await.unwrap();

    let read = Plan::repository().all().order_by(|p| p.code.asc()).fetch_all(&stage.db).await.unwrap();
    let read: Vec<_> = read.iter().map(|plan| (&*plan.code, plan.price)).collect();
    assert_eq!(read, [("big", 501), ("free", 3), ("team", 60)]);
    let tables = stage.texts("select count(*)::text from catalog.plan").await;
    assert_eq!(tables, ["3"]);
}

#[tokio::test]
async fn a_shared_table_is_copied_in_for_all_and_out_for_anyone() {
    let stage = Stage::with_rows().await;
    let plan = |price: i32| NewPlan { code: price.to_string(), price };
    let plans = Plan::repository();
    assert_eq!(plans.for_shared_writes().copy_in((1..=3).map(plan)).execute(&stage.db).await.unwrap(), 3);
    let read = plans.for_tenant(&stage.acme).copy_out().fetch_all(&stage.db).await.unwrap();
    assert_eq!(read.iter().map(|plan| plan.price).collect::<Vec<_>>(), [0, 50, 1, 2, 3]);
    assert_eq!(plans.for_shared_writes().copy_out().fetch_all(&stage.db).await.unwrap(), read);
}

#[tokio::test]
async fn a_shared_table_joins_a_tenants_transaction() {
    let stage = Stage::with_rows().await;
    let transaction = stage.db.begin().await.unwrap();
    let plans = Plan::repository().for_shared_writes();
    plans.delete_many().all_rows().execute(&transaction).await.unwrap();
    assert!(!plans.all().exists().fetch_one(&transaction).await.unwrap());
    drop(transaction);
    assert_eq!(Plan::repository().all().count().fetch_one(&stage.db).await.unwrap(), 2);
}
