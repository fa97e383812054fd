//! What the application does for one tenant; each isolation compiles it for its own tables.

use std::error::Error;

use tenantry::{Database, IsolationLevel, TransactionOptions, count_rows, exists};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::*;
use crate::kinds::{Balance, BalanceSelection, Usage, UsageSelection};

type TenantId = tenantry::TenantId<Uuid>;
type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

const CUSTOMERS: i64 = 40;
const MONTH: OffsetDateTime = datetime!(2026-10-01 00:00 UTC);
const NEXT_MONTH: OffsetDateTime = datetime!(2026-11-01 00:00 UTC);

/// Sets a tenant up, meters a month, bills it, and looks at the screens.
pub(crate) async fn run_a_month(db: &Database, tenant: &TenantId, name: &str, events: i64) -> Result<()> {
    set_up(db, tenant, name).await?;
    let loaded = meter(db, tenant, events).await?;
    let invoices = bill(db, tenant).await?;
    println!("{name}: {loaded} events, {invoices} invoices");
    pay_some(db, tenant).await?;
    screens(db, tenant, name).await
}

/// An account with a member, and customers with a subscription each.
async fn set_up(db: &Database, tenant: &TenantId, name: &str) -> Result<()> {
    let transaction = db.begin().await?;
    let accounts = Account::repository().for_tenant(tenant);
    let account =
        accounts.insert(NewAccount { name: name.to_owned(), last_number: None }).fetch_one(&transaction).await?;
    let member = NewMember {
        id: Uuid::new_v4(),
        account_id: account.id,
        email: "ada@example.com".into(),
        roles: vec!["owner".into(), "billing".into()],
    };
    Member::repository().for_tenant(tenant).insert(member).execute(&transaction).await?;

    let customers = (1..=CUSTOMERS).map(|id| NewCustomer {
        id,
        account_id: account.id,
        name: format!("{name} customer {id:02}"),
        address: (id % 3 == 0).then(|| serde_json::json!({ "city": "Paris", "zip": id })),
        tags: if id % 2 == 0 { vec!["eu".into()] } else { Vec::new() },
    });
    Customer::repository().for_tenant(tenant).insert_many(customers).execute(&transaction).await?;
    let subscriptions = (1..=CUSTOMERS).map(|id| NewSubscription {
        id,
        customer_id: id,
        plan_code: if id % 4 == 0 { "scale".into() } else { "starter".into() },
        since: MONTH - Duration::days(30),
        ended: None,
    });
    Subscription::repository().for_tenant(tenant).insert_many(subscriptions).execute(&transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// Loads the month's events by COPY.
async fn meter(db: &Database, tenant: &TenantId, events: i64) -> Result<u64> {
    let news = (0..events).map(|number| NewEvent {
        id: Uuid::new_v4(),
        subscription_id: number % CUSTOMERS + 1,
        at: MONTH + Duration::seconds(number * 60),
        units: number % 7 + 1,
        context: (number % 100 == 0).then(|| serde_json::json!({ "batch": number / 100 })),
    });
    let mut steps = 0;
    let events = Event::repository().for_tenant(tenant);
    let loaded = events.copy_in(news).on_progress(|_| steps += 1).execute(db).await?;
    assert!(steps > 0);
    Ok(loaded)
}

/// Makes an invoice of what each subscription has used. Two runs at once would wait for each other.
async fn bill(db: &Database, tenant: &TenantId) -> Result<usize> {
    let transaction = db.begin().await?;
    let usage: Vec<Usage> = Subscription::repository()
        .for_tenant(tenant)
        .all()
        .join::<Plan>(|s, p| Subscription::plan().on(s, p))
        .left_join::<Event>(|(s, _), e| Event::subscription().on(e, s) & e.at.ge(MONTH) & e.at.lt(NEXT_MONTH))
        .filter(|(s, ..)| s.ended.is_null() | s.ended.gt(MONTH))
        .group_by(|(s, p, _)| (s.id, s.customer_id, p.code))
        .order_by(|(s, ..)| s.id.asc())
        .select(|(s, p, e)| UsageSelection {
            subscription_id: s.id,
            customer_id: s.customer_id,
            base_price: p.base_price,
            unit_price: p.unit_price,
            included: p.included,
            units: e.units.sum(),
        })
        .fetch_all(&transaction)
        .await?;

    // The numbers of invoices are gapless: the account's row is locked until they are written.
    let accounts = Account::repository().for_tenant(tenant);
    let account = accounts.all().limit(1).for_update().fetch_one(&transaction).await?;
    let numbered = || usage.iter().zip(account.last_number + 1..);
    let invoices = numbered().map(|(usage, number)| NewInvoice {
        number,
        customer_id: usage.customer_id,
        status: InvoiceStatus::Open,
        issued: NEXT_MONTH,
        total: usage.amount().round_dp(2),
    });
    Invoice::repository().for_tenant(tenant).insert_many(invoices).execute(&transaction).await?;
    let lines = numbered().flat_map(|(usage, number)| {
        let line = |line, text: String, amount: Decimal| NewInvoiceLine {
            invoice_number: number,
            line,
            text,
            amount: amount.round_dp(2),
        };
        [
            line(1, format!("Subscription {}", usage.subscription_id), usage.base_price),
            line(2, format!("{} units", usage.billable()), usage.amount() - usage.base_price),
        ]
    });
    InvoiceLine::repository().for_tenant(tenant).insert_many(lines).execute(&transaction).await?;
    let count = i64::try_from(usage.len())?;
    accounts
        .update_many(AccountChanges::default())
        .set(|a| a.last_number.set(a.last_number + count))
        .filter(|a| a.id.eq(account.id))
        .execute(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(usage.len())
}

/// Receives payments for every other invoice, and credits one.
async fn pay_some(db: &Database, tenant: &TenantId) -> Result<()> {
    let invoices = Invoice::repository().for_tenant(tenant);
    let transaction = db.begin().await?;
    // Whoever else receives payments at the same time takes other invoices.
    let open = invoices
        .filter(|i| i.status.eq(InvoiceStatus::Open))
        .order_by(|i| i.number.asc())
        .limit(20)
        .for_update()
        .skip_locked()
        .fetch_all(&transaction)
        .await?;
    let payments = open.iter().map(|invoice| NewPayment {
        id: Uuid::new_v4(),
        invoice_number: invoice.number,
        amount: invoice.total,
        received: NEXT_MONTH + Duration::days(invoice.number % 28),
    });
    Payment::repository().for_tenant(tenant).insert_many(payments).execute(&transaction).await?;
    // An enum is compared as it is written: the status follows from the rows that are there.
    let paid = invoices
        .update_many(InvoiceChanges::default().status(InvoiceStatus::Paid))
        .join::<Payment>(|i, p| Payment::invoice().on(p, i))
        .filter(|(i, p)| p.amount.ge(i.total))
        .returning(|(i, _)| i.number)
        .fetch_all(&transaction)
        .await?;
    assert_eq!(paid.len(), open.len());

    let credited = invoices.find(40).fetch_one(&transaction).await?;
    let note = NewCreditNote { invoice_number: 40, amount: credited.total, reason: "goodwill".into() };
    CreditNote::repository().for_tenant(tenant).insert(note).execute(&transaction).await?;
    let void = InvoiceChanges::default().status(InvoiceStatus::Void);
    invoices.update(40, void).execute(&transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// The pages of the billing screen.
async fn screens(db: &Database, tenant: &TenantId, name: &str) -> Result<()> {
    let invoices = Invoice::repository().for_tenant(tenant);
    let customers = Customer::repository().for_tenant(tenant);

    // All figures of one screen are of one moment.
    let options = TransactionOptions::new().isolation_level(IsolationLevel::RepeatableRead).read_only();
    let report = db.begin_with(options).await?;

    // 1. What is owed, by status.
    let by_status = invoices
        .all()
        .group_by(|i| i.status)
        .select(|i| (i.status, count_rows(), i.total.sum().or(Decimal::ZERO)))
        .order_by(|i| i.status.asc())
        .fetch_all(&report)
        .await?;
    assert_eq!(
        by_status.iter().map(|(status, count, _)| (*status, *count)).collect::<Vec<_>>(),
        [(InvoiceStatus::Open, 19), (InvoiceStatus::Paid, 20), (InvoiceStatus::Void, 1),]
    );
    let all: Decimal = by_status.iter().map(|(_, _, total)| *total).sum();
    let lines = InvoiceLine::repository().for_tenant(tenant);
    let of_lines = lines.all().select(|l| l.amount.sum()).fetch_one(&report).await?;
    assert_eq!(Some(all), of_lines);

    // 2. The list of invoices, sorted as the user asked.
    let sort = invoices.column("total").ok_or("no such column")?;
    let list = invoices
        .all()
        .join::<Customer>(|i, c| Invoice::customer().on(i, c))
        .filter(|(_, c)| c.name.contains_ignoring_case("CUSTOMER 0"))
        .order_by(|(i, _)| [sort.of(i).desc(), i.number.asc()])
        .limit(5);
    let total = list.clone().count().fetch_one(&report).await?;
    assert_eq!(total, 5);
    for (invoice, customer) in list.fetch_all(&report).await? {
        println!("  {:>3} {:<22} {:>9} {:?}", invoice.number, customer.name, invoice.total, invoice.status);
    }

    // 3. One customer with everything that belongs to it, by a statement for each relation.
    let (customer, (subscriptions, of_customer)) = customers
        .filter(|c| c.id.eq(3))
        .with((
            Subscription::of_customer().with(Subscription::plan()),
            Invoice::of_customer().with((InvoiceLine::of_invoice(), Payment::of_invoice(), CreditNote::of_invoice())),
        ))
        .fetch_one(&report)
        .await?;
    assert_eq!(customer.address.as_ref().map(|address| &address["city"]), Some(&serde_json::json!("Paris")));
    let plan = subscriptions.first().and_then(|(_, plan)| plan.clone()).ok_or("no plan")?;
    let (invoice, (lines, payments, credits)) = of_customer.first().ok_or("no invoice")?;
    assert_eq!((lines.len(), payments.len(), credits.len()), (2, 1, 0));
    assert_eq!(lines.iter().map(|line| line.amount).sum::<Decimal>(), invoice.total);
    println!("  {} has the plan {} ({})", customer.name, plan.code, plan.features.join(", "));

    // 4. Balances, and who owes something.
    let balances: Vec<Balance> = customers
        .all()
        .left_join::<Invoice>(|c, i| Invoice::customer().on(i, c) & i.status.ne(InvoiceStatus::Void))
        .group_by(|(c, _)| (c.id, c.name))
        .having(|(_, i)| i.number.count().ge(1))
        .order_by(|(c, _)| c.id.asc())
        .select(|(c, i)| BalanceSelection {
            customer: c.name,
            invoices: i.number.count(),
            invoiced: i.total.sum(),
            latest: i.issued.max(),
        })
        .fetch_all(&report)
        .await?;
    assert_eq!(balances.len(), 39);
    assert!(balances.iter().all(|balance| balance.customer.starts_with(name) && balance.invoices == 1));
    assert!(balances.iter().all(|balance| balance.latest == Some(NEXT_MONTH) && balance.invoiced.is_some()));
    let owing = customers
        .filter(|c| exists::<Invoice>().matching(|i| Invoice::customer().on(i, c) & i.status.eq(InvoiceStatus::Open)));
    assert_eq!(owing.count().fetch_one(&report).await?, 19);
    report.commit().await?;

    // 5. Two people edit a customer: the later one is told.
    let edit =
        |tags: &[&str]| CustomerChanges::default().tags(tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>());
    customers.update(3, edit(&["vip"]), customer.version).execute(db).await?;
    let late = customers.update(3, edit(&["late"]), customer.version).execute(db).await;
    assert!(late.is_err_and(|error| error.is_version_conflict()));

    // 6. A customer leaves: invoices stay, and the list no longer shows them.
    customers.delete(3).execute(db).await?;
    assert!(customers.find(3).fetch_optional(db).await?.is_none());
    assert_eq!(customers.all().with_deleted().count().fetch_one(db).await?, CUSTOMERS);
    assert_eq!(invoices.filter(|i| i.customer_id.eq(3)).count().fetch_one(db).await?, 1);
    Ok(())
}
