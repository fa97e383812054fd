//! Every method of a repository, run for one tenant while another holds rows with the same keys.

use crate::stage::Stage;

mod by_row;
mod by_schema;
mod shared;
mod tenant_keys;
mod together;
