//! E0080: evaluation panicked: this logical schema is named already
use tenantry::{InvalidTenantId, LogicalSchemas, Slug, TenantKey, TenantTable};

struct Company(Slug);

impl TenantKey for Company {
    type Value = Slug;

    const SCHEMAS: LogicalSchemas = LogicalSchemas::new().suffix("reporting", "_rep").suffix("reporting", "_reports");

    fn from_value(slug: Slug) -> Result<Self, InvalidTenantId> {
        Ok(Self(slug))
    }

    fn value(&self) -> &Slug {
        &self.0
    }
}

#[derive(TenantTable)]
#[tenant_table(name = "report", tenant = Company, schema = "reporting")]
struct Report {
    #[tenant_table(primary_key)]
    id: i64,
}

fn main() {
    println!("{:?}", Report::repository());
}
