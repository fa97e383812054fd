//! E0451: fields `binding`, `rows`, `conflict`, `returning`, `slow`, `decode` and `table` of struct `Insert` are private
use tenantry::{Database, Error, TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
}

async fn run(db: &Database, tenant: &TenantId) -> Result<u64, Error> {
    let insert = Customer::repository().for_tenant(tenant).insert(NewCustomer { id: 7 });
    let insert = tenantry::Insert { ..insert };
    insert.execute(db).await
}

fn main() {}
