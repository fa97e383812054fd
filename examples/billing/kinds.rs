//! The types and the table that both isolations share.

use postgres_types::{FromSql, ToSql};
use rust_decimal::Decimal;
use tenantry::{Database, Error, SqlType, TenantRow, TenantTable};
use time::OffsetDateTime;

/// What became of an invoice: `billing.invoice_status` in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSql, FromSql)]
#[postgres(name = "invoice_status", rename_all = "snake_case")]
pub(crate) enum InvoiceStatus {
    Open,
    Paid,
    Void,
}

/// Types are the application's own to make, before its tables.
pub(crate) const TYPES: &str = "
    create schema billing;
    create type billing.invoice_status as enum ('open', 'paid', 'void');
";

impl SqlType for InvoiceStatus {
    const SQL_TYPE: &'static str = "billing.invoice_status";
}

/// What can be subscribed to: the same for all tenants.
#[derive(Debug, TenantTable)]
#[tenant_table(name = "plan", shared, schema = "catalog")]
pub(crate) struct Plan {
    #[tenant_table(primary_key)]
    pub(crate) code: String,
    #[tenant_table(sql_type = "numeric(12, 2)")]
    pub(crate) base_price: Decimal,
    #[tenant_table(sql_type = "numeric(12, 4)")]
    pub(crate) unit_price: Decimal,
    /// Units that the base price covers.
    pub(crate) included: i64,
    pub(crate) features: Vec<String>,
}

/// What one subscription has used in a month.
#[derive(Debug, TenantRow)]
pub(crate) struct Usage {
    pub(crate) subscription_id: i64,
    pub(crate) customer_id: i64,
    pub(crate) base_price: Decimal,
    pub(crate) unit_price: Decimal,
    pub(crate) included: i64,
    pub(crate) units: Option<i64>,
}

impl Usage {
    /// The units beyond those that are included.
    pub(crate) fn billable(&self) -> i64 {
        (self.units.unwrap_or(0) - self.included).max(0)
    }

    pub(crate) fn amount(&self) -> Decimal {
        self.base_price + self.unit_price * Decimal::from(self.billable())
    }
}

/// A line of the billing screen.
#[derive(Debug, TenantRow)]
pub(crate) struct Balance {
    pub(crate) customer: String,
    pub(crate) invoices: i64,
    pub(crate) invoiced: Option<Decimal>,
    pub(crate) latest: Option<OffsetDateTime>,
}

/// Writes the plans, or brings them up to date.
pub(crate) async fn offer_plans(db: &Database) -> Result<(), Error> {
    let plan = |code: &str, base: i64, unit: i64, included, features: &[&str]| NewPlan {
        code: code.to_owned(),
        base_price: Decimal::new(base, 2),
        unit_price: Decimal::new(unit, 4),
        included,
        features: features.iter().map(|feature| (*feature).to_owned()).collect(),
    };
    let plans = [plan("starter", 900, 25, 1_000, &["api"]), plan("scale", 9_900, 10, 4_000, &["api", "sso", "audit"])];
    Plan::repository()
        .for_shared_writes()
        .insert_many(plans)
        .on_conflict(PlanKey::PrimaryKey)
        .update_all()
        .execute(db)
        .await?;
    Ok(())
}
