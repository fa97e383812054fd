//! What a statement finds on the connection that it was given.

use tenantry::{Executor, TenantTable};

use crate::stage::Stage;

/// The session of the connection that reads this, through a view. Reading it leaves the connection as it
/// is, unlike a look through the driver's client.
#[derive(Debug, PartialEq, TenantTable)]
#[tenant_table(name = "session", shared, schema = "catalog", keyless)]
pub(crate) struct Session {
    pub(crate) pid: i32,
    pub(crate) isolation: String,
    /// The transaction that reads this has written.
    pub(crate) has_written: bool,
    pub(crate) search_path: String,
    /// Settings that were made on this connection.
    pub(crate) settings: i64,
    pub(crate) temporary_tables: i64,
    pub(crate) advisory_locks: i64,
}

const VIEW: &str = "
    create view catalog.session as select
        pg_backend_pid() as pid,
        current_setting('transaction_isolation') as isolation,
        pg_current_xact_id_if_assigned() is not null as has_written,
        current_setting('search_path') as search_path,
        (select count(*) from pg_settings where source = 'session') as settings,
        (select count(*) from pg_class where relnamespace = pg_my_temp_schema()) as temporary_tables,
        (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as advisory_locks;
";

impl Session {
    /// Makes the view, and answers what a new connection finds.
    pub(crate) async fn prepare(stage: &Stage) -> Self {
        stage.execute(VIEW).await;
        let connection = stage.pool_of(1).await;
        Self::of(&connection).await
    }

    pub(crate) async fn of(executor: &impl Executor) -> Self {
        Self::repository().all().fetch_one(executor).await.unwrap()
    }

    /// Nothing differs from a new connection.
    #[track_caller]
    pub(crate) fn assert_untouched(self, new: &Self) {
        assert_eq!(Self { pid: new.pid, ..self }, *new);
    }
}
