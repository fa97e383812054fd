//! Twin: it is taken in one
use tenantry::{Database, Error, TenantId};

async fn run(db: &Database, tenant: &TenantId) -> Result<(), Error> {
    db.begin().await?.lock(tenant, "invoice-numbers").await
}

fn main() {}
