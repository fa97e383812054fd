//! What is read of many tenants is what each of them reads by itself, with its name on it.

use std::fmt::Debug;

use tenantry::{Across, AcrossTenants, Executor, Filter, TenantId, TenantKey, TenantTable, count_rows, exists};
use uuid::Uuid;

use super::Stage;
use crate::random::Random;

/// A row as text, with its tenant.
type Row = (String, String);

fn texts<K: TenantKey>(tenant: &TenantId<K>, rows: &[impl Debug]) -> Vec<Row> {
    rows.iter().map(|row| (tenant.to_string(), format!("{row:?}"))).collect()
}

/// By each verb: all rows, in an order where the query has one, and those of each tenant.
async fn by_each_verb<K, Q, R>(across: impl Fn() -> Across<K, Q, R>, executor: &dyn Executor) -> [Vec<Row>; 3]
where
    K: TenantKey,
    Q: tenantry::Source,
    R: Debug + Send + 'static,
{
    let sql = across().sql();
    let all = across().fetch_all(executor).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    let all = all.iter().flat_map(|(tenant, row)| texts(tenant, std::slice::from_ref(row)));

    let each = across().fetch_each(executor).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    let each = each.iter().flat_map(|(tenant, rows)| texts(tenant, rows.as_ref().unwrap()));

    let (mut stream, mut streamed) = (across().fetch(executor), Vec::new());
    while let Some((tenant, row)) = stream.try_next().await.unwrap_or_else(|error| panic!("{error}: {sql}")) {
        streamed.extend(texts(&tenant, &[row]));
    }
    // Those of different tenants may be mixed.
    streamed.sort_by_key(|(tenant, _)| all.clone().position(|(first, _)| first == *tenant));
    [all.clone().collect(), each.collect(), streamed]
}

fn sorted(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort();
    rows
}

/// A tenant that has tables, and nothing in them.
async fn with_an_empty_tenant() -> (Stage, TenantId, TenantId<Uuid>) {
    let stage = Stage::with_rows().await;
    stage.execute(&tenantry_tests::schema_tables("initech")).await;
    // Only globex has lines of the order 2, which acme could be taken for having.
    let of_acme = format!(
        "delete from acme.order_line where order_id = 2;
         delete from app.order_line where order_id = 2 and tenant_id = '{}'",
        stage.row_acme
    );
    stage.execute(&of_acme).await;
    (stage, "initech".parse().unwrap(), TenantId::new(Uuid::from_u128(0x1417)).unwrap())
}

/// The same query of each tenant by itself and across them, by every verb, on the pool and in a transaction.
/// In an order, where it has one.
macro_rules! assert_same {
    ($stage:expr, $tenants:expr, $order:expr, |$all:ident| $query:expr) => {{
        let access = AcrossTenants::because("a test");
        let mut expected = Vec::new();
        for tenant in $tenants {
            let $all = Customer::repository().for_tenant(tenant).all();
            expected.extend(texts(tenant, &$query.fetch_all(&$stage.db).await.unwrap()));
        }
        let across = || Customer::repository().across(&access, $tenants).in_each_tenant(|$all| $query);
        let transaction = $stage.db.begin().await.unwrap();
        for executor in [&$stage.db as &dyn Executor, &transaction] {
            for found in by_each_verb(across, executor).await {
                match $order {
                    true => assert_eq!(found, expected, "{}", across().sql()),
                    false => assert_eq!(sorted(found), sorted(expected.clone()), "{}", across().sql()),
                }
            }
        }
        expected.len()
    }};
}

