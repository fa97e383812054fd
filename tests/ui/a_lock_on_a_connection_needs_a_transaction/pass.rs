//! Twin: it is taken in one
use tenantry::{Connection, Error, TenantId};

async fn run(connection: &mut Connection, tenant: &TenantId) -> Result<bool, Error> {
    connection.begin().await?.try_lock(tenant, "invoice-numbers").await
}

fn main() {}
