//! Twin: parsing makes the slug
use tenantry::{Slug, TenantId};

fn main() {
    let slug: Slug = "acme".parse().unwrap();
    println!("{}", TenantId::new(slug).unwrap());
}
