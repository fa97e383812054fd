//! All tests of isolation, with both walls.
#![expect(clippy::duplicate_mod, reason = "one list of tests for all isolations")]

use tenantry::TenantId;
use tenantry_tests::secured::{
    Customer, CustomerChanges, CustomerKey, NewCustomer, NewOrderLine, OrderLine, OrderLineChanges, OrderLineKey,
};
use uuid::Uuid;

use super::Stage;

#[path = "../isolation/reads.rs"]
mod reads;
#[path = "../isolation/upserts.rs"]
mod upserts;
#[path = "../isolation/writes.rs"]
mod writes;

fn acme(stage: &Stage) -> &TenantId<Uuid> {
    &stage.row_acme
}
