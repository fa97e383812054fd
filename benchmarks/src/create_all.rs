//! What it takes to make ten tables for a new tenant.

use std::time::Instant;

use tenantry::{Database, Ddl, Script, Table, TableDefinition, TenantId, TenantTable};
use tokio_postgres::{Client, NoTls};

use crate::arguments::Options;
use crate::plan::Plan;
use crate::report::aligned;
use crate::statistics::median;
use crate::{Result, data};

/// Tables that differ by their names alone, each of which refers to the one before.
macro_rules! tables {
    ($($table:ident $name:literal $parent:ident),+) => {
        $(
            #[derive(TenantTable)]
            #[tenant_table(name = $name)]
            #[expect(dead_code, reason = "the tables are made, and nothing more")]
            struct $table {
                #[tenant_table(primary_key, generated)]
                id: i64,
                #[tenant_table(references = $parent, on_delete = "cascade", relation = "parent")]
                parent_id: Option<i64>,
                #[tenant_table(unique)]
                email: String,
                #[tenant_table(index)]
                name: String,
                #[tenant_table(default = "0", check = "credit >= 0")]
                credit: i32,
                phone: Option<String>,
            }
        )+

        pub(crate) const TABLES: [&TableDefinition; 10] = [$($table::DEFINITION),+];
    };
}

tables!(
    First "first" First, Second "second" First, Third "third" Second, Fourth "fourth" Third, Fifth "fifth" Fourth,
    Sixth "sixth" Fifth, Seventh "seventh" Sixth, Eighth "eighth" Seventh, Ninth "ninth" Eighth, Tenth "tenth" Ninth
);

/// The ways, in the order of the report.
const WAYS: [&str; 2] = ["by hand", "tenantry"];

/// Makes the tables of one tenant after another, in turns by `create_all_for` and by the same text sent by hand.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let plan = Plan::new(options);
    let server = match &plan.options.url {
        Some(_) => None,
        None => Some(data::start().await?),
    };
    let url = plan.options.url.as_deref().or(server.as_ref().map(|server| server.url())).unwrap_or_default();
    let db = Database::connect(url).await?;
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);

    let ddl = Ddl::of(&TABLES)?;
    let tenants_in_a_round = if plan.options.quick { 10 } else { 50 };
    let mut times = WAYS.map(|_| Vec::new());
    let mut tenants = 0_usize;
    // The first round does not count.
    for round in 0..=plan.rounds {
        for turn in 0..WAYS.len() {
            let way = (round + turn) % WAYS.len();
            let mut microseconds = Vec::new();
            for _ in 0..tenants_in_a_round {
                tenants += 1;
                let tenant: TenantId = format!("new_{tenants}").parse()?;
                let begun = Instant::now();
                let script = ddl.create_all_for(&tenant)?;
                match way {
                    0 => by_hand(&client, &script).await?,
                    _ => script.execute(&db).await?,
                }
                microseconds.push(begun.elapsed().as_secs_f64() * 1e6);
                check(&client, &tenant).await?;
            }
            if round > 0 {
                times[way].push(median(microseconds));
            }
        }
    }
    let mut lines = vec![["create-all", "ms for 10 tables"].map(str::to_owned).to_vec()];
    for (way, times) in WAYS.into_iter().zip(times) {
        lines.push(vec![way.to_owned(), format!("{:.2}", median(times) / 1000.0)]);
    }
    println!("{}", aligned(&lines));
    Ok(())
}

async fn by_hand(client: &Client, script: &Script) -> Result<()> {
    client.batch_execute(script.sql()).await?;
    Ok(())
}

async fn check(client: &Client, tenant: &TenantId) -> Result<()> {
    let count = "SELECT count(*) FROM pg_tables WHERE schemaname = $1";
    match client.query_one(count, &[&tenant.schema()]).await?.get::<_, i64>(0) {
        10 => Ok(()),
        other => Err(format!("{other} tables were made for {tenant}, and not 10").into()),
    }
}
