//! What every system that is measured can do.

use std::fmt;

use clap::ValueEnum;
use serde::Serialize;

use crate::Result;
use crate::data::{NewRow, Tenant};

/// Reads customers of tenants.
pub(crate) trait Reader: Send + Sync + Sized + 'static {
    /// A row in the system's own struct.
    type Customer: Customer;

    /// Opens its connections, or the first of them.
    fn connect(target: &Target) -> impl Future<Output = Result<Self>> + Send;

    /// The customer with this key.
    fn find(&self, tenant: &Tenant, id: i64) -> impl Future<Output = Result<Self::Customer>> + Send;

    /// The customers whose credit is at least this.
    fn list(&self, tenant: &Tenant, credit: i32) -> impl Future<Output = Result<Vec<Self::Customer>>> + Send;
}

/// Does all the work that is measured.
pub(crate) trait System: Reader {
    /// Inserts rows, and says how many.
    fn insert(&self, tenant: &Tenant, rows: Vec<NewRow>) -> impl Future<Output = Result<u64>> + Send;

    /// Inserts rows by a COPY, and says how many.
    fn copy_in(&self, _: &Tenant, _: Vec<NewRow>) -> impl Future<Output = Result<u64>> + Send {
        async { Err("it is not measured with a COPY".into()) }
    }

    /// All customers, by a COPY.
    fn copy_out(&self, _: &Tenant) -> impl Future<Output = Result<Vec<Self::Customer>>> + Send {
        async { Err("it is not measured with a COPY".into()) }
    }

    /// Sets the credit of the customer with this key, and says how many rows that changed.
    fn update(&self, tenant: &Tenant, id: i64, credit: i32) -> impl Future<Output = Result<u64>> + Send;

    /// One transaction: begin, find, update, find, commit. The last row read.
    fn transact(&self, tenant: &Tenant, id: i64, credit: i32) -> impl Future<Output = Result<Self::Customer>> + Send;

    /// The same as `find`, through a view that takes its time; only where rows have a tenant column.
    fn find_slow(&self, tenant: &Tenant, id: i64) -> impl Future<Output = Result<Self::Customer>> + Send;
}

/// A row that was read, to be checked.
pub(crate) trait Customer: Send {
    /// The key.
    fn id(&self) -> i64;
    /// The name, which tells the tenant.
    fn name(&self) -> &str;
    /// What updates change.
    fn credit(&self) -> i32;
}

/// Says of a struct with the fields of the table that it is a customer.
macro_rules! customer {
    ($($row:ty),+) => {$(
        impl $crate::system::Customer for $row {
            fn id(&self) -> i64 {
                self.id
            }
            fn name(&self) -> &str {
                &self.name
            }
            fn credit(&self) -> i32 {
                self.credit
            }
        }
    )+};
}
pub(crate) use customer;

/// The role that row-level security binds.
pub(crate) const BOUND_ROLE: &str = "tenantry_benchmark";

/// What a system connects to, and how it names tenants.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// The database's connection string.
    pub(crate) url: String,
    /// At most this many connections.
    pub(crate) connections: usize,
    /// How the tenant gets into a statement.
    pub(crate) way: Way,
    /// By which the server's processes of a system are found.
    pub(crate) application: String,
}

impl Target {
    /// The driver's configuration.
    pub(crate) fn config(&self) -> Result<tokio_postgres::Config> {
        let mut config: tokio_postgres::Config = self.url.parse()?;
        config.application_name(&self.application);
        if self.way == Way::RowSecurity {
            config.user(BOUND_ROLE);
        }
        Ok(config)
    }
}

/// How the rows of tenants are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Isolation {
    /// One table with a tenant column
    Row,
    /// A schema for each tenant
    Schema,
    /// One table with a tenant column, with row-level security and without
    #[value(skip)]
    RowSecurity,
}

impl Isolation {
    /// How a tenant can get into a statement.
    pub(crate) fn ways(self) -> &'static [Way] {
        match self {
            Self::Row => &[Way::TenantColumn],
            Self::Schema => &[Way::QualifiedName, Way::SearchPath],
            Self::RowSecurity => &[Way::TenantColumn, Way::RowSecurity],
        }
    }
}

impl fmt::Display for Isolation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Row => "row",
            Self::Schema => "schema",
            Self::RowSecurity => "row, row-level security",
        })
    }
}

/// How the tenant gets into a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Way {
    /// A bound value
    TenantColumn,
    /// The name of the schema, in the text
    QualifiedName,
    /// `SET search_path` before it
    SearchPath,
    /// A bound value, and a setting of its transaction
    RowSecurity,
}

impl Way {
    /// Whether all tenants share a table.
    pub(crate) fn is_by_row(self) -> bool {
        matches!(self, Self::TenantColumn | Self::RowSecurity)
    }

    /// Leaves the tenant, which comes first, out of the values where the statement has no place for it.
    pub(crate) fn values<V>(self, values: &[V]) -> &[V] {
        match (self, values) {
            (Self::QualifiedName | Self::SearchPath, [_tenant, rest @ ..]) => rest,
            (_, values) => values,
        }
    }
}

/// A system that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Name {
    /// tokio-postgres by hand: every statement prepared once on each connection, in a map without a bound
    ByHand,
    /// The same, but rows are inserted one by one, all sent before the first answer (only for `insert`)
    ByHandPipelined,
    /// deadpool-postgres with `prepare_cached`
    Deadpool,
    /// diesel-async in a deadpool with fast recycling
    DieselAsync,
    /// sqlx without the ping before each use
    Sqlx,
    /// sea-orm without the ping before each use
    SeaOrm,
    /// This library, through `Database`
    Tenantry,
}

impl Name {
    /// Whether it can name tenants so.
    pub(crate) fn supports(self, way: Way) -> bool {
        match self {
            Self::ByHand | Self::Tenantry if way == Way::RowSecurity => true,
            _ if way == Way::RowSecurity => false,
            Self::ByHand | Self::ByHandPipelined | Self::SeaOrm | Self::Tenantry => way != Way::SearchPath,
            Self::DieselAsync => way != Way::QualifiedName,
            Self::Deadpool | Self::Sqlx => true,
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ByHand => "by hand",
            Self::ByHandPipelined => "by hand, row by row",
            Self::Deadpool => "deadpool",
            Self::DieselAsync => "diesel-async",
            Self::Sqlx => "sqlx",
            Self::SeaOrm => "sea-orm",
            Self::Tenantry => "tenantry",
        })
    }
}
