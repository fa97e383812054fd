//! Twin: it is short enough
use tenantry::{TenantId, TenantTable};

#[derive(TenantTable)]
#[tenant_table(name = "customer")]
struct Customer {
    #[tenant_table(primary_key)]
    id: i64,
    the_full_name_of_the_person_who_answers_when_one_calls_the_cust: String,
}

fn main() {
    let tenant: TenantId = "acme".parse().unwrap();
    println!("{}", Customer::repository().for_tenant(&tenant).find(7).sql());
}
