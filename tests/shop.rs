//! A shop with relations between its tables, the same isolated by schema and by row.
//!
//! Both kinds come from one macro, so that a test can be written once for both: `both_shops!`.

use tenantry::{TenantRow, TenantTable};

/// A product, the same for all tenants.
#[derive(Debug, Clone, PartialEq, Eq, TenantTable)]
#[tenant_table(name = "product", shared, schema = "catalog")]
pub struct Product {
    /// The key.
    #[tenant_table(primary_key)]
    pub code: String,
    /// In cents.
    pub price: i64,
}

/// What an account has ordered.
#[derive(Debug, Clone, PartialEq, TenantRow)]
pub struct Turnover {
    /// The account's name.
    pub account: String,
    /// How many orders.
    pub orders: i64,
    /// The sum of their totals.
    pub total: Option<i64>,
}

macro_rules! shop {
    ($(#[$about:meta])* $module:ident, ($($isolation:tt)*)) => {
        $(#[$about])*
        pub mod $module {
            use tenantry::TenantTable;
            use time::OffsetDateTime;

            use super::Product;

            /// An account, whose rows are deleted softly and count their changes.
            #[derive(Debug, Clone, PartialEq, Eq, TenantTable)]
            #[tenant_table(name = "account" $($isolation)*)]
            pub struct Account {
                /// The key, which both tenants count from 1.
                #[tenant_table(primary_key)]
                pub id: i64,
                /// Unique within a tenant.
                #[tenant_table(unique)]
                pub name: String,
                /// May be missing.
                pub city: Option<String>,
                /// In cents.
                pub balance: i64,
                /// Counts the changes.
                #[tenant_table(version)]
                pub version: i32,
                /// When it was deleted.
                #[tenant_table(soft_delete)]
                pub deleted_at: Option<OffsetDateTime>,
            }

            /// An order of an account.
            #[derive(Debug, Clone, PartialEq, Eq, TenantTable)]
            #[tenant_table(name = "order" $($isolation)*)]
            pub struct Order {
                /// The key, which both tenants count from 1.
                #[tenant_table(primary_key)]
                pub id: i64,
                /// Who ordered.
                #[tenant_table(references = Account)]
                pub account_id: i64,
                /// Who is to be thanked for it.
                #[tenant_table(references = Account, relation = "referrer")]
                pub referred_by: Option<i64>,
                /// What was ordered.
                #[tenant_table(references = Product)]
                pub product: String,
                /// In cents.
                pub total: i64,
                /// A wish.
                pub note: Option<String>,
            }

            /// A payment for an order.
            #[derive(Debug, Clone, PartialEq, Eq, TenantTable)]
            #[tenant_table(name = "payment" $($isolation)*)]
            pub struct Payment {
                /// The key.
                #[tenant_table(primary_key, generated)]
                pub id: i64,
                /// What was paid.
                #[tenant_table(references = Order)]
                pub order_id: i64,
                /// How much.
                pub cents: i64,
            }
        }
    };
}

shop!(
    /// In the schema of each tenant.
    by_schema, ()
);
shop!(
    /// In one table with a tenant column.
    by_row, (, tenant_column(tenant_id: uuid::Uuid), schema = "app")
);

/// The shop's tables of one tenant's schema.
#[must_use]
pub fn shop_tables(place: &str, tenant_column: &str, tenant: &str) -> String {
    format!(
        r#"
        create table {place}.account (
            {tenant_column} id bigint not null, name text not null, city text, balance bigint not null,
            version int not null default 1, deleted_at timestamptz,
            primary key ({tenant} id), unique ({tenant} name)
        );
        create table {place}."order" (
            {tenant_column} id bigint not null, account_id bigint not null, referred_by bigint,
            product text not null references catalog.product, total bigint not null, note text,
            primary key ({tenant} id),
            foreign key ({tenant} account_id) references {place}.account ({tenant} id)
        );
        create table {place}.payment (
            {tenant_column} id bigint not null generated always as identity, order_id bigint not null, cents bigint not null,
            primary key ({tenant} id),
            foreign key ({tenant} order_id) references {place}."order" ({tenant} id)
        );
        "#
    )
}

/// Writes the body once for the shop by schema and once for the shop by row: `$shop` is the module with the tables,
/// `$tenants` what gives the two tenants from [`Tenants`](crate::Tenants).
#[macro_export]
macro_rules! both_shops {
    (|$tenants:ident, $acme:ident, $globex:ident| $body:block) => {{
        {
            #[allow(unused_imports, reason = "not every body names every table")]
            use $crate::shop::by_schema::*;
            let ($acme, $globex) = (&$tenants.acme, &$tenants.globex);
            $body
        }
        {
            #[allow(unused_imports, reason = "not every body names every table")]
            use $crate::shop::by_row::*;
            let ($acme, $globex) = (&$tenants.row_acme, &$tenants.row_globex);
            $body
        }
    }};
}
