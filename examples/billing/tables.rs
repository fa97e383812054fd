//! The tables of a tenant, once for both isolations.

/// The structs. What is given stands behind each table's name: how its rows are kept apart.
macro_rules! tables {
    ($($isolation:tt)*) => {
        use rust_decimal::Decimal;
        use tenantry::TenantTable;
        use time::OffsetDateTime;
        use uuid::Uuid;

        use crate::kinds::{InvoiceStatus, Plan};

        /// A legal entity of the tenant's that sends invoices.
        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "account" $($isolation)*)]
        pub(crate) struct Account {
            #[tenant_table(primary_key, generated)]
            pub(crate) id: i64,
            #[tenant_table(unique)]
            pub(crate) name: String,
            /// The number of the last invoice.
            #[tenant_table(default)]
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
            #[tenant_table(references = Subscription)]
            pub(crate) subscription_id: i64,
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
            pub(crate) issued: OffsetDateTime,
            pub(crate) total: Decimal,
        }

        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "invoice_line" $($isolation)*)]
        pub(crate) struct InvoiceLine {
            #[tenant_table(primary_key, references = Invoice, relation = "invoice")]
            pub(crate) invoice_number: i64,
            #[tenant_table(primary_key)]
            pub(crate) line: i32,
            pub(crate) text: String,
            pub(crate) amount: Decimal,
        }

        #[derive(Debug, TenantTable)]
        #[tenant_table(name = "payment" $($isolation)*)]
        pub(crate) struct Payment {
            #[tenant_table(primary_key)]
            pub(crate) id: Uuid,
            #[tenant_table(references = Invoice, relation = "invoice")]
            pub(crate) invoice_number: i64,
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
            pub(crate) amount: Decimal,
            pub(crate) reason: String,
        }
    };
}
pub(crate) use tables;

/// What all tenants share: types, and the plans.
pub(crate) const SHARED: &str = "
    create schema billing;
    create type billing.invoice_status as enum ('open', 'paid', 'void');
    create table billing.plan (
        code text primary key, base_price numeric(12, 2) not null, unit_price numeric(12, 4) not null,
        included bigint not null, features text[] not null
    );
    comment on table billing.plan is 'shared';
";

/// The tables of one tenant, in a schema of its own.
pub(crate) fn of_schema(schema: &str) -> String {
    format!("create schema \"{schema}\";") + &ddl(&format!("\"{schema}\""), "", "")
}

/// The tables of all tenants; every key and every index begins with the tenant.
pub(crate) fn by_row() -> String {
    ddl("billing", "tenant_id uuid not null,", "tenant_id,")
}

fn ddl(place: &str, column: &str, tenant: &str) -> String {
    format!(
        "
        create table {place}.account (
            {column} id bigint generated always as identity, name text not null, last_number bigint not null default 0,
            primary key ({tenant} id), unique ({tenant} name)
        );
        create table {place}.member (
            {column} id uuid, account_id bigint not null, email text not null, roles text[] not null,
            primary key ({tenant} id), unique ({tenant} email),
            foreign key ({tenant} account_id) references {place}.account ({tenant} id)
        );
        create table {place}.customer (
            {column} id bigint, account_id bigint not null, name text not null, address jsonb, tags text[] not null,
            version int not null default 1, deleted_at timestamptz,
            primary key ({tenant} id), unique ({tenant} name),
            foreign key ({tenant} account_id) references {place}.account ({tenant} id)
        );
        create table {place}.subscription (
            {column} id bigint, customer_id bigint not null, plan_code text not null references billing.plan,
            since timestamptz not null, ended timestamptz,
            primary key ({tenant} id), foreign key ({tenant} customer_id) references {place}.customer ({tenant} id)
        );
        create table {place}.event (
            {column} id uuid, subscription_id bigint not null, at timestamptz not null, units bigint not null, context jsonb,
            primary key ({tenant} id),
            foreign key ({tenant} subscription_id) references {place}.subscription ({tenant} id)
        );
        create index on {place}.event ({tenant} subscription_id, at);
        create table {place}.invoice (
            {column} number bigint, customer_id bigint not null, status billing.invoice_status not null,
            issued timestamptz not null, total numeric(12, 2) not null,
            primary key ({tenant} number), foreign key ({tenant} customer_id) references {place}.customer ({tenant} id)
        );
        create index on {place}.invoice ({tenant} issued, number);
        create table {place}.invoice_line (
            {column} invoice_number bigint, line int, text text not null, amount numeric(12, 2) not null,
            primary key ({tenant} invoice_number, line),
            foreign key ({tenant} invoice_number) references {place}.invoice ({tenant} number)
        );
        create table {place}.payment (
            {column} id uuid, invoice_number bigint not null, amount numeric(12, 2) not null, received timestamptz not null,
            primary key ({tenant} id), foreign key ({tenant} invoice_number) references {place}.invoice ({tenant} number)
        );
        create table {place}.credit_note (
            {column} id bigint generated always as identity, invoice_number bigint not null, amount numeric(12, 2) not null,
            reason text not null,
            primary key ({tenant} id), foreign key ({tenant} invoice_number) references {place}.invoice ({tenant} number)
        );
        "
    )
}
