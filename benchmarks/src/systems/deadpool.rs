//! deadpool-postgres with its cache of prepared statements, as its guide shows it.

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, RecyclingMethod};
use tokio_postgres::{NoTls, Statement};

use super::driver::{Customer, Value, values_of_rows};
use crate::Result;
use crate::data::{NewRow, Tenant};
use crate::system::{Reader, System, Target, Way};
use crate::texts::{Texts, Verb, set_search_path};

/// A pool.
pub(crate) struct Deadpool {
    way: Way,
    texts: Texts,
    pool: Pool,
}

impl Deadpool {
    async fn acquire(&self, tenant: &Tenant) -> Result<Client> {
        let client = self.pool.get().await?;
        if self.way == Way::SearchPath {
            client.batch_execute(&set_search_path(tenant)).await?;
        }
        Ok(client)
    }

    async fn prepare(&self, client: &Client, verb: Verb, tenant: &Tenant) -> Result<Statement> {
        Ok(client.prepare_cached(&self.texts.get(verb, tenant)).await?)
    }

    async fn read_one(&self, verb: Verb, tenant: &Tenant, id: i64) -> Result<Customer> {
        let client = self.acquire(tenant).await?;
        let statement = self.prepare(&client, verb, tenant).await?;
        let values: [Value<'_>; 2] = [&tenant.uuid, &id];
        let row = client.query_one(&statement, self.way.values(&values)).await?;
        Ok(Customer::decode(&row)?)
    }
}

impl Reader for Deadpool {
    type Customer = Customer;

    async fn connect(target: &Target) -> Result<Self> {
        let fast = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(target.config()?, NoTls, fast);
        let pool = Pool::builder(manager).max_size(target.connections).build()?;
        Ok(Self { way: target.way, texts: Texts::new(target.way), pool })
    }

    async fn find(&self, tenant: &Tenant, id: i64) -> Result<Customer> {
        self.read_one(Verb::Find, tenant, id).await
    }

    async fn list(&self, tenant: &Tenant, credit: i32) -> Result<Vec<Customer>> {
        let client = self.acquire(tenant).await?;
        let statement = self.prepare(&client, Verb::List, tenant).await?;
        let values: [Value<'_>; 2] = [&tenant.uuid, &credit];
        let rows = client.query(&statement, self.way.values(&values)).await?;
        Ok(Customer::decode_all(&rows)?)
    }
}

impl System for Deadpool {
    async fn insert(&self, tenant: &Tenant, rows: Vec<NewRow>) -> Result<u64> {
        let client = self.acquire(tenant).await?;
        let statement = self.prepare(&client, Verb::Insert(rows.len()), tenant).await?;
        Ok(client.execute(&statement, &values_of_rows(self.way, tenant, &rows)).await?)
    }

    async fn update(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
        let client = self.acquire(tenant).await?;
        let statement = self.prepare(&client, Verb::Update, tenant).await?;
        let values: [Value<'_>; 3] = [&tenant.uuid, &id, &credit];
        Ok(client.execute(&statement, self.way.values(&values)).await?)
    }

    async fn transact(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<Customer> {
        let mut client = self.acquire(tenant).await?;
        let values: [Value<'_>; 3] = [&tenant.uuid, &id, &credit];
        let [tenant_id, key, _] = values;
        let by_key = [tenant_id, key];
        let transaction = client.transaction().await?;
        let find = transaction.prepare_cached(&self.texts.get(Verb::Find, tenant)).await?;
        Customer::decode(&transaction.query_one(&find, self.way.values(&by_key)).await?)?;
        let update = transaction.prepare_cached(&self.texts.get(Verb::Update, tenant)).await?;
        transaction.execute(&update, self.way.values(&values)).await?;
        let row = transaction.query_one(&find, self.way.values(&by_key)).await?;
        transaction.commit().await?;
        Ok(Customer::decode(&row)?)
    }

    async fn find_slow(&self, tenant: &Tenant, id: i64) -> Result<Customer> {
        self.read_one(Verb::FindSlow, tenant, id).await
    }
}
