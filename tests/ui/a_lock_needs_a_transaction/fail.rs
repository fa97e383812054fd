//! E0277: a lock ends with its transaction, and `Database` is none
use tenantry::{Database, Error, TenantId};

async fn run(db: &Database, tenant: &TenantId) -> Result<(), Error> {
    db.lock(tenant, "invoice-numbers").await
}

fn main() {}
