//! error: the tenant column's name has 68 bytes, and PostgreSQL cuts names off after 63
use tenantry::{TenantId, TenantTable};
use uuid::Uuid;

#[derive(TenantTable)]
#[tenant_table(name = "customer", tenant_column(the_number_of_the_subsidiary_to_whom_the_customer_belongs_in_the_end: Uuid))]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    name: String,
}

fn main() {
    let tenant: TenantId<Uuid> = Uuid::max().to_string().parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
