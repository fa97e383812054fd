//! E0277: a lock ends with its transaction, and `tenantry::Connection` is none
use tenantry::{Connection, Error, TenantId};

async fn run(connection: &mut Connection, tenant: &TenantId) -> Result<bool, Error> {
    connection.try_lock(tenant, "invoice-numbers").await
}

fn main() {}
