//! PostgreSQL's own benchmark as the application: banks that transfer at once, and whose books balance.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use tenantry::{Database, Error, IsolationLevel, TenantId, TenantTable, Transaction, TransactionOptions};
use throwaway_postgres::{Server, TestDatabase, by_hand};
use time::PrimitiveDateTime;
use time::macros::datetime;
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio_postgres::Client;

use crate::interrupt::Interrupt;
use crate::random::Random;

const TASKS: u64 = 16;
const TRANSFERS: u64 = 50;
const BANKS: usize = 3;
const ACCOUNTS: u64 = 100_000;
const TELLERS: u64 = 10;

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "pgbench_branches")]
struct Branch {
    #[tenant_table(primary_key)]
    bid: i32,
    #[tenant_table(column = "bbalance")]
    balance: i32,
    filler: Option<String>,
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "pgbench_tellers")]
struct Teller {
    #[tenant_table(primary_key)]
    tid: i32,
    #[tenant_table(references = Branch)]
    bid: i32,
    #[tenant_table(column = "tbalance")]
    balance: i32,
    filler: Option<String>,
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "pgbench_accounts")]
struct Account {
    #[tenant_table(primary_key)]
    aid: i32,
    #[tenant_table(references = Branch)]
    bid: i32,
    #[tenant_table(column = "abalance")]
    balance: i32,
    filler: String,
}

#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "pgbench_history", keyless)]
struct History {
    tid: i32,
    bid: i32,
    aid: i32,
    delta: i32,
    mtime: PrimitiveDateTime,
    filler: Option<String>,
}

/// A bank's tables, and what was committed to them as its customers remember.
struct Bank {
    tenant: TenantId,
    branches: BranchRepository<TenantId>,
    tellers: TellerRepository<TenantId>,
    accounts: AccountRepository<TenantId>,
    history: HistoryRepository<TenantId>,
    committed_sum: AtomicI64,
    committed: AtomicU64,
}

impl Bank {
    fn new(name: &str) -> Self {
        let tenant = name.parse().unwrap();
        Self {
            branches: Branch::repository().for_tenant(&tenant),
            tellers: Teller::repository().for_tenant(&tenant),
            accounts: Account::repository().for_tenant(&tenant),
            history: History::repository().for_tenant(&tenant),
            committed_sum: AtomicI64::new(0),
            committed: AtomicU64::new(0),
            tenant,
        }
    }

