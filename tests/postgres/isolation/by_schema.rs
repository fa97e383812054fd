//! The tests of `reads` and `writes`, on tables in the tenants' schemas.

use tenantry::{Slug, TenantId};
use tenantry_tests::{Customer, CustomerChanges, NewCustomer, NewOrderLine, OrderLine, OrderLineChanges};

use super::Stage;

#[path = "reads.rs"]
mod reads;
#[path = "writes.rs"]
mod writes;

fn acme(stage: &Stage) -> &TenantId<Slug> {
    &stage.acme
}
