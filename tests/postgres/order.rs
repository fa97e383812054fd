//! Rows in order, all of them or a part.

use tenantry::OrderBy;

use crate::sample::{Sample, SampleColumns, Samples};

impl Samples {
    /// The order, and the one written by hand, which ends by the key as well, put all rows alike.
    async fn assert_order<O: OrderBy<Sample>>(&self, order: impl FnOnce(SampleColumns) -> O, by_hand: &str) {
        let query = self.repository.all().order_by(order).order_by(|s| s.id.asc());
        let found = query.fetch_all(&self.stage.db).await.unwrap();
        let found: Vec<String> = found.iter().map(|sample| sample.id.to_string()).collect();
        let acme = &self.stage.row_acme;
        let expected = format!("select id::text from app.sample s where tenant_id = '{acme}' order by {by_hand}, s.id");
        assert_eq!(found, self.stage.texts(&expected).await, "{by_hand}");
    }
}

#[tokio::test]
async fn rows_come_in_the_order_that_was_asked_for() {
    let samples = Samples::new().await;
    samples.assert_order(|s| s.number.asc(), "number").await;
    samples.assert_order(|s| s.number.desc(), "number desc").await;
    samples.assert_order(|s| s.word.desc(), "word desc").await;
    samples.assert_order(|s| s.perhaps.asc(), "perhaps asc").await;
    samples.assert_order(|s| s.perhaps.desc(), "perhaps desc").await;
    samples.assert_order(|s| [s.number.asc(), s.perhaps.desc()], "number, perhaps desc").await;
    samples.assert_order(|s| vec![s.number.desc(), s.word.asc(), s.id.desc()], "number desc, word, id desc").await;
    samples.assert_order(|_| [], "tenant_id").await;
    for (ascending, by_hand) in [(true, "word"), (false, "word desc")] {
        samples.assert_order(|s| if ascending { s.word.asc() } else { s.word.desc() }, by_hand).await;
    }
}

#[tokio::test]
async fn null_comes_where_it_was_asked_for() {
    let samples = Samples::new().await;
    samples.assert_order(|s| s.perhaps.asc().nulls_first(), "perhaps nulls first").await;
    samples.assert_order(|s| s.perhaps.asc().nulls_last(), "perhaps nulls last").await;
    samples.assert_order(|s| s.perhaps.desc().nulls_first(), "perhaps desc nulls first").await;
    samples.assert_order(|s| s.perhaps.desc().nulls_last(), "perhaps desc nulls last").await;
    let both = |s: SampleColumns| [s.maybe.desc().nulls_last(), s.perhaps.asc().nulls_first()];
    samples.assert_order(both, "maybe desc nulls last, perhaps nulls first").await;
}

#[tokio::test]
async fn pages_make_up_the_whole() {
    let samples = Samples::new().await;
    let all = samples.repository.all().order_by(|s| s.word.asc()).fetch_all(&samples.stage.db).await.unwrap();
    for size in [1, 3, 7, 20, 21, u32::MAX] {
        let mut pages = Vec::new();
        for page in 0.. {
            let query = samples.repository.all().order_by(|s| s.word.asc());
            let query = query.limit(size).offset(size.saturating_mul(page));
            let rows = query.fetch_all(&samples.stage.db).await.unwrap();
            assert!(rows.len() <= size as usize);
            if rows.is_empty() || page == 30 {
                break;
            }
            pages.extend(rows);
        }
        assert_eq!(pages, all, "{size}");
    }
}

#[tokio::test]
async fn the_edges_of_pages() {
    let samples = Samples::new().await;
    let db = &samples.stage.db;
    let all = || samples.repository.all().order_by(|s| s.id.asc());
    assert_eq!(all().limit(0).fetch_all(db).await.unwrap(), []);
    assert_eq!(all().limit(0).fetch_optional(db).await.unwrap(), None);
    assert_eq!(all().offset(u32::MAX).fetch_all(db).await.unwrap(), []);
    assert_eq!(all().limit(5).limit(2).fetch_all(db).await.unwrap().len(), 2, "the last one counts");
    assert_eq!(all().limit(1).offset(19).fetch_one(db).await.unwrap().id, 19);
    assert!(all().fetch_one(db).await.unwrap_err().is_too_many_rows());

    let filtered = || all().filter(|s| s.number.ge(0));
    let expected = filtered().fetch_all(db).await.unwrap();
    assert_eq!(filtered().limit(3).offset(2).fetch_all(db).await.unwrap(), expected[2..5]);
    assert_eq!(filtered().limit(3).offset(2).count().fetch_one(db).await.unwrap(), 3);
    assert_eq!(filtered().limit(0).count().fetch_one(db).await.unwrap(), 0);
    assert_eq!(filtered().count().fetch_one(db).await.unwrap(), expected.len() as i64);
    assert!(!filtered().limit(0).exists().fetch_one(db).await.unwrap());
}
