//! The tests of `reads` and `writes`, on tables with a tenant column.
#![expect(clippy::duplicate_mod, reason = "one list of tests for both isolations")]

use tenantry::TenantId;
use tenantry_tests::{
    NewRowCustomer as NewCustomer, NewRowOrderLine as NewOrderLine, RowCustomer as Customer,
    RowCustomerChanges as CustomerChanges, RowOrderLine as OrderLine, RowOrderLineChanges as OrderLineChanges,
};
use uuid::Uuid;

use super::Stage;

#[path = "reads.rs"]
mod reads;
#[path = "writes.rs"]
mod writes;

fn acme(stage: &Stage) -> &TenantId<Uuid> {
    &stage.row_acme
}
