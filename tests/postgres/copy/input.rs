//! Rows that are copied in: any source, many of them, and those that do not fit.

use std::fmt;
use std::pin::pin;

use futures_util::{StreamExt, stream};
use tenantry::{CopyProgress, TenantId, TenantTable};
use tenantry_tests::{Customer, Event, NewCustomer, NewEvent};

use super::{customer, customers};
use crate::discreet::{SECRET, assert_discreet};
use crate::session::Session;
use crate::stage::Stage;

/// What a source of rows says. It repeats what it has read.
#[derive(Debug, PartialEq)]
struct Unreadable(&'static str);

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot read {}", self.0)
    }
}

impl std::error::Error for Unreadable {}

#[tokio::test]
async fn rows_come_from_any_iterator_or_stream() {
    let stage = Stage::with_rows().await;
    let (db, events) = (&stage.db, Event::repository().for_tenant(&stage.acme));
    let event = |number: i32| NewEvent { what: number.to_string() };
    let good = |number| Ok::<_, Unreadable>(event(number));

    assert_eq!(events.copy_in(vec![event(1), event(2)]).execute(db).await.unwrap(), 2);
    assert_eq!(events.copy_in((3..5).map(event)).execute(db).await.unwrap(), 2);
    assert_eq!(events.copy_in((5..7).map(good)).execute(db).await.unwrap(), 2);
    assert_eq!(events.copy_in(Some(event(7))).execute(db).await.unwrap(), 1);
    assert_eq!(events.copy_in(stream::iter(8..10).map(event)).execute(db).await.unwrap(), 2);
    assert_eq!(events.copy_in(stream::iter(10..12).map(good)).execute(db).await.unwrap(), 2);
    let later = stream::iter(12..14).then(async |number| {
        tokio::task::yield_now().await;
        Ok::<_, String>(event(number))
    });
    assert_eq!(events.copy_in(later).execute(db).await.unwrap(), 2);
    let mut borrowed = pin!(stream::iter(14..16).then(async |number| event(number)));
    assert_eq!(events.copy_in(borrowed.as_mut()).execute(db).await.unwrap(), 2);

    let what = "select what from acme.event where what <> 'acme event' order by what::int";
    assert!(stage.texts(what).await.into_iter().eq((1..16).map(|number: i32| number.to_string())));
}

#[tokio::test]
async fn a_copy_of_nothing_does_nothing() {
    let stage = Stage::with_rows().await;
    let nobody: TenantId = "nobody".parse().unwrap();
    let customers = Customer::repository().for_tenant(&nobody);
    // Nothing is sent, or the missing table would be noticed.
    assert_eq!(customers.copy_in(Vec::<NewCustomer>::new()).execute(&stage.db).await.unwrap(), 0);
    assert_eq!(customers.copy_in(stream::empty::<NewCustomer>()).execute(&stage.db).await.unwrap(), 0);
    assert!(customers.copy_in([customer(1)]).execute(&stage.db).await.unwrap_err().is_missing_table());
    assert!(customers.copy_out().fetch_all(&stage.db).await.unwrap_err().is_missing_table());
}

