//! A cursor is a position and no more: it opens no other tenant's rows, and fails cleanly where it does not fit.

use tenantry::{Cursor, Database, Error, Executor, Page, PagedSelect, TenantTable};
use tenantry_tests::{Customer, OrderLine, RowCustomer, content_of, forged};

use crate::discreet::assert_discreet;
use crate::prepared;
use crate::proxy::Proxy;
use crate::stage::Stage;

/// All cursors that one tenant meets in pages of two.
macro_rules! cursors {
    ($pages:expr, $db:expr) => {{
        let mut cursors: Vec<Cursor> = Vec::new();
        let mut page = $pages.fetch_page($db).await.unwrap();
        while page.next().is_some() && cursors.len() < 100 {
            cursors.extend([page.next(), page.previous()].into_iter().flatten().cloned());
            page = $pages.at(page.next()).fetch_page($db).await.unwrap();
        }
        cursors.extend(page.previous().cloned());
        cursors
    }};
}

macro_rules! assert_own_rows {
    ($stage:ident, $customer:ident, $acme:expr, $globex:expr) => {{
        let of = |tenant| {
            let customers = $customer::repository().for_tenant(tenant);
            move || customers.all().order_by(|c| [c.name.desc(), c.phone.asc()]).page(2)
        };
        let (acme, globex) = (of($acme), of($globex));
        let cursors = cursors!(acme(), &$stage.db);
        assert!(cursors.len() > 3);
        for cursor in cursors {
            let page = globex().at(Some(&cursor)).fetch_page(&$stage.db).await.unwrap();
            assert!(page.rows.iter().all(|customer| customer.name.starts_with("globex")), "{:?}", page.rows);
            for cursor in [page.next(), page.previous()].into_iter().flatten() {
                let page = globex().at(Some(cursor)).fetch_page(&$stage.db).await.unwrap();
                assert!(page.rows.iter().all(|customer| customer.name.starts_with("globex")), "{:?}", page.rows);
            }
        }
    }};
}

#[tokio::test]
async fn the_cursor_of_one_tenant_shows_another_its_own_rows() {
    let stage = Stage::with_rows().await;
    assert_own_rows!(stage, Customer, &stage.acme, &stage.globex);
    assert_own_rows!(stage, RowCustomer, &stage.row_acme, &stage.row_globex);
}

#[tokio::test]
async fn a_cursor_that_was_changed_anywhere_is_no_cursor() {
    let stage = Stage::with_rows().await;
    let customers = RowCustomer::repository().for_tenant(&stage.row_acme);
    let page = customers.all().order_by(|c| c.name.asc()).page(2).fetch_page(&stage.db).await.unwrap();
    let text = page.next().unwrap().to_string();
    assert_eq!(&text.parse::<Cursor>().unwrap(), page.next().unwrap());
    for position in 0..text.len() {
        for bit in 0..7 {
            let mut changed = text.clone().into_bytes();
            changed[position] ^= 1 << bit;
            let changed = String::from_utf8(changed).unwrap();
            let error = changed.parse::<Cursor>().unwrap_err();
            assert!(!error.to_string().contains(&changed));
        }
        assert!(text[..position].parse::<Cursor>().is_err() && text[position + 1..].parse::<Cursor>().is_err());
    }
    let another = text.replace(char::is_alphanumeric, "A");
    for no_cursor in ["", "AQ", &another, &format!("{text}{text}"), &"A".repeat(100_000), "ä"] {
        assert!(no_cursor.parse::<Cursor>().is_err());
    }
}

