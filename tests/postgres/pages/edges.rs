//! Where pages end, and what happens between them.

use tenantry::{Connection, Cursor, Executor, Page, PagedSelect, Slug, TenantId, TenantTable, count_rows};
use tenantry_tests::{Customer, CustomerRepository, NewCustomer};
use throwaway_postgres::by_hand;
use time::OffsetDateTime;

use super::walk;
use crate::stage::Stage;

fn ids(page: &Page<Customer>) -> Vec<i64> {
    page.rows.iter().map(|customer| customer.id).collect()
}

fn new(name: &str) -> NewCustomer {
    NewCustomer { email: name.to_owned(), name: name.to_owned(), phone: None, credit: None }
}

/// Acme's customers, 1 to 5, and their pages by id.
struct Customers {
    stage: Stage,
    repository: CustomerRepository<TenantId<Slug>>,
}

impl Customers {
    async fn new() -> Self {
        let stage = Stage::with_rows().await;
        let repository = Customer::repository().for_tenant(&stage.acme);
        Self { stage, repository }
    }

    fn pages(&self, size: u32) -> PagedSelect<Customer> {
        self.repository.all().order_by(|c| c.id.asc()).page(size)
    }

    async fn at(&self, size: u32, cursor: Option<&Cursor>) -> Page<Customer> {
        self.pages(size).at(cursor).fetch_page(&self.stage.db).await.unwrap()
    }

    async fn delete(&self, ids: &[i64]) {
        let deleted = self.repository.delete_many().filter(|c| c.id.in_(ids)).execute(&self.stage.db).await.unwrap();
        assert_eq!(deleted, ids.len() as u64);
    }
}

#[tokio::test]
async fn the_first_and_the_last_page_say_so() {
    let customers = Customers::new().await;
    for size in [5, 6, 100] {
        let only = customers.at(size, None).await;
        assert_eq!((ids(&only), only.next(), only.previous()), (vec![1, 2, 3, 4, 5], None, None));
    }
    let first = customers.at(4, None).await;
    assert_eq!(ids(&first), [1, 2, 3, 4]);
    let last = customers.at(4, first.next()).await;
    assert_eq!((ids(&last), last.next()), (vec![5], None));
    let back = customers.at(4, last.previous()).await;
    assert_eq!((ids(&back), back.previous()), (vec![1, 2, 3, 4], None));
    // Pages of another size begin where the ones before ended.
    let next = customers.at(1, back.next()).await;
    assert_eq!(ids(&next), [5]);
    let part = customers.at(3, next.previous()).await;
    assert_eq!((ids(&part), part.previous().is_some()), (vec![2, 3, 4], true));
}

#[tokio::test]
async fn where_there_are_no_rows_there_is_one_empty_page() {
    let customers = Customers::new().await;
    let none = customers.repository.filter(|c| c.id.lt(0)).page(3).fetch_page(&customers.stage.db).await.unwrap();
    assert_eq!((none.rows.len(), none.next(), none.previous()), (0, None, None));
}

#[tokio::test]
async fn rows_that_come_and_go_move_no_other_row_to_another_page() {
    let customers = Customers::new().await;
    let first = customers.at(2, None).await;
    customers.delete(&[1, 2]).await;
    let second = customers.at(2, first.next()).await;
    assert_eq!(ids(&second), [3, 4], "the row that the cursor was made of is gone");
    let inserted = customers.repository.insert(new("new")).fetch_one(&customers.stage.db).await.unwrap().id;
    let third = customers.at(2, second.next()).await;
    assert_eq!((ids(&third), third.next()), (vec![5, inserted], None));
    let back = customers.at(2, third.previous()).await;
    assert_eq!((ids(&back), back.previous()), (vec![3, 4], None));
}

#[tokio::test]
async fn a_page_that_was_emptied_leads_back_to_the_row_before_it() {
    let customers = Customers::new().await;
    let first = customers.at(3, None).await;
    customers.delete(&[4, 5]).await;
    let empty = customers.at(3, first.next()).await;
    assert_eq!((ids(&empty), empty.next()), (vec![], None));
    let back = customers.at(2, empty.previous()).await;
    assert_eq!((ids(&back), back.previous().is_some()), (vec![2, 3], true));

    // And so it does in the other direction.
    let one = customers.at(1, back.previous()).await;
    assert_eq!(ids(&one), [1]);
    customers.delete(&[1]).await;
    let empty = customers.at(1, back.previous()).await;
    assert_eq!((ids(&empty), empty.previous()), (vec![], None));
    let again = customers.at(1, empty.next()).await;
    assert_eq!((ids(&again), again.next().is_some()), (vec![2], true));
    let empty = customers.at(1, again.previous()).await;
    assert_eq!((ids(&empty), empty.previous()), (vec![], None));

    // Where the row at the position came meanwhile, it is in one of the two.
    customers.delete(&[2, 3]).await;
    let empty = customers.at(1, empty.next()).await;
    assert_eq!((ids(&empty), empty.next()), (vec![], None));
    assert!(empty.previous().is_some());
}

#[tokio::test]
async fn a_row_that_was_moved_is_where_it_is_now() {
    let customers = Customers::new().await;
    let pages = |size| customers.repository.all().order_by(|c| c.credit.desc()).page(size);
    let db = &customers.stage.db;
    let first = pages(2).fetch_page(db).await.unwrap();
    assert_eq!(ids(&first), [5, 4]);
    customers.stage.execute("update acme.customer set credit = 1 where id = 5").await;
    let second = pages(2).at(first.next()).fetch_page(db).await.unwrap();
    assert_eq!(ids(&second), [3, 2]);
    let third = pages(2).at(second.next()).fetch_page(db).await.unwrap();
    assert_eq!(ids(&third), [1, 5]);
}

