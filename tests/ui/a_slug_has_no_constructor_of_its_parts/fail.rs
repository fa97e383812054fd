//! E0423: cannot initialize a tuple struct which contains private fields
use tenantry::{Slug, TenantId};

fn main() {
    let slug: Slug = Slug("public".into());
    println!("{}", TenantId::new(slug).unwrap());
}
