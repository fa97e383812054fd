//! Tables in several schemas of each tenant, once named by the rule that holds where none is given and once by a rule.

use tenantry::{InvalidTenantId, LogicalSchemas, Slug, TenantKey};

/// A kind of tenant with a rule for its schemas: reports and the archive share one, and the audit is in the tenant's own.
#[derive(Debug)]
pub struct Company(Slug);

impl TenantKey for Company {
    type Value = Slug;

    const SCHEMAS: LogicalSchemas =
        LogicalSchemas::new().suffix("reporting", "_rep").suffix("archive", "_rep").same_as_tenant("audit");

    fn from_value(slug: Slug) -> Result<Self, InvalidTenantId> {
        Ok(Self(slug))
    }

    fn value(&self) -> &Slug {
        &self.0
    }
}

macro_rules! reports {
    ($(#[$about:meta])* $module:ident, $key:ty) => {
        $(#[$about])*
        pub mod $module {
            use tenantry::TenantTable;

            use super::*;

            /// Whose tenants these are.
            pub type Key = $key;

            /// A customer, in the tenant's own schema.
            #[derive(Debug, Clone, PartialEq, Eq, TenantTable)]
            #[tenant_table(name = "customer", tenant = $key)]
            pub struct Customer {
                /// The key, which both tenants count from 1.
                #[tenant_table(primary_key)]
                pub id: i64,
                /// Tells its owner.
                pub name: String,
            }

            /// A table of the same name, in the archive.
            #[derive(Debug, Clone, PartialEq, Eq, TenantTable)]
            #[tenant_table(name = "customer", tenant = $key, schema = "archive")]
            pub struct OldCustomer {
                /// The key, which both tenants count from 1.
                #[tenant_table(primary_key)]
                pub id: i64,
                /// Tells its owner.
                pub name: String,
            }

            /// A report on a customer.
            #[derive(Debug, Clone, PartialEq, Eq, TenantTable)]
            #[tenant_table(name = "report", tenant = $key, schema = "reporting")]
            pub struct Report {
                /// The key, which both tenants count from 1.
                #[tenant_table(primary_key, generated)]
                pub id: i64,
                /// Of another schema of the same tenant.
                #[tenant_table(references = Customer)]
                pub customer_id: i64,
                /// Tells its owner.
                #[tenant_table(unique)]
                pub title: String,
                /// How long it is.
                #[tenant_table(default)]
                pub pages: i32,
            }

            /// What happened.
            #[derive(Debug, Clone, PartialEq, Eq, TenantTable)]
            #[tenant_table(name = "entry", tenant = $key, schema = "audit", keyless)]
            pub struct Entry {
                /// Tells its owner.
                pub what: String,
            }
        }
    };
}

reports!(
    /// Of tenants whose key has no rule.
    by_name, Slug
);
reports!(
    /// Of tenants whose key has a rule.
    by_rule, Company
);

/// Writes the body once for each rule.
#[macro_export]
macro_rules! both_rules {
    ($body:block) => {{
        {
            #[allow(unused_imports, reason = "not every body names every table")]
            use $crate::reports::by_name::*;
            $body
        }
        {
            #[allow(unused_imports, reason = "not every body names every table")]
            use $crate::reports::by_rule::*;
            $body
        }
    }};
}