    /// Makes the schema, and has `pgbench` fill it: one branch, ten tellers, a hundred thousand accounts.
    async fn fill(&self, database: &TestDatabase) {
        let schema = self.tenant.schema();
        let schema_of_tenant = format!("create schema \"{schema}\"; comment on schema \"{schema}\" is 'tenant'");
        database.execute(&schema_of_tenant).await.unwrap();
        let folder = Server::shared().await.unwrap().binaries();
        let program = folder.map(|folder| folder.join("pgbench")).filter(|program| program.exists());
        let program = program.expect(
            "found no pgbench to fill the tables: install it (Debian and Ubuntu: `apt-get install postgresql`, Fedora and \
             RHEL: `dnf install postgresql-contrib`, macOS: `brew install postgresql`)",
        );
        let output = Command::new(program)
            .args(["--initialize", "--init-steps=dtGp", "--quiet", database.url()])
            .env("PGOPTIONS", format!("-c search_path={schema}"))
            .stdin(Stdio::null())
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// The transaction of TPC-B, up to its commit.
    async fn transfer(&self, random: &mut Random, transaction: &Transaction<'_>) -> Result<i32, Error> {
        let aid = 1 + random.below(ACCOUNTS) as i32;
        let tid = 1 + random.below(TELLERS) as i32;
        let delta = random.below(10_001) as i32 - 5_000;

        let account = self.accounts.find(aid).fetch_one(transaction).await?;
        let changes = AccountChanges::default().balance(account.balance + delta);
        self.accounts.update(aid, changes).execute(transaction).await?;
        let changed = self.accounts.find(aid).fetch_one(transaction).await?;
        assert_eq!(changed, Account { balance: account.balance + delta, ..account });

        let teller = self.tellers.find(tid).fetch_one(transaction).await?;
        let changes = TellerChanges::default().balance(teller.balance + delta);
        self.tellers.update(tid, changes).execute(transaction).await?;

        let branch = self.branches.find(teller.bid).fetch_one(transaction).await?;
        let changes = BranchChanges::default().balance(branch.balance + delta);
        assert_eq!(self.branches.update(branch.bid, changes).execute(transaction).await?, 1);

        let filler = Some(self.tenant.to_string());
        let history = NewHistory { tid, bid: branch.bid, aid, delta, mtime: datetime!(2026-11-23 0:00), filler };
        self.history.insert(history).execute(transaction).await?;
        Ok(delta)
    }

    /// One transfer, until it is committed; some are rolled back or dropped on the way.
    async fn run_one(&self, random: &mut Random, db: &Database) {
        let options = TransactionOptions::new().isolation_level(IsolationLevel::RepeatableRead);
        loop {
            let transaction = db.begin_with(options).await.unwrap();
            let interrupt = match random.below(8) {
                0 => Interrupt::random(random),
                _ => Interrupt::Never,
            };
            match interrupt.run(self.transfer(random, &transaction)).await {
                Some(Ok(_)) if random.below(8) == 0 => transaction.rollback().await.unwrap(),
                Some(Ok(delta)) => match transaction.commit().await {
                    Ok(()) => {
                        self.committed_sum.fetch_add(delta.into(), Ordering::Relaxed);
                        self.committed.fetch_add(1, Ordering::Relaxed);
                        return;
                    }
                    Err(error) => assert!(error.is_retryable(), "{error}"),
                },
                Some(Err(error)) => assert!(error.is_retryable(), "{error}"),
                None => drop(transaction),
            }
        }
    }

    /// What the tables say: four sums, and the number of transfers.
    async fn books(&self, client: &Client) -> [i64; 5] {
        let sql = "select (select sum(abalance) from {}.pgbench_accounts), (select sum(tbalance) from {}.pgbench_tellers),
                          (select sum(bbalance) from {}.pgbench_branches)::bigint,
                          (select coalesce(sum(delta), 0) from {}.pgbench_history), (select count(*) from {}.pgbench_history)";
        let sql = sql.replace("{}", &format!("\"{}\"", self.tenant.schema()));
        let row = client.query_one(&by_hand(&sql), &[]).await.unwrap();
        std::array::from_fn(|column| row.get(column))
    }

    /// Everything in the tables, in one word.
    async fn fingerprint(&self, client: &Client) -> String {
        let tables = [("accounts", "aid"), ("tellers", "tid"), ("branches", "bid"), ("history", "mtime")];
        let of_table = |(table, key)| {
            let rows = "string_agg(concat(t.ctid, t.xmin, t), '' order by t.{key})".replace("{key}", key);
            format!("(select md5({rows}) from \"{}\".pgbench_{table} t)", self.tenant.schema())
        };
        let sql = format!("select concat_ws(' ', {})", tables.map(of_table).join(", "));
        client.query_one(&by_hand(&sql), &[]).await.unwrap().get(0)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_of_all_banks_balance() {
    let database = throwaway_postgres::database().await;
    let client = database.client().await.unwrap();
    let banks: Vec<Arc<Bank>> = (1..=BANKS).map(|number| Arc::new(Bank::new(&format!("bank-{number}")))).collect();
    for bank in &banks {
        bank.fill(&database).await;
    }
    let (idle, busy) = banks.split_last().unwrap();
    let idle_before = idle.fingerprint(&client).await;
    let db = Database::options().pool_size(8).connect(database.url()).await.unwrap();

    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let (db, busy) = (db.clone(), busy.to_vec());
        tasks.spawn(async move {
            let mut random = Random::seeded(task);
            for transfer in 0..TRANSFERS {
                let bank = &busy[((task + transfer) % busy.len() as u64) as usize];
                bank.run_one(&mut random, &db).await;
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }

    for bank in busy {
        let (sum, count) = (bank.committed_sum.load(Ordering::Relaxed), bank.committed.load(Ordering::Relaxed));
        assert_eq!(bank.books(&client).await, [sum, sum, sum, sum, count as i64], "{}", bank.tenant);
        let own = bank.history.filter(|h| h.filler.starts_with(bank.tenant.to_string()));
        assert_eq!(own.count().fetch_one(&db).await.unwrap(), count as i64);
    }
    let committed: u64 = busy.iter().map(|bank| bank.committed.load(Ordering::Relaxed)).sum();
    assert_eq!(committed, TASKS * TRANSFERS);
    assert_eq!(idle.books(&client).await, [0; 5]);
    assert_eq!(idle.fingerprint(&client).await, idle_before);
}
