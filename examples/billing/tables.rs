//! The tables of a tenant, once for both isolations; their DDL is made of them.

/// The structs. What is given stands behind each table's name: how its rows are kept apart.
macro_rules! tables {
    ($($isolation:tt)*) => {
        use rust_decimal::Decimal;
        use tenantry::{Table, TableDefinition, TenantTable};
        use time::OffsetDateTime;
        use uuid::Uuid;

        use crate::kinds::{InvoiceStatus, Plan};

        /// In any order: the DDL comes in the one in which they depend on each other.
        pub(crate) const TABLES: [&TableDefinition; 9] = [
            Account::DEFINITION,
            Member::DEFINITION,
            Customer::DEFINITION,
            Subscription::DEFINITION,
            Event::DEFINITION,
            Invoice::DEFINITION,
            InvoiceLine::DEFINITION,
            Payment::DEFINITION,
            CreditNote::DEFINITION,
        ];

        /// A legal entity of the tenant's that sends invoices.
        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "account" $($isolation)*)]
        pub(crate) struct Account {
            #[tenant_table(primary_key, generated)]
            pub(crate) id: i64,
            #[tenant_table(unique)]
            pub(crate) name: String,
            /// The number of the last invoice.
            #[tenant_table(default = "0", check = "last_number >= 0")]
            pub(crate) last_number: i64,
        }

        /// A person who works for an account.
        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "member" $($isolation)*)]
        pub(crate) struct Member {
            #[tenant_table(primary_key)]
            pub(crate) id: Uuid,
            #[tenant_table(references = Account)]
            pub(crate) account_id: i64,
            #[tenant_table(unique)]
            pub(crate) email: String,
            pub(crate) roles: Vec<String>,
        }

        /// Who is billed; deleted softly, since invoices stay.
        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "customer" $($isolation)*)]
        pub(crate) struct Customer {
            #[tenant_table(primary_key)]
            pub(crate) id: i64,
            #[tenant_table(references = Account)]
            pub(crate) account_id: i64,
            #[tenant_table(unique)]
            pub(crate) name: String,
            pub(crate) address: Option<serde_json::Value>,
            pub(crate) tags: Vec<String>,
            #[tenant_table(version)]
            pub(crate) version: i32,
            #[tenant_table(soft_delete)]
            pub(crate) deleted_at: Option<OffsetDateTime>,
        }

        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "subscription" $($isolation)*)]
        pub(crate) struct Subscription {
            #[tenant_table(primary_key)]
            pub(crate) id: i64,
            #[tenant_table(references = Customer)]
            pub(crate) customer_id: i64,
            #[tenant_table(references = Plan, relation = "plan")]
            pub(crate) plan_code: String,
            pub(crate) since: OffsetDateTime,
            pub(crate) ended: Option<OffsetDateTime>,
        }

        /// A metered event.
        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "event" $($isolation)*)]
        pub(crate) struct Event {
            #[tenant_table(primary_key)]
            pub(crate) id: Uuid,
            #[tenant_table(references = Subscription, index = "by_time")]
            pub(crate) subscription_id: i64,
            #[tenant_table(index = "by_time")]
            pub(crate) at: OffsetDateTime,
            pub(crate) units: i64,
            pub(crate) context: Option<serde_json::Value>,
        }

        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "invoice" $($isolation)*)]
        pub(crate) struct Invoice {
            #[tenant_table(primary_key)]
            pub(crate) number: i64,
            #[tenant_table(references = Customer)]
            pub(crate) customer_id: i64,
            pub(crate) status: InvoiceStatus,
            #[tenant_table(index)]
            pub(crate) issued: OffsetDateTime,
            #[tenant_table(sql_type = "numeric(12, 2)")]
            pub(crate) total: Decimal,
        }

        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "invoice_line" $($isolation)*)]
        pub(crate) struct InvoiceLine {
            #[tenant_table(primary_key, references = Invoice, relation = "invoice", on_delete = "cascade")]
            pub(crate) invoice_number: i64,
            #[tenant_table(primary_key)]
            pub(crate) line: i32,
            pub(crate) text: String,
            #[tenant_table(sql_type = "numeric(12, 2)")]
            pub(crate) amount: Decimal,
        }

        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "payment" $($isolation)*)]
        pub(crate) struct Payment {
            #[tenant_table(primary_key)]
            pub(crate) id: Uuid,
            #[tenant_table(references = Invoice, relation = "invoice")]
            pub(crate) invoice_number: i64,
            #[tenant_table(sql_type = "numeric(12, 2)")]
            pub(crate) amount: Decimal,
            pub(crate) received: OffsetDateTime,
        }

        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "credit_note" $($isolation)*)]
        pub(crate) struct CreditNote {
            #[tenant_table(primary_key, generated)]
            pub(crate) id: i64,
            #[tenant_table(references = Invoice, relation = "invoice")]
            pub(crate) invoice_number: i64,
            #[tenant_table(sql_type = "numeric(12, 2)")]
            pub(crate) amount: Decimal,
            pub(crate) reason: String,
        }
    };
}
pub(crate) use tables;