macro_rules! answers {
    ($isolation:ident, $customer:ident, $columns:ident, $line:ident, |$stage:ident, $slug:ident, $uuid:ident| $tenants:expr) => {
        mod $isolation {
            use tenantry_tests::{$columns as CustomerColumns, $customer as Customer, $line as OrderLine};

            use super::*;

            async fn tenants() -> (Stage, [TenantId<<Customer as TenantTable>::TenantKey>; 3]) {
                let ($stage, $slug, $uuid) = with_an_empty_tenant().await;
                let tenants = $tenants;
                ($stage, tenants)
            }

            #[tokio::test]
            async fn rows_come_with_their_tenant_in_the_order_of_the_list() {
                let (stage, tenants) = tenants().await;
                let access = AcrossTenants::because("a test");
                let found = Customer::repository()
                    .across(&access, &tenants)
                    .in_each_tenant(|all| all.filter(|c| c.credit.ge(20)).order_by(|c| c.id.desc()).limit(2));
                let found = found.fetch_all(&stage.db).await.unwrap();
                let found: Vec<_> = found.iter().map(|(tenant, row)| (tenant, row.name.as_str())).collect();
                let [globex, _, acme] = &tenants;
                let expected = [(globex, "globex 102"), (globex, "globex 101"), (acme, "acme 5"), (acme, "acme 4")];
                assert_eq!(found, expected);
            }

            #[tokio::test]
            async fn the_order_of_the_list_is_not_the_servers_choice() {
                let (stage, [globex, empty, acme]) = tenants().await;
                let no_loops = format!("alter database \"{}\" set enable_nestloop = off", stage.database_name());
                stage.execute(&no_loops).await;
                let (db, access) = (stage.pool_of(1).await, AcrossTenants::because("a test"));
                for list in [[&globex, &empty, &acme], [&acme, &empty, &globex]] {
                    let found = Customer::repository().across(&access, list).fetch_all(&db).await.unwrap();
                    let positions = found.iter().map(|(tenant, row)| {
                        assert!(row.name.starts_with(if tenant == &acme { "acme" } else { "globex" }), "{row:?}");
                        list.iter().position(|listed| *listed == tenant).unwrap()
                    });
                    let positions: Vec<_> = positions.collect();
                    assert!(positions.is_sorted() && positions.len() == 13, "{positions:?}");
                }
            }

            #[tokio::test]
            async fn a_tenant_without_rows_is_there() {
                let (stage, tenants) = tenants().await;
                let access = AcrossTenants::because("a test");
                let across = || Customer::repository().across(&access, &tenants);
                let counts =
                    across().in_each_tenant(|all| all.select(|_| count_rows())).fetch_all(&stage.db).await.unwrap();
                assert_eq!(counts.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [8, 0, 5]);
                let each = across().fetch_each(&stage.db).await.unwrap();
                let each: Vec<_> = each.iter().map(|(tenant, rows)| (tenant, rows.as_ref().unwrap().len())).collect();
                assert_eq!(each, tenants.iter().zip([8, 0, 5]).collect::<Vec<_>>());
            }

            #[tokio::test]
            async fn nothing_is_asked_for_nobody() {
                let (stage, tenants) = tenants().await;
                let access = AcrossTenants::because("a test");
                let across = || Customer::repository().across(&access, &tenants[..0]);
                assert_eq!(across().sql(), "");
                // It would fail.
                stage.db.close();
                assert_eq!(across().fetch_all(&stage.db).await.unwrap(), []);
                assert!(across().fetch_each(&stage.db).await.unwrap().is_empty());
                assert_eq!(across().fetch(&stage.db).try_next().await.unwrap(), None);
            }

            #[tokio::test]
            async fn a_tenant_that_stands_twice_in_the_list_is_read_once() {
                let (stage, [globex, empty, acme]) = tenants().await;
                let list = [&acme, &empty, &acme, &globex, &acme, &globex.clone()];
                let access = AcrossTenants::because("a test");
                let across =
                    || Customer::repository().across(&access, list).in_each_tenant(|all| all.order_by(|c| c.id.asc()));
                let once = [&acme, &empty, &globex];
                for found in by_each_verb(across, &stage.db).await {
                    let mut expected = Vec::new();
                    for tenant in once {
                        let rows = Customer::repository().for_tenant(tenant).all().order_by(|c| c.id.asc());
                        expected.extend(texts(tenant, &rows.fetch_all(&stage.db).await.unwrap()));
                    }
                    assert_eq!(found, expected);
                }
                assert_eq!(across().fetch_each(&stage.db).await.unwrap().len(), 3);
            }

            fn filter(c: CustomerColumns, random: &mut Random, depth: u32) -> Filter<Customer> {
                let number = random.below(8) as i64;
                match random.below(if depth == 0 { 8 } else { 11 }) {
                    0 => c.id.eq(number),
                    1 => c.id.gt(number),
                    2 => c.credit.lt(number as i32 * 10),
                    3 => c.phone.is_null(),
                    4 => c.id.in_([number, 100, 102]),
                    5 => c.name.ends_with(number.to_string()),
                    6 => exists::<OrderLine>().matching(|l| l.customer_id.eq(c.id) & l.order_id.ge(number)),
                    7 => !exists::<OrderLine>().matching(|l| l.customer_id.eq(c.id)),
                    8 => !filter(c, random, depth - 1),
                    9 => filter(c, random, depth - 1) & filter(c, random, depth - 1),
                    _ => filter(c, random, depth - 1) | filter(c, random, depth - 1),
                }
            }

            #[tokio::test]
            async fn any_query_finds_what_each_tenant_finds() {
                let (stage, tenants) = tenants().await;
                let mut random = Random::seeded(7);
                let mut sizes = [0; 9];
                for _ in 0..20 {
                    let seed = random.next();
                    let (limit, offset) = (random.below(5) as u32, random.below(3) as u32);
                    let any = |c: CustomerColumns| filter(c, &mut Random::seeded(seed), 3);
                    sizes[0] += assert_same!(stage, &tenants, false, |all| all.filter(any));
                    sizes[1] += assert_same!(stage, &tenants, true, |all| all
                        .filter(any)
                        .order_by(|c| c.id.desc())
                        .limit(limit)
                        .offset(offset));
                    sizes[2] += assert_same!(stage, &tenants, true, |all| all
                        .filter(any)
                        .select(|c| (count_rows(), c.credit.sum())));
                    sizes[3] += assert_same!(stage, &tenants, true, |all| all
                        .filter(any)
                        .group_by(|c| c.phone)
                        .having(|c| c.id.max().ge(2))
                        .select(|c| (c.phone, count_rows(), c.id.min()))
                        .order_by(|c| c.phone.asc()));
                    sizes[4] += assert_same!(stage, &tenants, true, |all| all
                        .filter(any)
                        .distinct_on(|c| c.phone)
                        .order_by(|c| [c.phone.asc(), c.id.desc()]));
                    sizes[5] +=
                        assert_same!(stage, &tenants, false, |all| all.filter(any).select(|c| c.phone).distinct());
                    sizes[6] += assert_same!(stage, &tenants, true, |all| all
                        .filter(any)
                        .join::<OrderLine>(|c, l| l.customer_id.eq(c.id))
                        .order_by(|(c, l)| [c.id.asc(), l.line.desc()])
                        .limit(limit));
                    sizes[7] += assert_same!(stage, &tenants, false, |all| all
                        .filter(any)
                        .left_join::<OrderLine>(|c, l| l.customer_id.eq(c.id) & l.line.lt(3)));
                    sizes[8] += assert_same!(stage, &tenants, true, |all| all
                        .join::<OrderLine>(|c, l| l.customer_id.eq(c.id))
                        .group_by(|(c, _)| c.name)
                        .select(|(c, l)| (c.name, l.line.count()))
                        .order_by(|(c, _)| c.name.asc()));
                }
                assert!(sizes.iter().all(|size| *size > 20), "they say something: {sizes:?}");
            }
        }
    };
}

answers!(by_schema, Customer, CustomerColumns, OrderLine, |stage, slug, _uuid| [
    stage.globex.clone(),
    slug,
    stage.acme.clone()
]);
answers!(by_row, RowCustomer, RowCustomerColumns, RowOrderLine, |stage, _slug, uuid| [
    stage.row_globex.clone(),
    uuid,
    stage.row_acme.clone()
]);
