//! tokio-postgres by hand under row-level security: a transaction that sets the tenant first, its messages one after another.

use tokio_postgres::Transaction;

use super::by_hand;
use super::driver::{Customer, Value, values_of_rows};
use crate::Result;
use crate::data::{NewRow, Tenant};
use crate::system::{Reader, System, Target};
use crate::texts::Verb;

pub(crate) struct ByHand(by_hand::ByHand);

/// A transaction that carries the tenant.
async fn begin<'c>(connection: &'c mut by_hand::Connection, tenant: &Tenant) -> Result<Transaction<'c>> {
    let transaction = connection.client.transaction().await?;
    transaction.batch_execute(&format!("SET LOCAL tenantry.tenant = '{}'", tenant.uuid)).await?;
    Ok(transaction)
}

impl Reader for ByHand {
    type Customer = Customer;

    async fn connect(target: &Target) -> Result<Self> {
        by_hand::ByHand::connect(target).await.map(Self)
    }

    async fn find(&self, tenant: &Tenant, id: i64) -> Result<Customer> {
        let mut connection = self.0.acquire().await?;
        let statement = connection.prepare(&self.0, Verb::Find, tenant).await?;
        let transaction = begin(&mut connection, tenant).await?;
        let row = transaction.query_one(&statement, &[&tenant.uuid, &id]).await?;
        transaction.commit().await?;
        Ok(Customer::decode(&row)?)
    }

    async fn list(&self, tenant: &Tenant, credit: i32) -> Result<Vec<Customer>> {
        let mut connection = self.0.acquire().await?;
        let statement = connection.prepare(&self.0, Verb::List, tenant).await?;
        let transaction = begin(&mut connection, tenant).await?;
        let rows = transaction.query(&statement, &[&tenant.uuid, &credit]).await?;
        transaction.commit().await?;
        Ok(Customer::decode_all(&rows)?)
    }
}

impl System for ByHand {
    async fn insert(&self, tenant: &Tenant, rows: Vec<NewRow>) -> Result<u64> {
        let mut connection = self.0.acquire().await?;
        let statement = connection.prepare(&self.0, Verb::Insert(rows.len()), tenant).await?;
        let transaction = begin(&mut connection, tenant).await?;
        let written = transaction.execute(&statement, &values_of_rows(self.0.way, tenant, &rows)).await?;
        transaction.commit().await?;
        Ok(written)
    }

    async fn update(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
        let mut connection = self.0.acquire().await?;
        let statement = connection.prepare(&self.0, Verb::Update, tenant).await?;
        let transaction = begin(&mut connection, tenant).await?;
        let values: [Value<'_>; 3] = [&tenant.uuid, &id, &credit];
        let changed = transaction.execute(&statement, &values).await?;
        transaction.commit().await?;
        Ok(changed)
    }

    async fn transact(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<Customer> {
        let mut connection = self.0.acquire().await?;
        let find = connection.prepare(&self.0, Verb::Find, tenant).await?;
        let update = connection.prepare(&self.0, Verb::Update, tenant).await?;
        let values: [Value<'_>; 3] = [&tenant.uuid, &id, &credit];
        let by_key = [values[0], values[1]];
        let transaction = begin(&mut connection, tenant).await?;
        Customer::decode(&transaction.query_one(&find, &by_key).await?)?;
        transaction.execute(&update, &values).await?;
        let row = transaction.query_one(&find, &by_key).await?;
        transaction.commit().await?;
        Ok(Customer::decode(&row)?)
    }

    async fn find_slow(&self, _: &Tenant, _: i64) -> Result<Customer> {
        Err("the slow view has no row-level security".into())
    }
}
