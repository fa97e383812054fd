//! A bare client of tokio-postgres: no pool, and one statement of each kind, for one tenant.

use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls, Statement};

use super::driver::{Customer, Value};
use crate::Result;
use crate::data::Tenant;
use crate::system::{Reader, Target, Way};
use crate::texts::{Texts, Verb};

/// The least that a program can do with the driver.
pub(crate) struct BareClient {
    way: Way,
    texts: Texts,
    client: Client,
    find: OnceCell<Statement>,
    list: OnceCell<Statement>,
}

impl Reader for BareClient {
    type Customer = Customer;

    async fn connect(target: &Target) -> Result<Self> {
        let (client, connection) = target.config()?.connect(NoTls).await?;
        tokio::spawn(async move {
            // The client's calls fail with the connection's error.
            let _ = connection.await;
        });
        let (find, list) = (OnceCell::new(), OnceCell::new());
        Ok(Self { way: target.way, texts: Texts::new(target.way), client, find, list })
    }

    async fn find(&self, tenant: &Tenant, id: i64) -> Result<Customer> {
        let prepare = async || self.client.prepare(&self.texts.get(Verb::Find, tenant)).await;
        let statement = self.find.get_or_try_init(prepare).await?;
        let values: [Value<'_>; 2] = [&tenant.uuid, &id];
        let row = self.client.query_one(statement, self.way.values(&values)).await?;
        Ok(Customer::decode(&row)?)
    }

    async fn list(&self, tenant: &Tenant, credit: i32) -> Result<Vec<Customer>> {
        let prepare = async || self.client.prepare(&self.texts.get(Verb::List, tenant)).await;
        let statement = self.list.get_or_try_init(prepare).await?;
        let values: [Value<'_>; 2] = [&tenant.uuid, &credit];
        let rows = self.client.query(statement, self.way.values(&values)).await?;
        Ok(Customer::decode_all(&rows)?)
    }
}
