//! Reads across tenants: each tenant's rows are those that it reads by itself.

use crate::stage::Stage;

mod answers;
mod executors;
mod failures;
mod keys;
mod traced;
