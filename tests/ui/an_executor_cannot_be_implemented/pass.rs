//! Twin: it is a method as any other
#![allow(deprecated)]

use tenantry::Database;

struct Proxy(Database);

impl Proxy {
    fn target(&self) -> tenantry::__::Target<'_> {
        todo!()
    }
}

fn main() {}
