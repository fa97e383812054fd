//! Two tenants, in both isolations, on a PostgreSQL of their own: `cargo run --example quickstart`.
//!
//! Uses the server that `DATABASE_URL` names; where it names none, starts a throwaway one.

use std::error::Error;
use std::process::ExitCode;

use tenantry::{Database, TenantId, TenantTable};
use throwaway_postgres::Server;
use uuid::Uuid;

/// Isolated by schema: each tenant has this table in a schema of its own.
#[derive(Debug, TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key, generated)]
    id: i64,
    #[tenant_table(unique)]
    email: String,
    name: String,
}

/// Isolated by row: one table for all, with a tenant column that this struct never mentions again.
#[derive(Debug, TenantTable)]
#[tenant_table(name = "invoice", tenant_column(tenant_id: Uuid))]
struct Invoice {
    #[tenant_table(primary_key)]
    number: i64,
    cents: i64,
    paid: bool,
}

/// The library writes no DDL here, so the tables are made by hand.
const TABLES: &str = "
    create schema acme;
    create schema globex;
    create table acme.customer (
        id bigint generated always as identity primary key, email text not null unique, name text not null
    );
    create table globex.customer (like acme.customer including all);
    create table invoice (
        tenant_id uuid, number bigint, cents bigint not null, paid bool not null, primary key (tenant_id, number)
    );
";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let database = Server::shared().await?.create_database().await?;
    database.execute(TABLES).await?;
    let db = Database::connect(database.url()).await?;

    println!("1. By schema: the tenant is the name of a schema\n");
    let acme: TenantId = "acme".parse()?;
    let globex: TenantId = "globex".parse()?;
    for (tenant, rows) in [(&acme, 3_000), (&globex, 2_000)] {
        let customers = Customer::repository().for_tenant(tenant);
        let news =
            (1..=rows).map(|n| NewCustomer { email: format!("{n}@{tenant}.example"), name: format!("Customer {n}") });
        let inserted = customers.insert_many(news).execute(&db).await?;

        // The same statement for both tenants: a method makes it, a verb runs it.
        let page = customers.filter(|c| c.name.starts_with("Customer 1")).order_by(|c| c.id.desc()).limit(2);
        println!("{tenant}: {inserted} rows inserted\n  {}", page.sql());
        for customer in page.fetch_all(&db).await? {
            println!("  -> {} {:?} <{}>", customer.id, customer.name, customer.email);
        }
        let find = customers.find(1);
        println!("  {}", find.sql());
        let first = find.fetch_one(&db).await?;
        println!("  -> {} <{}>\n", first.name, first.email);
    }

    println!("2. By row: the tenant is a bound value\n");
    for (tenant, invoices) in [(Uuid::from_u128(0xac3e), 1_500), (Uuid::from_u128(0x910be), 2_500)] {
        let tenant = TenantId::new(tenant)?;
        let repository = Invoice::repository().for_tenant(&tenant);
        let news = (1..=invoices).map(|number| NewInvoice { number, cents: number * 100, paid: number % 2 == 0 });
        let inserted = repository.insert_many(news).execute(&db).await?;
        println!("{tenant}: {inserted} rows inserted");

        let open = repository.filter(|c| c.paid.eq(false) & c.cents.ge(120_000)).count();
        println!("  {}", open.sql());
        println!("  -> {} invoices are open", open.fetch_one(&db).await?);
        let pay = repository.update(1, InvoiceChanges::default().paid(true));
        println!("  {}", pay.sql());
        let Invoice { number, cents, paid } = pay.fetch_one(&db).await?;
        println!("  -> invoice {number} over {cents} cents, paid: {paid}\n");
    }

    println!("3. One transaction, two tenants\n");
    let transaction = db.begin().await?;
    for tenant in [&acme, &globex] {
        let customers = Customer::repository().for_tenant(tenant);
        let gone = customers.delete_many().filter(|c| c.id.gt(10)).execute(&transaction).await?;
        println!("{tenant}: {gone} rows deleted, {} left", customers.all().count().fetch_one(&transaction).await?);
    }
    transaction.rollback().await?;
    let kept = Customer::repository().for_tenant(&acme).all().count().fetch_one(&db).await?;
    println!("rolled back: acme has its {kept} rows again\n");

    println!("4. No tenant: `Customer::repository().find(1)` does not compile\n");
    // Held by a test to be what the compiler says.
    println!("{}", include_str!("../tests/ui/find_needs_a_tenant/fail.stderr"));
    Ok(())
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn it_runs() {
        super::run().await.unwrap();
    }
}
