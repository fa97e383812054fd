//! What most tests begin with: a database in which two tenants hold equal keys.

use std::time::Duration;

use tenantry::{Database, Slug, TenantId};
use tenantry_tests::{Tenants, create};
use throwaway_postgres::{Bouncer, TestDatabase, by_hand};
use tokio::time::{Instant, sleep};
use tokio_postgres::Client;
use uuid::Uuid;

/// Two tenants, by schema and by row, a pool, and a client that sees everything.
pub(crate) struct Stage {
    pub(crate) db: Database,
    pub(crate) client: Client,
    pub(crate) acme: TenantId<Slug>,
    pub(crate) globex: TenantId<Slug>,
    pub(crate) row_acme: TenantId<Uuid>,
    pub(crate) row_globex: TenantId<Uuid>,
    database: TestDatabase,
}

impl Stage {
    /// With tables, and no rows in them.
    pub(crate) async fn empty() -> Self {
        let database = create().await;
        let Tenants { acme, globex, row_acme, row_globex } = Tenants::new();
        Self {
            db: Database::connect(database.url()).await.unwrap(),
            client: database.client().await.unwrap(),
            acme,
            globex,
            row_acme,
            row_globex,
            database,
        }
    }

    /// With rows of both tenants, which have equal keys and tell their owner in `name` and `note`.
    ///
    /// Globex has every key that acme has, and those that acme will be given next: customers from 100 on,
    /// and the order 100.
    pub(crate) async fn with_rows() -> Self {
        let stage = Self::empty().await;
        let fill = |tenant: &str, place: &str, owner: &str, customers: &str, orders: &str| {
            format!(
                "insert into {place}.customer select {owner} n, 'c' || n || '@x', '{tenant} ' || n,
                        case when n % 2 = 0 then '0' || n end, n * 10
                    from unnest(array[{customers}]) n;
                 insert into {place}.order_line select {owner} o, l, 'p' || l, o, format('{tenant} %s/%s', o, l)
                    from unnest(array[{orders}]) o, generate_series(1, 3) l;"
            )
        };
        let (acme, globex) = (("1, 2, 3, 4, 5", "1, 2"), ("1, 2, 3, 4, 5, 100, 101, 102", "1, 2, 100"));
        let owner = |tenant: &TenantId<Uuid>| format!("'{tenant}'::uuid,");
        let sql = [
            fill("acme", "acme", "", acme.0, acme.1),
            fill("globex", "globex", "", globex.0, globex.1),
            fill("acme", "app", &owner(&stage.row_acme), acme.0, acme.1),
            fill("globex", "app", &owner(&stage.row_globex), globex.0, globex.1),
            "insert into acme.event values ('acme event'); insert into globex.event values ('globex event');
             insert into catalog.plan values ('free', 0), ('team', 50);
             alter table acme.customer alter id restart with 100;
             alter table app.customer alter id restart with 100;"
                .to_owned(),
        ];
        stage.execute(&sql.concat()).await;
        stage
    }

    pub(crate) fn url(&self) -> &str {
        self.database.url()
    }

    pub(crate) fn url_behind(&self, bouncer: &Bouncer) -> String {
        bouncer.url(&self.database)
    }

    pub(crate) fn database_name(&self) -> &str {
        self.database.name()
    }

    /// A pool of its own.
    pub(crate) async fn pool_of(&self, connections: usize) -> Database {
        Database::options().pool_size(connections).connect(self.url()).await.unwrap()
    }

    /// Another client that sees everything. What is sent on it is taken for the library's, unless it is marked
    /// [by hand](by_hand).
    pub(crate) async fn another_client(&self) -> Client {
        self.database.client().await.unwrap()
    }

    /// Runs SQL text.
    pub(crate) async fn execute(&self, sql: &str) {
        self.client.batch_execute(&by_hand(sql)).await.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    }

    /// The one column of a query, as text.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.client.query(&by_hand(sql), &[]).await.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Asks the server again and again, until it answers true.
    pub(crate) async fn wait_until(&self, question: &str) {
        wait_until(&self.client, question).await;
    }

    /// Every row that is not acme's, byte for byte, with its place and the transaction that wrote it: a
    /// row that was written again with the same values is another one.
    pub(crate) async fn rows_of_others(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for table in ["globex.customer", "globex.order_line", "globex.event", "catalog.plan"] {
            rows.extend(self.texts(&row_texts(table, "true")).await);
        }
        for table in ["app.customer", "app.order_line"] {
            let others = format!("tenant_id is distinct from '{}'", self.row_acme);
            rows.extend(self.texts(&row_texts(table, &others)).await);
        }
        rows
    }
}

/// Asks the server again and again, until it answers true.
pub(crate) async fn wait_until(client: &Client, question: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    let question = by_hand(question);
    while client.query_one(&question, &[]).await.unwrap().get::<_, Option<bool>>(0) != Some(true) {
        assert!(Instant::now() < deadline, "still not so: {question}");
        sleep(Duration::from_millis(2)).await;
    }
}

fn row_texts(table: &str, condition: &str) -> String {
    format!("select format('{table} %s %s %s', t.ctid, t.xmin, t) from {table} t where {condition} order by 1")
}
