//! Errors answer questions, and never repeat what must not be read by others.

use tenantry::{Database, Error, TenantId};
use tenantry_tests::{Customer, CustomerChanges, CustomerKey, NewCustomer, NewOrderLine, OrderLine};
use tokio_postgres::error::SqlState;

use crate::discreet::{SECRET, assert_discreet};
use crate::stage::Stage;

fn customer(email: &str) -> NewCustomer {
    NewCustomer { email: email.to_owned(), name: SECRET.to_owned(), phone: Some(SECRET.to_owned()), credit: None }
}

/// A stage whose tables refuse much, with a row that holds the secret everywhere.
async fn strict() -> Stage {
    let stage = Stage::with_rows().await;
    stage
        .execute(&format!(
            "insert into acme.customer (email, name, phone) values ('{SECRET}', '{SECRET}', '{SECRET}');
             alter table acme.customer add constraint phone_is_short check (length(phone) < 30);
             alter table acme.order_line add constraint customer_exists foreign key (customer_id)
                 references acme.customer (id);
             alter table acme.order_line add constraint product_exists foreign key (product)
                 references acme.customer (email) not valid"
        ))
        .await;
    stage
}

#[tokio::test]
async fn a_unique_violation_names_its_constraint_and_no_value() {
    let stage = strict().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let error = customers.insert(customer(SECRET)).fetch_one(&stage.db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!((error.code(), error.constraint()), (Some(&SqlState::UNIQUE_VIOLATION), Some("customer_email_key")));
    assert!(error.to_string().contains("customer_email_key") && error.to_string().contains("23505"), "{error}");
    assert_discreet(&error);
    // The program can still look.
    assert!(error.as_db_error().unwrap().detail().unwrap().contains(SECRET));
}

#[tokio::test]
async fn other_constraints_are_told_apart() {
    let stage = strict().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let lines = OrderLine::repository().for_tenant(&stage.acme);
    let line = |product: &str, customer_id| NewOrderLine {
        order_id: 9,
        line: 1,
        product: product.to_owned(),
        customer_id,
        note: SECRET.to_owned(),
    };

    let changes = CustomerChanges::default().phone(SECRET.repeat(3));
    let error = customers.update(1, changes).execute(&stage.db).await.unwrap_err();
    assert!(error.is_check_violation() && !error.is_unique_violation(), "{error}");
    assert_eq!(error.constraint(), Some("phone_is_short"));
    assert_discreet(&error);

    let error = lines.insert(line("c1@x", 99)).execute(&stage.db).await.unwrap_err();
    assert!(error.is_foreign_key_violation() && !error.is_check_violation(), "{error}");
    assert_eq!(error.constraint(), Some("customer_exists"));
    assert_discreet(&error);
    let error = lines.insert(line("hunter2-missing", 1)).execute(&stage.db).await.unwrap_err();
    assert_eq!(error.constraint(), Some("product_exists"));
    assert_discreet(&error);
    let error = customers.delete(1).execute(&stage.db).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    assert_discreet(&error);

    stage.execute("update acme.customer set phone = '' where phone is null; alter table acme.customer alter phone set not null").await;
    let error = customers.update(2, CustomerChanges::default().phone(None)).execute(&stage.db).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::NOT_NULL_VIOLATION));
    assert!(error.to_string().contains("phone"), "{error}");
    assert_discreet(&error);
}

#[tokio::test]
async fn a_failed_transaction_and_a_missing_row_say_so() {
    let stage = strict().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let error = customers.find_by_email("hunter2-missing").fetch_one(&stage.db).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.to_string(), "no row of `customer` was found");
    let error = customers.filter(|c| c.email.ne("hunter2")).fetch_one(&stage.db).await.unwrap_err();
    assert!(error.is_too_many_rows() && !error.is_not_found());
    assert_discreet(&error);

    let transaction = stage.db.begin().await.unwrap();
    customers.insert(customer(SECRET)).execute(&transaction).await.unwrap_err();
    let error = transaction.commit().await.unwrap_err();
    assert!(error.is_transaction_aborted());
    assert_discreet(&error);
}

