//! Advisory locks of a tenant, which end with their transaction.

use std::future::{Pending, pending};

use crate::connection::Connection;
use crate::database::Database;
use crate::error::Error;
use crate::executor::Executor;
use crate::run;
use crate::statement::{Query, Statement};
use crate::table::FixedText;
use crate::tenant::{KeyValue, TenantId, TenantKey};
use crate::transaction::Transaction;
use crate::value::Value;

/// The statement by one of PostgreSQL's functions. The key is made by the server, so that whoever knows this text can
/// make the same; see [`Transaction::lock`], which shows it.
macro_rules! locking {
    ($function:literal) => {
        FixedText {
            fragments: &[concat!(
                "SELECT pg_catalog.",
                $function,
                "(('x' || pg_catalog.encode(pg_catalog.substr(pg_catalog.sha256($1), 1, 8), 'hex'))::bit(64)::bigint)"
            )],
            returning: "",
            logical_schema: None,
        }
    };
}

static LOCK: FixedText = locking!("pg_advisory_xact_lock");
static LOCK_SHARED: FixedText = locking!("pg_advisory_xact_lock_shared");
static TRY_LOCK: FixedText = locking!("pg_try_advisory_xact_lock");
static TRY_LOCK_SHARED: FixedText = locking!("pg_try_advisory_xact_lock_shared");

impl Transaction<'_> {
    /// Takes the tenant's lock of this name, and waits for it while another transaction has it: `SELECT
    /// pg_advisory_xact_lock(..)`.
    ///
    /// It locks no row and no table: it keeps apart those who ask for it. It is held until the transaction ends, or the
    /// savepoint in which it was taken is rolled back; nothing unlocks it before, and nothing of it stays on the
    /// connection. Who has it may take it again. Another tenant's lock of the same name is another lock.
    ///
    /// In a transaction that sees what was committed when it began, as with
    /// [`RepeatableRead`](crate::IsolationLevel::RepeatableRead), waiting for a lock is already a statement: what
    /// the one before has committed is not seen.
    ///
    /// It waits no longer than a statement may wait for the database, and a row's lock for that matter: see
    /// [`statement_timeout`](crate::DatabaseOptions::statement_timeout), after which the transaction is lost. A
    /// future that is dropped leaves the transaction waiting for the lock, as one of a statement does.
    ///
    /// # The key
    ///
    /// PostgreSQL knows the lock by 64 bits, the first of the SHA-256 of the tenant's name, `/` and the lock's name in
    /// UTF-8. The tenant's name is that of the [schema](TenantId::schema) that follows from its key: `acme`, or `id_42`
    /// for a tenant with the number 42. (Where the schema was named by hand, it does not count.) The same in any other
    /// program, for the lock `invoice-numbers` of `acme`:
    ///
    /// ```sql
    /// SELECT pg_advisory_xact_lock(
    ///     ('x' || encode(substr(sha256(convert_to('acme/invoice-numbers', 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint)
    /// ```
    ///
    /// This does not change with the version of this library, or of PostgreSQL. Two locks whose keys are equal by chance
    /// wait for each other, and no harm comes of that.
    ///
    /// # Errors
    ///
    /// [`is_retryable`](Error::is_retryable) where two transactions wait for each other, one of which PostgreSQL
    /// ends; and whatever else the database answers.
    ///
    /// ```no_run
    /// # use tenantry::{Database, Error, TenantId};
    /// # async fn run(db: &Database, acme: &TenantId) -> Result<(), Error> {
    /// let transaction = db.begin().await?;
    /// transaction.lock(acme, "invoice-numbers").await?;
    /// // Nobody else gives acme an invoice number now.
    /// transaction.commit().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn lock<K: TenantKey>(&self, tenant: &TenantId<K>, name: &str) -> Result<(), Error> {
        self.wait_for(&LOCK, key(tenant, name)).await
    }

    /// Takes the tenant's lock of this name as one of several that may have it so at a time, and waits while a
    /// transaction has it [alone](Self::lock): `SELECT pg_advisory_xact_lock_shared(..)`.
    ///
    /// # Errors
    ///
    /// As [`lock`](Self::lock).
    pub async fn lock_shared<K: TenantKey>(&self, tenant: &TenantId<K>, name: &str) -> Result<(), Error> {
        self.wait_for(&LOCK_SHARED, key(tenant, name)).await
    }

    /// Takes the tenant's lock of this name as [`lock`](Self::lock) does, if no other transaction has it; answers
    /// whether it did, and does not wait: `SELECT pg_try_advisory_xact_lock(..)`.
    ///
    /// # Errors
    ///
    /// Whatever the database answers.
    pub async fn try_lock<K: TenantKey>(&self, tenant: &TenantId<K>, name: &str) -> Result<bool, Error> {
        self.try_for(&TRY_LOCK, key(tenant, name)).await
    }

    /// Takes the tenant's lock of this name as [`lock_shared`](Self::lock_shared) does, if no other transaction has it
    /// alone; answers whether it did, and does not wait: `SELECT pg_try_advisory_xact_lock_shared(..)`.
    ///
    /// # Errors
    ///
    /// Whatever the database answers.
    pub async fn try_lock_shared<K: TenantKey>(&self, tenant: &TenantId<K>, name: &str) -> Result<bool, Error> {
        self.try_for(&TRY_LOCK_SHARED, key(tenant, name)).await
    }

    async fn wait_for(&self, text: &'static FixedText, key: Value) -> Result<(), Error> {
        let statement = Statement::new(query(text, key), |_| Ok(()));
        run::execute(statement, self.target()).await.map(drop)
    }

    async fn try_for(&self, text: &'static FixedText, key: Value) -> Result<bool, Error> {
        let statement = Statement::new(query(text, key), |row| row.get(0));
        run::fetch_optional(&statement, self.target()).await?.ok_or_else(|| statement.not_found())
    }
}

fn query(text: &'static FixedText, key: Value) -> Query {
    Query::without_table("pg_locks", text, key)
}

/// No tenant's name holds a `/`: what stands before the first one is the tenant, whatever the lock is called.
fn key<K: TenantKey>(tenant: &TenantId<K>, name: &str) -> Value {
    Value::new(format!("{}/{name}", tenant.key().value().schema_name()).into_bytes())
}

/// Nothing has this: it carries the words of the compile error for a lock outside of a transaction.
#[diagnostic::on_unimplemented(
    message = "a lock ends with its transaction, and `{Self}` is none",
    label = "begin a transaction, `let transaction = db.begin().await?`, and lock there"
)]
pub trait InTransaction {}

/// The methods of a transaction, there for their compile error.
macro_rules! in_a_transaction_only {
    ($holder:ty: $($lock:ident -> $answer:ty),+) => {
        impl $holder {
            $(
                #[doc(hidden)]
                pub fn $lock<K>(&self, _: &TenantId<K>, _: &str) -> Pending<Result<$answer, Error>>
                where
                    // With a lifetime it is judged where the method is called, and not here.
                    for<'call> Self: InTransaction,
                {
                    pending()
                }
            )+
        }
    };
}

in_a_transaction_only!(Database: lock -> (), lock_shared -> (), try_lock -> bool, try_lock_shared -> bool);
in_a_transaction_only!(Connection: lock -> (), lock_shared -> (), try_lock -> bool, try_lock_shared -> bool);