/// A cursor is no secret: whoever knows how it is made can make one, and gains nothing.
#[tokio::test]
async fn a_forged_cursor_shows_the_tenants_own_rows_or_fails_and_disturbs_nobody() {
    let stage = Stage::with_rows().await;
    let db = stage.pool_of(1).await;
    let customers = RowCustomer::repository().for_tenant(&stage.row_acme);
    let pages = || customers.all().order_by(|c| [c.name.asc(), c.phone.desc()]).page(3);
    let first = pages().fetch_page(&db).await.unwrap();
    let content = content_of(first.next().unwrap());
    let (mut shown, mut refused, mut invalid) = (0, 0, 0);
    for position in 0..content.len() {
        for bit in 0..8 {
            let mut changed = content.clone();
            changed[position] ^= 1 << bit;
            let Ok(cursor) = forged(&changed) else { continue };
            match pages().at(Some(&cursor)).fetch_page(&db).await {
                Ok(page) => {
                    assert!(page.rows.iter().all(|customer| customer.name.starts_with("acme")), "{:?}", page.rows);
                    shown += 1;
                }
                Err(error) => {
                    assert_discreet(&error);
                    assert!(!error.may_have_run() && !error.is_connection(), "{error}");
                    refused += usize::from(!error.is_invalid_cursor());
                    invalid += usize::from(error.is_invalid_cursor());
                }
            }
        }
    }
    assert!(shown > 20 && refused > 0 && invalid > 60, "{shown} {refused} {invalid}");
}

/// A value that is too short for its type is a violation of the protocol in the words of the server, and yet it goes on.
#[tokio::test]
async fn a_forged_value_of_another_length_ends_no_connection() {
    let stage = Stage::with_rows().await;
    stage.execute("create view catalog.backend as select pg_backend_pid() as pid").await;
    #[derive(Debug, TenantTable)]
    #[tenant_table(name = "backend", shared, schema = "catalog", keyless)]
    struct Backend {
        pid: i32,
    }

    let db = stage.pool_of(1).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let pages = || customers.all().page(2);
    let backend = || Backend::repository().all().fetch_one(&db);
    let before = backend().await.unwrap().pid;
    let first = pages().fetch_page(&db).await.unwrap();
    let content = content_of(first.next().unwrap());
    let (head, value) = content.split_at(content.len() - 12);
    assert_eq!(value, [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 2]);
    for (length, code) in [(0, "08P01"), (3, "08P01"), (9, "22P03")] {
        let cursor = forged(&[head, &u32::to_be_bytes(length), &[1; 9][..length as usize]].concat()).unwrap();
        for _ in 0..3 {
            let error = pages().at(Some(&cursor)).fetch_page(&db).await.unwrap_err();
            assert_eq!(error.code().unwrap().code(), code, "{error}");
            assert!(!error.may_have_run() && !error.is_connection(), "{error}");
        }
    }
    assert_eq!(backend().await.unwrap().pid, before);
    assert_eq!(pages().at(first.next()).fetch_page(&db).await.unwrap().rows.len(), 2);
}

/// What is wrong is the value, and not what is known of the statement.
#[tokio::test]
async fn a_forged_value_of_another_type_leaves_the_statement_prepared() {
    let stage = Stage::with_rows().await;
    let connection = stage.db.connection().await.unwrap();
    let customers = Customer::repository().for_tenant(&stage.acme);
    let pages = || customers.all().page(2);
    let first = pages().fetch_page(&connection).await.unwrap();
    for _ in 0..3 {
        assert_eq!(pages().at(first.next()).fetch_page(&connection).await.unwrap().rows[0].id, 3);
    }
    let prepared = prepared::names(&connection).await;
    assert_eq!(prepared.len(), 2);

    let content = content_of(first.next().unwrap());
    let (head, value) = content.split_at(content.len() - 16);
    assert_eq!(value, [0, 0, 0, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 2]);
    for value in [[0, 0, 0, 23, 0, 0, 0, 4, 0, 0, 0, 2], [0, 0, 4, 58, 0, 0, 0, 4, 0, 0, 0, 2]] {
        let cursor = forged(&[head, &value].concat()).unwrap();
        let error = pages().at(Some(&cursor)).fetch_page(&connection).await.unwrap_err();
        assert!(error.is_invalid_cursor() && !error.may_have_run(), "{error}");
        assert_eq!(prepared::names(&connection).await, prepared);
    }
    assert_eq!(pages().at(first.next()).fetch_page(&connection).await.unwrap().rows[0].id, 3);
    assert_eq!(prepared::names(&connection).await, prepared);
}

