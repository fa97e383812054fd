//! tokio-postgres by hand: what one would write for speed, and no more.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};

use futures_util::StreamExt;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::binary_copy::{BinaryCopyInWriter, BinaryCopyOutStream};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, NoTls, Statement};

use super::driver::{Customer, Value, values_of_rows};
use crate::Result;
use crate::data::{NewRow, Tenant};
use crate::system::{Reader, System, Target, Way};
use crate::texts::{Texts, Verb};

/// So many rows go in one statement.
const MOST_ROWS: usize = 10_000;
/// Rows of a statement, where they go in several: the fastest of several numbers.
const ROWS: usize = 5_000;

/// A fixed set of connections, each used by one task at a time.
pub(crate) struct ByHand {
    pub(super) way: Way,
    texts: Texts,
    free: Semaphore,
    connections: Mutex<Vec<Connection>>,
}

impl ByHand {
    pub(super) async fn acquire(&self) -> Result<Loan<'_>> {
        let permit = self.free.acquire().await?;
        let connection = self.connections.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = connection.ok_or("there are as many connections as permits")?;
        Ok(Loan { system: self, connection: Some(connection), _permit: permit })
    }

    /// Whose statement it is: all tenants share one where the tenant is a value.
    fn owner(&self, tenant: &Tenant) -> Option<u32> {
        (!self.way.is_by_row()).then_some(tenant.index)
    }

    async fn insert_in_parts(&self, connection: &mut Connection, tenant: &Tenant, rows: &[NewRow]) -> Result<u64> {
        let mut statements = Vec::new();
        for rows in rows.chunks(ROWS) {
            statements.push(connection.prepare(self, Verb::Insert(rows.len()), tenant).await?);
        }
        let transaction = connection.client.transaction().await?;
        let mut written = 0;
        for (statement, rows) in statements.iter().zip(rows.chunks(ROWS)) {
            written += transaction.execute(statement, &values_of_rows(self.way, tenant, rows)).await?;
        }
        transaction.commit().await?;
        Ok(written)
    }

    async fn read_one(&self, verb: Verb, tenant: &Tenant, id: i64) -> Result<Customer> {
        let mut connection = self.acquire().await?;
        let statement = connection.prepare(self, verb, tenant).await?;
        let values: [Value<'_>; 2] = [&tenant.uuid, &id];
        let row = connection.client.query_one(&statement, self.way.values(&values)).await?;
        Ok(Customer::decode(&row)?)
    }
}

/// A connection with its prepared statements.
pub(super) struct Connection {
    pub(super) client: Client,
    statements: HashMap<(Verb, Option<u32>), Statement>,
}

impl Connection {
    pub(super) async fn prepare(&mut self, system: &ByHand, verb: Verb, tenant: &Tenant) -> Result<Statement> {
        let key = (verb, system.owner(tenant));
        if let Some(statement) = self.statements.get(&key) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&system.texts.get(verb, tenant)).await?;
        self.statements.insert(key, statement.clone());
        Ok(statement)
    }
}

/// A connection while it is used.
pub(super) struct Loan<'s> {
    system: &'s ByHand,
    /// None only while it is given back.
    connection: Option<Connection>,
    _permit: SemaphorePermit<'s>,
}

impl Deref for Loan<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match &self.connection {
            Some(connection) => connection,
            None => unreachable!("it is there until it is given back"),
        }
    }
}

impl DerefMut for Loan<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        match &mut self.connection {
            Some(connection) => connection,
            None => unreachable!("it is there until it is given back"),
        }
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let mut connections = self.system.connections.lock().unwrap_or_else(PoisonError::into_inner);
        connections.extend(self.connection.take());
    }
}

impl Reader for ByHand {
    type Customer = Customer;

    async fn connect(target: &Target) -> Result<Self> {
        let config = target.config()?;
        let mut connections = Vec::new();
        for _ in 0..target.connections {
            let (client, connection) = config.connect(NoTls).await?;
            tokio::spawn(async move {
                // The client's calls fail with the connection's error.
                let _ = connection.await;
            });
            connections.push(Connection { client, statements: HashMap::new() });
        }
        Ok(Self {
            way: target.way,
            texts: Texts::new(target.way),
            free: Semaphore::new(connections.len()),
            connections: Mutex::new(connections),
        })
    }

