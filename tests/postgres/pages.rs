//! Pages: they make up the whole in both directions, whatever the order, and show each tenant its own rows.

use tenantry::{Cursor, Executor, PagedSelect, Source};

mod cursors;
mod edges;
mod joined;
mod types;
mod walks;

/// A walk through more of them goes in circles.
const MOST_PAGES: usize = 200;

/// All rows, page by page from the first, and all that the way back from the last page brings. The pages have these sizes,
/// one after another, again and again.
async fn walk<Q: Source, R: Clone + Send + 'static>(
    pages: impl Fn(u32) -> PagedSelect<Q, R>,
    sizes: &[u32],
    db: &dyn Executor,
) -> (Vec<R>, Vec<R>) {
    let mut sizes = sizes.iter().cycle().copied().take(MOST_PAGES);
    let mut fetch = async |cursor: Option<&Cursor>| {
        let size = sizes.next().expect("the pages end");
        let page = pages(size).at(cursor).fetch_page(db).await.unwrap();
        assert!(page.rows.len() <= size as usize);
        assert!(!page.rows.is_empty() || cursor.is_none(), "there are rows where a cursor leads to");
        page
    };
    let mut page = fetch(None).await;
    assert!(page.previous().is_none());
    let mut forwards = page.rows.clone();
    while page.next().is_some() {
        page = fetch(page.next()).await;
        assert!(page.previous().is_some());
        forwards.extend(page.rows.clone());
    }
    let mut backwards = vec![page.rows.clone()];
    while page.previous().is_some() {
        page = fetch(page.previous()).await;
        assert!(page.next().is_some());
        backwards.push(page.rows.clone());
    }
    (forwards, backwards.into_iter().rev().flatten().collect())
}
