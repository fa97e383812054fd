//! The tests of `reads`, `writes`, `upserts` and `copies`, on tables in the tenants' schemas.

use tenantry::{Slug, TenantId};
use tenantry_tests::{
    Customer, CustomerChanges, CustomerKey, NewCustomer, NewOrderLine, OrderLine, OrderLineChanges, OrderLineKey,
};

use super::Stage;

#[path = "copies.rs"]
mod copies;
#[path = "reads.rs"]
mod reads;
#[path = "upserts.rs"]
mod upserts;
#[path = "writes.rs"]
mod writes;

fn acme(stage: &Stage) -> &TenantId<Slug> {
    &stage.acme
}
