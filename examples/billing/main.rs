//! Usage-based billing for two tenants, in both isolations from the same code: `cargo run --example billing`.
//!
//! Accounts, their members and customers, shared plans, subscriptions, 50,000 metered events, invoices with lines,
//! payments and credit notes. Uses the server that `DATABASE_URL` names; where it names none, starts a throwaway one.
//!
//! - `tables`: the tables, once for both isolations, of which their DDL is made;
//! - `application`: what the application does, compiled once for each isolation;
//! - `by_schema` and `by_row`: the two isolations;
//! - `kinds`: the types that both share.

#![expect(dead_code, reason = "tables hold more than one program reads")]
#![expect(clippy::duplicate_mod, reason = "one application for both isolations")]

mod by_row;
mod by_schema;
mod kinds;
mod tables;

use std::error::Error;
use std::process::ExitCode;

use tenantry::{Database, Ddl, Table, TenantId};
use throwaway_postgres::Server;
use uuid::Uuid;

/// How many events each tenant's customers cause.
const EVENTS: i64 = 25_000;

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
    let [acme, globex] = [TenantId::new(Uuid::from_u128(0xac3e))?, TenantId::new(Uuid::from_u128(0x910be))?];
    database.execute(kinds::TYPES).await?;
    let db = Database::connect(database.url()).await?;
    let tables = [&by_schema::TABLES[..], &by_row::TABLES, &[kinds::Plan::DEFINITION]].concat();
    let ddl = Ddl::of(&tables)?;
    ddl.create_all().execute(&db).await?;
    for tenant in [&acme, &globex] {
        ddl.create_all_for(tenant)?.execute(&db).await?;
    }
    kinds::offer_plans(&db).await?;

    println!("By schema");
    for (tenant, name) in [(&acme, "Acme"), (&globex, "Globex")] {
        by_schema::application::run_a_month(&db, tenant, name, EVENTS).await?;
    }
    println!("\nBy row");
    for (tenant, name) in [(&acme, "Acme"), (&globex, "Globex")] {
        by_row::application::run_a_month(&db, tenant, name, EVENTS).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_is_billed_in_both_isolations() {
        assert_eq!(main(), ExitCode::SUCCESS);
    }
}