#[tokio::test]
async fn pages_are_fetched_on_everything_that_runs_statements() {
    let customers = Customers::new().await;
    let connection = customers.stage.db.connection().await.unwrap();
    let mut client = customers.stage.another_client().await;
    let own = Connection::from_client(customers.stage.another_client().await);
    let transaction = customers.stage.db.begin().await.unwrap();
    customers.repository.insert(new("seen within")).execute(&transaction).await.unwrap();
    let foreign = client.transaction().await.unwrap();
    let executors: [(&dyn Executor, usize); 5] =
        [(&customers.stage.db, 5), (&connection, 5), (&own, 5), (&transaction, 6), (&foreign, 5)];
    for (executor, expected) in executors {
        for slow in [false, true] {
            let query = customers.repository.all();
            let query = if slow { query.slow() } else { query };
            let (forwards, backwards) = walk(|size| query.clone().page(size), &[2], executor).await;
            assert_eq!((forwards.len(), backwards.len()), (expected, expected));
        }
    }
}

#[tokio::test]
async fn rows_that_were_deleted_softly_are_in_pages_where_they_are_asked_for() {
    #[derive(Debug, Clone, PartialEq, TenantTable)]
    #[tenant_table(name = "note")]
    struct Note {
        #[tenant_table(primary_key)]
        id: i32,
        #[tenant_table(soft_delete)]
        deleted: Option<OffsetDateTime>,
    }

    let stage = Stage::empty().await;
    let table = "create table acme.note (id int primary key, deleted timestamptz);
                 insert into acme.note select n, case when n % 2 = 0 then now() end from generate_series(1, 7) n";
    stage.execute(table).await;
    let notes = Note::repository().for_tenant(&stage.acme);
    for (query, expected) in [(notes.all(), 4), (notes.all().with_deleted(), 7)] {
        let (forwards, backwards) = walk(|size| query.clone().page(size), &[2], &stage.db).await;
        assert_eq!((forwards.len(), backwards.len()), (expected, expected));
    }
}

#[tokio::test]
async fn what_has_no_pages_says_why_and_sends_nothing() {
    let customers = Customers::new().await;
    let (db, all) = (&customers.stage.db, || customers.repository.all());
    // Whatever is sent fails.
    customers.stage.execute("drop table acme.customer").await;
    let problems = [
        (all().page(0).fetch_page(db).await.map(|_| ()), "has one at least"),
        (all().limit(3).page(2).fetch_page(db).await.map(|_| ()), ".limit(..)"),
        (all().offset(3).page(2).fetch_page(db).await.map(|_| ()), ".offset(..)"),
        (all().distinct().page(2).fetch_page(db).await.map(|_| ()), "distinct"),
        (all().distinct_on(|c| c.name).page(2).fetch_page(db).await.map(|_| ()), "distinct"),
        (all().group_by(|c| c.name).page(2).fetch_page(db).await.map(|_| ()), "grouped"),
        (all().having(|_| count_rows().gt(1)).page(2).fetch_page(db).await.map(|_| ()), "grouped"),
    ];
    for (result, words) in problems {
        let error = result.unwrap_err();
        let text = error.to_string();
        assert!(text.contains(words) && text.contains("`customer`") && text.contains("nothing was sent"), "{text}");
        assert!(!error.is_invalid_cursor() && !error.may_have_run() && !error.is_missing_table());
    }
    assert!(all().page(2).fetch_page(db).await.unwrap_err().is_missing_table());
    assert_eq!(all().page(0).sql(), "");
}

/// The plan of a page's query, with values written into it.
async fn plan(stage: &Stage, sql: &str, values: &[&str]) -> String {
    let mut sql = sql.to_owned();
    for (number, value) in values.iter().enumerate().rev() {
        sql = sql.replace(&format!("${}", number + 1), value);
    }
    let plan = format!("set enable_seqscan = off; set enable_bitmapscan = off; explain (costs off) {sql}");
    let messages = stage.client.simple_query(&by_hand(&plan)).await.unwrap();
    let lines = messages.iter().filter_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn an_index_finds_where_a_page_begins() {
    let stage = Stage::with_rows().await;
    stage
        .execute("create index on app.customer (tenant_id, name, id); create index on acme.customer (name, phone desc)")
        .await;
    let by_row = tenantry_tests::RowCustomer::repository().for_tenant(&stage.row_acme);
    let first = by_row.all().order_by(|c| c.name.asc()).page(2).fetch_page(&stage.db).await.unwrap();
    let sql = by_row.all().order_by(|c| c.name.asc()).page(2).at(first.next()).sql();
    let found = plan(&stage, &sql, &[&format!("'{}'", stage.row_acme), "'acme 2'", "2", "3"]).await;
    let condition =
        format!("Index Cond: ((tenant_id = '{}'::uuid) AND (ROW(name, id) > ROW('acme 2'::text, 2)))", stage.row_acme);
    assert!(found.contains(&condition) && !found.contains("Sort") && !found.contains("Filter"), "{found}");

    // With several directions and NULL the first column says where.
    let customers = Customer::repository().for_tenant(&stage.acme);
    let pages = customers.all().order_by(|c| [c.name.asc(), c.phone.desc()]).page(2);
    let first = pages.clone().fetch_page(&stage.db).await.unwrap();
    let sql = pages.at(first.next()).sql();
    let found = plan(&stage, &sql, &["'acme 2'", "'acme 2'", "'02'", "'02'", "2", "3"]).await;
    assert!(found.contains("Index Cond: (name >= 'acme 2'::text)"), "{found}");
}