#[tokio::test]
async fn a_question_about_one_kind_is_answered_for_that_kind_alone() {
    let stage = strict().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let nobody = Customer::repository().for_tenant(&"nobody".parse::<TenantId>().unwrap());
    let unique = customers.insert(customer(SECRET)).execute(&stage.db).await.unwrap_err();
    let not_found = customers.find(99).fetch_one(&stage.db).await.unwrap_err();
    let missing = nobody.find(1).fetch_one(&stage.db).await.unwrap_err();
    let no_changes = customers.update(1, CustomerChanges::default()).execute(&stage.db).await.unwrap_err();
    let answers = |error: &Error| {
        [
            error.is_not_found(),
            error.is_too_many_rows(),
            error.is_no_changes(),
            error.is_unique_violation(),
            error.is_foreign_key_violation(),
            error.is_check_violation(),
            error.is_missing_table(),
            error.is_retryable(),
            error.is_connection(),
            error.is_acquire_timeout(),
            error.is_transaction_aborted(),
        ]
    };
    for (error, its_own) in [(&unique, 3), (&not_found, 0), (&missing, 6), (&no_changes, 2)] {
        let yes: Vec<usize> = (0..11).filter(|question| answers(error)[*question]).collect();
        assert_eq!(yes, [its_own], "{error}");
    }
    assert!(not_found.code().is_none() && not_found.constraint().is_none() && not_found.as_db_error().is_none());
}

#[tokio::test]
async fn urls_are_not_repeated() {
    for url in [
        "postgres://app:hunter2@localhost:notaport/app",
        "postgres://app:hunter2@localhost/app?sslmode=hunter2",
        "postgres://app:hunter2@local host:1/%zz",
        "hunter2",
        "host=localhost password=hunter2 nonsense=hunter2",
        "host=localhost password='hunter2",
        "postgres://app:hunter2@127.0.0.1:1/app",
        "host=127.0.0.1 port=1 user=app password=hunter2",
        "host=/no/such/folder user=app password=hunter2",
        "postgres://app:hunter2@no-such-host.invalid/app",
        "user=app password=hunter2",
    ] {
        let error = Database::connect(url).await.unwrap_err();
        assert_discreet(&error);
    }
    let stage = Stage::empty().await;
    let with_password = format!("{}&user=nobody-known&password=hunter2", stage.url());
    let error = Database::connect(&with_password).await.unwrap_err();
    assert!(error.is_connection(), "{error}");
    assert_discreet(&error);
}

#[tokio::test]
async fn what_is_printed_of_other_things_holds_no_value() {
    let stage = strict().await;
    let customers = Customer::repository().for_tenant(&stage.acme);
    let changes = || CustomerChanges::default().name(SECRET);
    for printed in [
        format!("{:?}", customers.find(1)),
        format!("{:?}", customers.find_by_email(SECRET)),
        format!("{:?}", customers.filter(|c| c.email.eq(SECRET) | c.name.contains(SECRET) | c.name.in_([SECRET]))),
        format!("{:?}", customers.insert(customer(SECRET))),
        format!("{:?}", customers.insert_many([customer(SECRET)])),
        format!("{:?}", customers.insert_many([customer(SECRET)]).on_conflict(CustomerKey::Email)),
        format!("{:?}", customers.insert(customer(SECRET)).on_conflict(CustomerKey::Email).update_all()),
        format!("{:?}", customers.update(1, changes())),
        format!("{:?}", customers.update_many(changes()).filter(|c| c.email.eq(SECRET))),
        format!("{:?}", customers.delete_many().filter(|c| c.email.between(SECRET, SECRET))),
        customers.filter(|c| c.email.eq(SECRET)).sql(),
        customers.insert(customer(SECRET)).sql(),
        format!("{:?}", Database::options()),
        format!("{:?}", stage.db),
    ] {
        assert!(!printed.contains("hunter2"), "{printed}");
        assert!(!printed.contains(stage.database_name()), "{printed}");
    }
}
