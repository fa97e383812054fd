//! Inserts and updates at their edges: nothing, very much, and rows that the database makes alone.

use tenantry::{TenantId, TenantTable};
use tenantry_tests::{
    Customer, CustomerChanges, CustomerKey, Event, NewCustomer, NewEvent, NewOrderLine, OrderLine, RowCustomer,
    RowCustomerChanges,
};
use tokio_postgres::error::SqlState;

use crate::stage::Stage;

fn line(order_id: i64) -> NewOrderLine {
    NewOrderLine { order_id, line: 1, product: String::new(), customer_id: order_id, note: "acme".to_owned() }
}

fn customer(number: i32) -> NewCustomer {
    NewCustomer { email: number.to_string(), name: "acme".to_owned(), phone: None, credit: None }
}

#[tokio::test]
async fn an_insert_of_nothing_does_nothing() {
    let stage = Stage::with_rows().await;
    let nobody: TenantId = "nobody".parse().unwrap();
    // Nothing is sent, or the missing table would be noticed.
    let lines = OrderLine::repository().for_tenant(&nobody);
    assert_eq!(lines.insert_many([]).execute(&stage.db).await.unwrap(), 0);
    assert_eq!(lines.insert_many([]).fetch_all(&stage.db).await.unwrap(), []);
    assert_eq!(lines.insert_many([]).fetch_optional(&stage.db).await.unwrap(), None);
    assert!(lines.insert_many([]).fetch_one(&stage.db).await.unwrap_err().is_not_found());
    assert!(lines.insert_many([]).fetch(&stage.db).try_next().await.unwrap().is_none());
    assert_eq!(lines.insert_many([]).sql(), "");
}

#[tokio::test]
async fn thousands_of_rows_go_in_at_once() {
    let stage = Stage::with_rows().await;
    let others = stage.rows_of_others().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    assert_eq!(lines.insert_many((1000..6000).map(line)).execute(&stage.db).await.unwrap(), 5000);
    let back = lines.insert_many((6000..11_000).map(line)).fetch_all(&stage.db).await.unwrap();
    assert!(back.iter().map(|line| line.order_id).eq(6000..11_000), "in their order");

    let customers = Customer::repository().for_tenant(&stage.acme);
    let new = |n: i32| NewCustomer { credit: (n % 2 == 0).then_some(n), ..customer(n) };
    let back = customers.insert_many((0..2000).map(new)).fetch_all(&stage.db).await.unwrap();
    assert!(back.iter().map(|customer| customer.credit).eq((0..2000).map(|n| if n % 2 == 0 { n } else { 100 })));
    assert_eq!(stage.rows_of_others().await, others);
}

#[tokio::test]
async fn more_values_than_a_statement_holds_are_refused_before_anything_is_sent() {
    let stage = Stage::with_rows().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    lines.insert(line(1000)).execute(&stage.db).await.unwrap();

    let db = stage.pool_of(1).await;
    let transaction = db.begin().await.unwrap();
    // A default beside values is none of an array. What is updated on conflict is one statement.
    let customers = Customer::repository().for_tenant(&stage.acme);
    let new = |n: i32| NewCustomer { credit: Some(1).filter(|_| n > 0), ..customer(n) };
    let insert = || customers.insert_many((0..16_385).map(new));
    let update = || insert().on_conflict(CustomerKey::Email).update_all();
    for error in [
        update().execute(&transaction).await.map(drop).unwrap_err(),
        update().fetch_all(&transaction).await.map(drop).unwrap_err(),
        insert().fetch(&transaction).try_next().await.map(drop).unwrap_err(),
        insert().execute(&stage.client).await.map(drop).unwrap_err(),
    ] {
        let expected = "a statement on `customer` needs 65539 values and PostgreSQL takes 65535: give it fewer \
                         rows at a time; nothing was sent";
        assert_eq!(error.to_string(), expected);
    }
    let keys = (0..40_000).map(|key| (key, 1));
    let error = lines.find_many(keys).fetch_all(&transaction).await.unwrap_err();
    assert!(error.to_string().contains("needs 80000 values"), "{error}");
    let wide = lines.filter(|l| tenantry::Filter::any((0..70_000).map(|n| l.order_id.eq(n))));
    let error = wide.fetch_all(&transaction).await.unwrap_err();
    assert!(error.to_string().contains("needs 70000 values"), "{error}");
    // The transaction has seen nothing of it.
    assert_eq!(lines.find(1000, 1).fetch_one(&transaction).await.unwrap().order_id, 1000);
    transaction.commit().await.unwrap();

    assert_eq!(customers.find_many(0..100_000).fetch_all(&db).await.unwrap().len(), 5, "a list is one value");
}