    async fn find(&self, tenant: &Tenant, id: i64) -> Result<Customer> {
        self.read_one(Verb::Find, tenant, id).await
    }

    async fn list(&self, tenant: &Tenant, credit: i32) -> Result<Vec<Customer>> {
        let mut connection = self.acquire().await?;
        let statement = connection.prepare(self, Verb::List, tenant).await?;
        let values: [Value<'_>; 2] = [&tenant.uuid, &credit];
        let rows = connection.client.query(&statement, self.way.values(&values)).await?;
        Ok(Customer::decode_all(&rows)?)
    }
}

impl System for ByHand {
    async fn insert(&self, tenant: &Tenant, rows: Vec<NewRow>) -> Result<u64> {
        let mut connection = self.acquire().await?;
        if rows.len() > MOST_ROWS {
            return self.insert_in_parts(&mut connection, tenant, &rows).await;
        }
        let statement = connection.prepare(self, Verb::Insert(rows.len()), tenant).await?;
        Ok(connection.client.execute(&statement, &values_of_rows(self.way, tenant, &rows)).await?)
    }

    async fn copy_in(&self, tenant: &Tenant, rows: Vec<NewRow>) -> Result<u64> {
        let mut connection = self.acquire().await?;
        let statement = connection.prepare(self, Verb::CopyIn, tenant).await?;
        let sink = connection.client.copy_in(&statement).await?;
        let types = [Type::UUID, Type::TEXT, Type::TEXT, Type::TEXT];
        let mut writer = pin!(BinaryCopyInWriter::new(sink, self.way.values(&types)));
        for row in &rows {
            let values: [Value<'_>; 4] = [&tenant.uuid, &row.email, &row.name, &row.phone];
            writer.as_mut().write(self.way.values(&values)).await?;
        }
        Ok(writer.finish().await?)
    }

    async fn copy_out(&self, tenant: &Tenant) -> Result<Vec<Customer>> {
        let mut connection = self.acquire().await?;
        let statement = connection.prepare(self, Verb::CopyOut, tenant).await?;
        let types = [Type::INT8, Type::TEXT, Type::TEXT, Type::TEXT, Type::INT4];
        let mut rows = pin!(BinaryCopyOutStream::new(connection.client.copy_out(&statement).await?, &types));
        let mut all = Vec::new();
        while let Some(row) = rows.next().await {
            all.push(Customer::decode_copied(&row?)?);
        }
        Ok(all)
    }

    async fn update(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<u64> {
        let mut connection = self.acquire().await?;
        let statement = connection.prepare(self, Verb::Update, tenant).await?;
        let values: [Value<'_>; 3] = [&tenant.uuid, &id, &credit];
        Ok(connection.client.execute(&statement, self.way.values(&values)).await?)
    }

    async fn transact(&self, tenant: &Tenant, id: i64, credit: i32) -> Result<Customer> {
        let mut connection = self.acquire().await?;
        let find = connection.prepare(self, Verb::Find, tenant).await?;
        let update = connection.prepare(self, Verb::Update, tenant).await?;
        let values: [Value<'_>; 3] = [&tenant.uuid, &id, &credit];
        let [tenant_id, key, _] = values;
        let by_key = [tenant_id, key];
        let transaction = connection.client.transaction().await?;
        Customer::decode(&transaction.query_one(&find, self.way.values(&by_key)).await?)?;
        transaction.execute(&update, self.way.values(&values)).await?;
        let row = transaction.query_one(&find, self.way.values(&by_key)).await?;
        transaction.commit().await?;
        Ok(Customer::decode(&row)?)
    }

    async fn find_slow(&self, tenant: &Tenant, id: i64) -> Result<Customer> {
        self.read_one(Verb::FindSlow, tenant, id).await
    }
}
