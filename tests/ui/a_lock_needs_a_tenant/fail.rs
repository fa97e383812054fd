//! E0308: mismatched types; expected `&TenantId<_>`, found `&str`
use tenantry::{Error, Transaction};

async fn run(transaction: &Transaction<'_>, tenant: &str) -> Result<(), Error> {
    transaction.lock(tenant, "invoice-numbers").await
}

fn main() {}
