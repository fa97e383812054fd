//! What it takes to audit thousands of schemas.

use std::time::Instant;

use tenantry::{Audit, Database, Ddl, Report, Severity, TenantId};

use crate::arguments::Options;
use crate::create_all::TABLES;
use crate::plan::Plan;
use crate::report::aligned;
use crate::statistics::median;
use crate::{Result, data};

/// So many schemas are made at a time.
const AT_ONCE: usize = 8;

/// Makes the schemas, and audits them again and again.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let plan = Plan::new(options);
    let server = match &plan.options.url {
        Some(_) => None,
        None => Some(data::start().await?),
    };
    let url = plan.options.url.as_deref().or(server.as_ref().map(|server| server.url())).unwrap_or_default();
    let db = Database::connect(url).await?;
    let count = if plan.options.quick { 200 } else { 2_000 };
    let tenants: Vec<TenantId> =
        (0..count).map(|number| format!("audited_{number}").parse()).collect::<Result<_, _>>()?;
    let ddl = Ddl::of(&TABLES)?;
    for some in tenants
        .chunks(tenants.len().div_ceil(AT_ONCE))
        .map(<[TenantId]>::to_vec)
        .map(|some| {
            let (ddl, db) = (ddl.clone(), db.clone());
            tokio::spawn(async move {
                for tenant in &some {
                    ddl.create_all_for(tenant)?.execute(&db).await?;
                }
                Ok::<_, crate::Error>(())
            })
        })
        .collect::<Vec<_>>()
    {
        some.await??;
    }

    let (mut with, mut without) = (Vec::new(), Vec::new());
    // The first round does not count.
    for round in 0..=plan.rounds {
        let begun = Instant::now();
        check(&Audit::of(&TABLES).tenants(&tenants).run(&db).await?, count)?;
        let listed = begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        check(&db.audit(&TABLES).await?, count)?;
        if round > 0 {
            with.push(listed);
            without.push(begun.elapsed().as_secs_f64());
        }
    }
    let heading = ["audit".to_owned(), format!("seconds for {count} schemas of 10 tables")];
    let lines = [("listed tenants", with), ("no list", without)];
    let lines = lines.map(|(way, times)| vec![way.to_owned(), format!("{:.2}", median(times))]);
    println!("{}", aligned(&[vec![heading.to_vec()], lines.to_vec()].concat()));
    Ok(())
}

fn check(report: &Report, schemas: usize) -> Result<()> {
    report.refuse_from(Severity::Mismatch)?;
    match report.tables() >= 10 * schemas {
        true => Ok(()),
        false => Err(format!("{} tables were looked at", report.tables()).into()),
    }
}