#[tokio::test]
async fn changes_that_change_nothing_are_refused_before_anything_is_sent() {
    let stage = Stage::with_rows().await;
    let nobody: TenantId = "nobody".parse().unwrap();
    let customers = Customer::repository().for_tenant(&nobody);
    for error in [
        customers.update(1, CustomerChanges::default()).execute(&stage.db).await.unwrap_err(),
        customers.update(1, CustomerChanges::default()).fetch_one(&stage.db).await.map(drop).unwrap_err(),
        customers.update_many(CustomerChanges::default()).all_rows().execute(&stage.db).await.unwrap_err(),
        customers.update_many(CustomerChanges::default()).filter(|c| c.id.eq(1)).execute(&stage.db).await.unwrap_err(),
    ] {
        assert!(error.is_no_changes() && !error.is_missing_table(), "{error}");
        assert_eq!(error.to_string(), "the changes to `customer` set no column; nothing was sent");
    }
    let rows = RowCustomer::repository().for_tenant(&stage.row_acme);
    let error = rows.update_many(RowCustomerChanges::default()).all_rows().execute(&stage.db).await.unwrap_err();
    assert!(error.is_no_changes(), "{error}");
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "ticket")]
struct Ticket {
    #[tenant_table(primary_key, generated)]
    id: i64,
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "ticket", tenant_column(tenant_id: uuid::Uuid), schema = "app")]
struct RowTicket {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(generated)]
    code: String,
}

#[tokio::test]
async fn rows_that_the_database_makes_alone() {
    let stage = Stage::with_rows().await;
    stage
        .execute(
            "create table acme.ticket (id bigint generated always as identity primary key);
             create table app.ticket (tenant_id uuid, id bigint generated always as identity,
                 code text generated always as ('made') stored, primary key (tenant_id, id))",
        )
        .await;
    let db = &stage.db;
    let tickets = Ticket::repository().for_tenant(&stage.acme);
    assert_eq!(tickets.insert(NewTicket {}).fetch_one(db).await.unwrap(), Ticket { id: 1 });
    assert_eq!(tickets.insert(NewTicket::default()).execute(db).await.unwrap(), 1);
    let many = tickets.insert_many([NewTicket {}, NewTicket {}]).fetch_all(db).await.unwrap();
    assert_eq!(many, [Ticket { id: 3 }, Ticket { id: 4 }]);

    let tickets = RowTicket::repository().for_tenant(&stage.row_acme);
    let ticket = |id| RowTicket { id, code: "made".to_owned() };
    assert_eq!(tickets.insert(NewRowTicket {}).fetch_one(db).await.unwrap(), ticket(1));
    let many = tickets.insert_many([NewRowTicket {}, NewRowTicket {}]).fetch_all(db).await.unwrap();
    assert_eq!(many, [ticket(2), ticket(3)]);
    let owners = stage.texts("select distinct tenant_id::text from app.ticket").await;
    assert_eq!(owners, [stage.row_acme.to_string()]);
}

#[tokio::test]
async fn defaults_are_the_databases_in_each_row() {
    let stage = Stage::with_rows().await;
    let customers = RowCustomer::repository().for_tenant(&stage.row_acme);
    let new = |email: &str, credit| tenantry_tests::NewRowCustomer {
        email: email.to_owned(),
        name: "acme".to_owned(),
        phone: None,
        credit,
    };
    let rows = [new("a", None), new("b", Some(1)), new("c", None)];
    let credits = customers.insert_many(rows).fetch_all(&stage.db).await.unwrap();
    assert_eq!(credits.iter().map(|customer| customer.credit).collect::<Vec<_>>(), [100, 1, 100]);
    stage.execute("alter table app.customer alter credit set default 5").await;
    assert_eq!(customers.insert(new("d", None)).fetch_one(&stage.db).await.unwrap().credit, 5);
}

#[tokio::test]
async fn a_table_without_a_key_takes_equal_rows() {
    let stage = Stage::with_rows().await;
    let events = Event::repository().for_tenant(&stage.acme);
    let event = || NewEvent { what: "twice".to_owned() };
    assert_eq!(events.insert_many([event(), event()]).execute(&stage.db).await.unwrap(), 2);
    let error = events.filter(|e| e.what.eq("twice")).fetch_one(&stage.db).await.unwrap_err();
    assert!(error.is_too_many_rows(), "{error}");
    assert_eq!(events.delete_many().filter(|e| e.what.eq("twice")).execute(&stage.db).await.unwrap(), 2);
}

#[tokio::test]
async fn all_rows_or_none() {
    let stage = Stage::with_rows().await;
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let error = lines.insert_many([line(1000), line(1001), line(1000)]).execute(&stage.db).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::UNIQUE_VIOLATION));
    assert_eq!(error.constraint(), Some("order_line_pkey"));
    assert_eq!(lines.filter(|l| l.order_id.ge(1000)).count().fetch_one(&stage.db).await.unwrap(), 0);
}
