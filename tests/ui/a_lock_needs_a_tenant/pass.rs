//! Twin: the text has been parsed
use tenantry::{Error, Transaction};

async fn run(transaction: &Transaction<'_>, tenant: &tenantry::TenantId) -> Result<(), Error> {
    transaction.lock(tenant, "invoice-numbers").await
}

fn main() {}
