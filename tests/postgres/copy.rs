//! COPY into tables and out of them.

use tenantry_tests::NewCustomer;

use crate::stage::Stage;

mod dropped;
mod executors;
mod input;
mod output;
mod refused;
mod types;
mod waiting;

/// One that nobody has yet.
fn customer(number: i64) -> NewCustomer {
    NewCustomer { email: format!("new {number}"), name: format!("acme {number}"), phone: None, credit: None }
}

/// How many of acme's customers there are.
async fn customers(stage: &Stage) -> i64 {
    let count = stage.client.query_one("select count(*) from acme.customer", &[]).await.unwrap();
    count.get(0)
}