#[tokio::test]
async fn a_cursor_of_another_table_or_order_is_refused_before_anything_is_sent() {
    let stage = Stage::with_rows().await;
    let proxy = Proxy::before(stage.url()).await;
    let db = proxy.pool(Database::options().pool_size(1)).await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let by_row = RowCustomer::repository().for_tenant(&stage.row_acme);
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let all = || customers.all();
    let first = all().order_by(|c| c.name.asc()).page(2).fetch_page(&db).await.unwrap();
    let cursor = first.next();
    proxy.take_sent();

    assert_refused(all().page(2), cursor, &db).await;
    assert_refused(all().order_by(|c| c.name.desc()).page(2), cursor, &db).await;
    assert_refused(all().order_by(|c| c.name.asc().nulls_first()).page(2), cursor, &db).await;
    assert_refused(all().order_by(|c| c.email.asc()).page(2), cursor, &db).await;
    assert_refused(all().order_by(|c| c.name.lower().asc()).page(2), cursor, &db).await;
    assert_refused(all().order_by(|c| [c.name.asc(), c.credit.asc()]).page(2), cursor, &db).await;
    assert_refused(all().order_by(|c| [c.name.asc(), c.id.desc()]).page(2), cursor, &db).await;
    assert_refused(lines.all().order_by(|l| l.product.asc()).page(2), cursor, &db).await;
    assert_refused(by_row.all().order_by(|c| c.name.asc()).page(2), cursor, &db).await;
    let joined = all().join::<OrderLine>(|c, l| l.customer_id.eq(c.id)).order_by(|(c, _)| c.name.asc());
    assert_refused(joined.page(2), cursor, &db).await;
    assert!(proxy.take_sent().is_empty());

    // The same order, however it was said, and whatever the filter, the selection and the size.
    let same = all().filter(|c| c.id.gt(0)).order_by(|c| [c.name.asc().nulls_last(), c.id.asc()]).select(|c| c.name);
    assert_eq!(same.page(9).at(cursor).fetch_page(&db).await.unwrap().rows.len(), 3);
}

async fn assert_refused<Q, R>(pages: PagedSelect<Q, R>, cursor: Option<&Cursor>, db: &dyn Executor)
where
    Q: tenantry::Source,
    R: Send + 'static,
{
    assert!(cursor.is_some());
    let error = pages.at(cursor).fetch_page(db).await.map(|page: Page<R>| page.rows.len()).unwrap_err();
    assert!(error.is_invalid_cursor() && !error.may_have_run() && !error.is_connection(), "{error}");
    assert!(error.to_string().contains("nothing was sent"), "{error}");
}

#[tokio::test]
async fn a_cursor_goes_through_a_client_as_text() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let pages = || customers.all().order_by(|c| c.name.asc()).page(2);
    let first = pages().fetch_page(&stage.db).await.unwrap();
    let next = first.next().unwrap();
    let json = serde_json::to_string(next).unwrap();
    assert_eq!(json, format!("\"{next}\""));
    assert!(next.to_string().chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    let read: Cursor = serde_json::from_str(&json).unwrap();
    let read_from_owned: Cursor = serde_json::from_value(serde_json::json!(next.to_string())).unwrap();
    assert_eq!((&read, &read_from_owned), (next, next));
    for wrong in ["\"\"", "\"x\"", "7", "null"] {
        assert!(serde_json::from_str::<Cursor>(wrong).is_err());
    }
    let second = pages().at(Some(&read)).fetch_page(&stage.db).await.unwrap();
    assert_eq!(second.rows[0].id, 3);

    let shown = format!("{next:?} {:?} {:?}", pages().at(Some(next)), first.next());
    assert!(!shown.contains("acme 2") && !shown.contains(&next.to_string()), "{shown}");
}

/// A cursor that was handed out stays valid when the program is replaced.
#[tokio::test]
async fn the_text_of_a_cursor_is_the_same_in_every_process() {
    let stage = Stage::with_rows().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let page = customers.all().order_by(|c| [c.phone.desc().nulls_last(), c.name.asc()]).page(4);
    let page: Result<Page<Customer>, Error> = page.fetch_page(&stage.db).await;
    expect_test::expect!["AQApDvinyjznBwAAAAAAAAAZAAAABmFjbWUgMwAAABQAAAAIAAAAAAAAAANYCaVUaOEcxQ"]
        .assert_eq(&page.unwrap().next().unwrap().to_string());
}
