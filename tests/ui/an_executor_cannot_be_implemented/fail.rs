//! E0277: `Proxy` cannot be made an executor
#![allow(deprecated)]

use tenantry::Database;

struct Proxy(Database);

impl tenantry::Executor for Proxy {
    fn target(&self) -> tenantry::__::Target<'_> {
        todo!()
    }
}

fn main() {}
