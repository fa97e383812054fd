//! tokio-postgres by hand, but rows are inserted one by one, all sent before the first answer.

use futures_util::future::try_join_all;

use super::by_hand::{ByHand, Connection};
use super::driver::{Customer, Value};
use crate::Result;
use crate::data::{NewRow, Tenant};
use crate::system::{Reader, System, Target};
use crate::texts::Verb;

/// The same but for inserts.
pub(crate) struct Pipelined(ByHand);

impl Reader for Pipelined {
    type Customer = Customer;

    async fn connect(target: &Target) -> Result<Self> {
        ByHand::connect(target).await.map(Self)
    }

    async fn find(&self, tenant: &Tenant, id: i64) -> Result<Customer> {
        self.0.find(tenant, id).await
    }

    async fn list(&self, tenant: &Tenant, credit: i32) -> Result<Vec<Customer>> {
        self.0.list(tenant, credit).await
    }
}

impl System for Pipelined {
    async fn insert(&self, tenant: &Tenant, rows: Vec<NewRow>) -> Result<u64> {
        let mut connection = self.0.acquire().await?;
        let statement = connection.prepare(&self.0, Verb::Insert(1), tenant).await?;
        let Connection { client, .. } = &mut *connection;
        // All or none, as in one statement.
        let transaction = client.transaction().await?;
        let insert = async |row: &NewRow| {
            let values: [Value<'_>; 4] = [&tenant.uuid, &row.email, &row.name, &row.phone];
            transaction.execute(&statement, self.0.way.values(&values)).await
        };
        let written = try_join_all(rows.iter().map(insert)).await?;
        transaction.commit().await?;
        Ok(written.iter().sum())
    }

    async fn update(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
        self.0.update(tenant, id, credit).await
    }

    async fn transact(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<Customer> {
        self.0.transact(tenant, id, credit).await
    }

    async fn find_slow(&self, tenant: &Tenant, id: i64) -> Result<Customer> {
        self.0.find_slow(tenant, id).await
    }
}
