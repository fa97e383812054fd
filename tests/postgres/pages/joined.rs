//! Pages of joined rows, which the keys of all tables tell apart.

use tenantry_tests::{Customer, OrderLine, RowCustomer, RowOrderLine};

use super::walk;
use crate::stage::Stage;

/// Several lines for each of two customers, and customers without any.
macro_rules! assert_joined_pages {
    ($stage:ident, $customer:ident, $line:ident, $tenant:expr) => {{
        let customers = $customer::repository().for_tenant($tenant);
        let db = &$stage.db;
        let with_lines = || customers.all().left_join::<$line>(|c, l| l.customer_id.eq(c.id));

        let query = || with_lines().order_by(|(c, l)| [l.note.desc().nulls_last(), c.credit.asc()]);
        let whole = query().order_by(|(c, l)| [c.id.asc(), l.order_id.asc(), l.line.asc()]);
        let whole = whole.fetch_all(db).await.unwrap();
        assert_eq!((whole.len(), whole.iter().filter(|(_, line)| line.is_none()).count()), (9, 3));
        for sizes in [&[1][..], &[2, 5], &[20]] {
            let (forwards, backwards) = walk(|size| query().page(size), sizes, db).await;
            assert_eq!((&forwards, &backwards), (&whole, &whole), "{sizes:?}");
        }

        // Only the keys tell the rows apart here.
        let query = || with_lines().order_by(|(c, _)| c.phone.desc());
        let whole = query().order_by(|(c, l)| [c.id.desc(), l.order_id.desc(), l.line.desc()]);
        let whole = whole.select(|(c, l)| (l.product, c.id)).fetch_all(db).await.unwrap();
        for sizes in [&[1][..], &[3, 2]] {
            let pages = |size| query().select(|(c, l)| (l.product, c.id)).page(size);
            let (forwards, backwards) = walk(pages, sizes, db).await;
            assert_eq!((&forwards, &backwards), (&whole, &whole), "{sizes:?}");
        }

        let query = || customers.all().join::<$line>(|c, l| l.customer_id.eq(c.id)).order_by(|(_, l)| l.line.desc());
        let whole = query().order_by(|(c, l)| [c.id.desc(), l.order_id.desc()]).fetch_all(db).await.unwrap();
        let (forwards, backwards) = walk(|size| query().page(size), &[2], db).await;
        assert_eq!((forwards.len(), &forwards, &backwards), (6, &whole, &whole));
        assert!(
            whole.iter().all(|(customer, line)| { customer.name.starts_with("acme") && line.note.starts_with("acme") })
        );
    }};
}

#[tokio::test]
async fn pages_of_joined_rows_make_up_the_whole() {
    let stage = Stage::with_rows().await;
    assert_joined_pages!(stage, Customer, OrderLine, &stage.acme);
    assert_joined_pages!(stage, RowCustomer, RowOrderLine, &stage.row_acme);
}

/// What stands in for NULL can be NULL itself.
#[tokio::test]
async fn no_row_is_lost_where_nothing_stands_in_for_null() {
    macro_rules! assert_complete {
        ($stage:ident, $customer:ident, $line:ident, $tenant:expr) => {{
            let customers = $customer::repository().for_tenant($tenant);
            let query = || customers.all().left_join::<$line>(|c, l| l.customer_id.eq(c.id));
            let query = || query().order_by(|(c, l)| [c.phone.or(l.note).asc(), l.line.asc()]);
            let whole = query().order_by(|(c, l)| [c.id.asc(), l.order_id.asc()]).fetch_all(&$stage.db).await.unwrap();
            let without = whole.iter().filter(|(customer, line)| customer.phone.is_none() && line.is_none());
            assert_eq!((whole.len(), without.count()), (9, 2));
            for sizes in [&[1][..], &[2], &[3, 4]] {
                let (forwards, backwards) = walk(|size| query().page(size), sizes, &$stage.db).await;
                assert_eq!((&forwards, &backwards), (&whole, &whole), "{sizes:?}");
            }
        }};
    }

    let stage = Stage::with_rows().await;
    assert_complete!(stage, Customer, OrderLine, &stage.acme);
    assert_complete!(stage, RowCustomer, RowOrderLine, &stage.row_acme);
}

/// A row's last partner may be gone when the next page is read: the row is there then without one, behind the position.
#[tokio::test]
async fn a_row_whose_last_partner_was_deleted_comes_on_the_next_page() {
    macro_rules! assert_seen {
        ($stage:ident, $customer:ident, $line:ident, $tenant:expr) => {{
            let customers = $customer::repository().for_tenant($tenant);
            let lines = $line::repository().for_tenant($tenant);
            let pages = || customers.all().left_join::<$line>(|c, l| l.customer_id.eq(c.id)).page(1);
            lines.delete_many().filter(|l| l.order_id.eq(1) & l.line.gt(1)).execute(&$stage.db).await.unwrap();
            let first = pages().fetch_page(&$stage.db).await.unwrap();
            assert!(matches!(&first.rows[..], [(customer, Some(line))] if customer.id == 1 && line.line == 1));

            assert_eq!(lines.delete(1, 1).execute(&$stage.db).await.unwrap(), 1);
            let second = pages().at(first.next()).fetch_page(&$stage.db).await.unwrap();
            assert!(matches!(&second.rows[..], [(customer, None)] if customer.id == 1), "{:?}", second.rows);
            let third = pages().at(second.next()).fetch_page(&$stage.db).await.unwrap();
            assert!(matches!(&third.rows[..], [(customer, Some(_))] if customer.id == 2), "{:?}", third.rows);
        }};
    }

    let stage = Stage::with_rows().await;
    assert_seen!(stage, Customer, OrderLine, &stage.acme);
    assert_seen!(stage, RowCustomer, RowOrderLine, &stage.row_acme);
}
