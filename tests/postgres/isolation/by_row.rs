//! The tests of `reads`, `writes`, `upserts` and `copies`, on tables with a tenant column.
#![expect(clippy::duplicate_mod, reason = "one list of tests for both isolations")]

use tenantry::TenantId;
use tenantry_tests::{
    NewRowCustomer as NewCustomer, NewRowOrderLine as NewOrderLine, RowCustomer as Customer,
    RowCustomerChanges as CustomerChanges, RowCustomerKey as CustomerKey, RowOrderLine as OrderLine,
    RowOrderLineChanges as OrderLineChanges, RowOrderLineKey as OrderLineKey,
};
use uuid::Uuid;

use super::Stage;

#[path = "copies.rs"]
mod copies;
#[path = "reads.rs"]
mod reads;
#[path = "upserts.rs"]
mod upserts;
#[path = "writes.rs"]
mod writes;

fn acme(stage: &Stage) -> &TenantId<Uuid> {
    &stage.row_acme
}
