//! How much a statement allocates in this process, beside the same statement written for the driver by hand.
//!
//! It counts for the whole thread, on which the connections run as well. It is a program of its own, because it has
//! an allocator of its own.
#![expect(clippy::unwrap_used, reason = "tests")]

use allocation_counter::measure;
use tenantry::{Database, TenantId, TenantKey};
use tenantry_tests::{Customer, CustomerChanges, NewCustomer, RowCustomer, Tenants, both_rules, create};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Statement as Prepared};

const COLUMNS: &str = r#"SELECT "id", "email", "name", "phone", "credit" FROM"#;

/// The least of several runs: buffers grow in some of them.
fn least(mut run: impl FnMut()) -> u64 {
    run();
    run();
    run();
    (0..20).map(|_| measure(&mut run).count_total).min().unwrap()
}

struct ByHand {
    client: Client,
    find_by_schema: Prepared,
    find_by_row: Prepared,
    insert: Prepared,
}

impl ByHand {
    async fn connect(url: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let prepare = async |sql: &str| client.prepare(&format!("{COLUMNS} {sql}")).await.unwrap();
        let insert = r#"INSERT INTO "acme"."customer" ("email", "name", "phone", "credit") VALUES ($1, $2, $3, $4)"#;
        Self {
            insert: client.prepare(insert).await.unwrap(),
            find_by_schema: prepare(r#""acme"."customer" WHERE "id" = $1"#).await,
            find_by_row: prepare(r#""app"."customer" WHERE "tenant_id" = $1 AND "id" = $2"#).await,
            client,
        }
    }

    async fn find(&self, statement: &Prepared, parameters: &[&(dyn ToSql + Sync)]) -> Customer {
        let row = self.client.query_one(statement, parameters).await.unwrap();
        Customer { id: row.get(0), email: row.get(1), name: row.get(2), phone: row.get(3), credit: row.get(4) }
    }
}

/// Runs a future of any size in the same way: an unoptimized runtime moves a large one to the heap.
fn run<F: Future>(runtime: &Runtime, future: F) -> F::Output {
    runtime.block_on(Box::pin(future))
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn a_prepared_find_allocates_nothing_more_than_by_hand() {
    let runtime = current_thread();
    let Tenants { acme, row_acme, .. } = Tenants::new();
    let database = runtime.block_on(create());
    let rows = |place, owner| {
        format!("insert into {place}.customer select {owner} n, 'c' || n, 'acme ' || n from generate_series(1, 9) n;")
    };
    let rows = rows("acme", String::new()) + &rows("app", format!("'{row_acme}'::uuid,"));
    let (db, by_hand) = runtime.block_on(async {
        database.execute(&rows).await.unwrap();
        (Database::connect(database.url()).await.unwrap(), ByHand::connect(database.url()).await)
    });
    let by_schema = Customer::repository().for_tenant(&acme);
    let by_row = RowCustomer::repository().for_tenant(&row_acme);
    let tenant = *row_acme.key();

    let found = least(|| _ = run(&runtime, by_schema.find(7).fetch_one(&db)).unwrap());
    let found_by_hand = least(|| _ = run(&runtime, by_hand.find(&by_hand.find_by_schema, &[&7_i64])));
    assert_eq!(found, found_by_hand, "by schema");

    let found = least(|| _ = run(&runtime, by_row.find(7).fetch_one(&db)).unwrap());
    let found_by_hand = least(|| _ = run(&runtime, by_hand.find(&by_hand.find_by_row, &[&tenant, &7_i64])));
    assert_eq!(found, found_by_hand, "by row");
}

#[test]
fn a_prepared_insert_allocates_for_its_values_and_their_places_more_than_by_hand() {
    let runtime = current_thread();
    let acme = Tenants::new().acme;
    let database = runtime.block_on(create());
    let (db, by_hand) = runtime
        .block_on(async { (Database::connect(database.url()).await.unwrap(), ByHand::connect(database.url()).await) });
    let customers = Customer::repository().for_tenant(&acme);
    let mut numbers = 0..;
    let mut next = || {
        let email = format!("{:06}", numbers.next().unwrap());
        NewCustomer { email, name: String::new(), phone: None, credit: Some(1) }
    };
    let inserted = least(|| assert_eq!(run(&runtime, customers.insert(next()).execute(&db)).unwrap(), 1));
    let inserted_by_hand = least(|| {
        let NewCustomer { email, name, phone, credit } = next();
        let written = run(&runtime, by_hand.client.execute(&by_hand.insert, &[&email, &name, &phone, &credit]));
        assert_eq!(written.unwrap(), 1);
    });
    assert_eq!(inserted, inserted_by_hand + 5, "three values, and a place for all of them, twice");
}

/// What is allocated to make a statement, without running it.
fn made<R>(mut make: impl FnMut() -> R) -> u64 {
    least(|| drop(make()))
}

#[test]
fn a_statement_allocates_for_its_texts_and_its_pieces_alone() {
    let acme: TenantId = "acme".parse().unwrap();
    let customers = Customer::repository().for_tenant(&acme);
    assert_eq!(made(|| customers.find(7)), 0);
    assert_eq!(made(|| customers.delete(7)), 0);
    assert_eq!(made(|| customers.find_by_email("ada@example.com")), 2, "the text, and its place as a value");
    let changes = || CustomerChanges::default().credit(1);
    assert_eq!(least(|| drop(customers.update(7, changes()))), 3, "what is set, as it is collected and kept; the key");
    let new = |credit| NewCustomer { email: String::new(), name: String::new(), phone: None, credit };
    assert_eq!(made(|| customers.insert(new(Some(1)))), 4, "two texts and a phone, and a place for all");
    assert_eq!(made(|| customers.insert(new(None))), 4, "the same");
}

#[test]
fn the_schemas_of_a_tenant_are_named_without_an_allocation() {
    both_rules!({
        let acme: TenantId<Key> = "acme".parse().unwrap();
        let given = [("reporting", "Acme Reports"), ("archive", "Acme Archive")];
        let key = Key::from_value(acme.to_string().parse().unwrap()).unwrap();
        let by_hand = TenantId::with_existing_schemas(key, "Acme Ltd", given).unwrap();
        for tenant in [&acme, &by_hand] {
            let (customers, reports) =
                (Customer::repository().for_tenant(tenant), Report::repository().for_tenant(tenant));
            assert_eq!(made(|| reports.find(7)), 0);
            let over_schemas = made(|| customers.all().join::<OldCustomer>(|c, o| c.id.eq(o.id)).count());
            let in_one = made(|| customers.all().join::<Customer>(|c, o| c.id.eq(o.id)).count());
            assert_eq!(over_schemas, in_one, "the same query on tables of one schema");
        }
    });
}