#[tokio::test]
async fn progress_grows_up_to_what_was_sent() {
    const ROWS: u64 = 50_000;
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let mut steps: Vec<CopyProgress> = Vec::new();
    let copy = customers.copy_in((0..ROWS as i64).map(customer)).on_progress(|progress| steps.push(progress));
    assert_eq!(copy.execute(&stage.db).await.unwrap(), ROWS);

    assert!(steps.len() > 10, "{steps:?}");
    for pair in steps.windows(2) {
        assert!(pair[0].rows() < pair[1].rows() && pair[0].bytes() < pair[1].bytes(), "{pair:?}");
    }
    // Each row has the number of its three fields and their lengths, where the phone's says NULL; before them stands the
    // header and after them the end.
    let bytes: usize = (0..ROWS as i64).map(customer).map(|new| 2 + 3 * 4 + new.email.len() + new.name.len()).sum();
    let last = *steps.last().unwrap();
    assert_eq!((last.rows(), last.bytes()), (ROWS, 19 + bytes as u64 + 2));

    let written = stage.texts("select count(*) || ' ' || count(distinct email) from acme.customer where id > 5").await;
    assert_eq!(written, ["50000 50000"]);
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn a_source_that_ends_in_an_error_writes_nothing() {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let pid = Session::of(&db).await.pid;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    for good_rows in [0, 1, 20_000] {
        let rows = || (0..good_rows).map(customer).map(Ok).chain([Err(Unreadable(SECRET))]);
        let error = customers_of_acme.copy_in(rows()).execute(&db).await.unwrap_err();
        assert_eq!(error.to_string(), "the source of the rows ended in an error; nothing was written");
        assert_discreet(&error);
        assert!(!error.may_have_run());
        let said = error.as_input_error().and_then(|error| error.downcast_ref::<Unreadable>());
        assert_eq!(said, Some(&Unreadable(SECRET)));

        let error = customers_of_acme.copy_in(stream::iter(rows())).execute(&db).await.unwrap_err();
        let said = error.into_input_error().unwrap().downcast::<Unreadable>().unwrap();
        assert_eq!(*said, Unreadable(SECRET));
        assert_eq!(customers(&stage).await, 5);
    }
    assert_eq!(Session::of(&db).await.pid, pid, "the connection is as good as before");
    let other = customers_of_acme.copy_in([customer(1), customer(1)]).execute(&db).await.unwrap_err();
    assert!(other.as_input_error().is_none());
    assert!(other.into_input_error().unwrap_err().is_unique_violation());
}

#[tokio::test]
async fn a_row_that_the_database_refuses_takes_the_others_with_it() {
    let stage = Stage::with_rows().await;
    Session::prepare(&stage).await;
    let db = stage.pool_of(1).await;
    let pid = Session::of(&db).await.pid;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    stage.execute("alter table acme.customer add check (credit >= 0)").await;
    let new = |number| NewCustomer { credit: Some(if number == 10_000 { -1 } else { 1 }), ..customer(number) };

    let error = customers_of_acme.copy_in((0..20_000).map(new)).execute(&db).await.unwrap_err();
    assert!(error.is_check_violation() && !error.may_have_run(), "{error}");
    assert_eq!(error.constraint(), Some("customer_credit_check"));
    let twice = (0..20_000).map(|number| NewCustomer { phone: Some(SECRET.to_owned()), ..customer(number / 2) });
    let error = customers_of_acme.copy_in(twice).execute(&db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_discreet(&error);

    assert_eq!(customers(&stage).await, 5);
    assert_eq!(Session::of(&db).await.pid, pid, "the connection is as good as before");
    assert_eq!(customers_of_acme.copy_in([customer(1)]).execute(&db).await.unwrap(), 1);
    assert_eq!(customers(&stage).await, 6);
}

#[tokio::test]
async fn what_is_checked_at_the_end_of_the_transaction_counts_too() {
    let stage = Stage::with_rows().await;
    stage.execute("alter table acme.event add unique (what) deferrable initially deferred").await;
    let events = Event::repository().for_tenant(&stage.acme);
    let event = || NewEvent { what: SECRET.to_owned() };
    let error = events.copy_in([event(), event()]).execute(&stage.db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_discreet(&error);
    assert_eq!(stage.texts("select what from acme.event").await, ["acme event"]);
}

#[tokio::test]
async fn a_column_with_a_default_is_given_by_all_rows_or_by_none() {
    let stage = Stage::with_rows().await;
    let customers_of_acme = Customer::repository().for_tenant(&stage.acme);
    let given = |number| NewCustomer { credit: Some(7), ..customer(number) };

    let error = customers_of_acme.copy_in([customer(1), given(2)]).execute(&stage.db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "column \"credit\" of `customer` is left out of the first row and given in a later one: a COPY has a column in \
         all rows or in none; nothing was written"
    );
    assert!(!error.may_have_run());
    let error = customers_of_acme.copy_in([given(1), customer(2)]).execute(&stage.db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "column \"credit\" of `customer` is given in the first row and left out of a later one: a COPY has a column in \
         all rows or in none; nothing was written"
    );
    assert_eq!(customers(&stage).await, 5);
    assert_eq!(customers_of_acme.copy_in([given(1), given(2)]).execute(&stage.db).await.unwrap(), 2);
    assert_eq!(stage.texts("select distinct credit::text from acme.customer where id >= 100").await, ["7"]);
}

/// The database makes all of it.
#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "ticket")]
struct Ticket {
    #[tenant_table(primary_key, generated)]
    id: i64,
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "ticket", tenant_column(tenant_id: i32), schema = "app")]
struct RowTicket {
    #[tenant_table(primary_key, default)]
    id: i64,
}

/// The same, of which a program makes none.
#[derive(Debug, TenantTable)]
#[tenant_table(name = "ticket", tenant_column(tenant_id: i32), schema = "app")]
struct MadeTicket {
    #[tenant_table(primary_key, generated)]
    id: i64,
}

#[tokio::test]
async fn a_row_without_a_column_cannot_be_copied() {
    let stage = Stage::empty().await;
    stage
        .execute(
            "create table acme.ticket (id bigint generated always as identity);
             create table app.ticket (tenant_id int, id bigint generated by default as identity)",
        )
        .await;
    let tickets = Ticket::repository().for_tenant(&stage.acme);
    let closed = stage.pool_of(1).await;
    closed.close();
    // It says so before anything is sent.
    for db in [&stage.db, &closed] {
        let error = tickets.copy_in([NewTicket {}, NewTicket {}]).execute(db).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "a row of `ticket` gives no column, and in a COPY it has to: use `insert_many`; nothing was written"
        );
        assert!(!error.may_have_run());
    }
    assert_eq!(stage.texts("select id::text from acme.ticket").await, [""; 0]);

    // The tenant's is one, where the others have defaults.
    let [acme, globex] = [-7, 7].map(|tenant| RowTicket::repository().for_tenant(&TenantId::new(tenant).unwrap()));
    let new = || NewRowTicket { id: None };
    assert_eq!(acme.copy_in([new(), new()]).execute(&stage.db).await.unwrap(), 2);
    assert_eq!(acme.copy_out().fetch_all(&stage.db).await.unwrap(), [RowTicket { id: 1 }, RowTicket { id: 2 }]);
    assert_eq!(globex.copy_out().fetch_all(&stage.db).await.unwrap(), []);
    // Also where the database lets nobody else make them.
    stage.execute("alter table app.ticket alter id set generated always").await;
    let made = MadeTicket::repository().for_tenant(&TenantId::new(7).unwrap());
    assert_eq!(made.copy_in([NewMadeTicket {}]).execute(&stage.db).await.unwrap(), 1);
    assert_eq!(globex.copy_out().fetch_all(&stage.db).await.unwrap(), [RowTicket { id: 3 }]);
}
