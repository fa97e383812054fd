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
