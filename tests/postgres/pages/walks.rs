//! In any order, the pages make up what the database brings at once.

use tenantry::{Order, TenantTable};
use uuid::Uuid;

use super::walk;
use crate::random::Random;
use crate::stage::Stage;

/// A part of an order: which column, descending, and where NULL stands.
#[derive(Debug, Clone, Copy)]
struct Part {
    column: u64,
    descending: bool,
    nulls_first: Option<bool>,
}

const COLUMNS: u64 = 7;

impl Part {
    fn any(random: &mut Random) -> Self {
        Self {
            column: random.below(COLUMNS),
            descending: random.below(2) == 0,
            nulls_first: [None, Some(true), Some(false)][random.below(3) as usize],
        }
    }
}

/// Few different values, so that rows are alike in most columns.
const TABLES: &str = "
    create table acme.entry (shelf int, number bigint, word text not null, maybe text, score int not null, perhaps int,
        primary key (shelf, number));
    create table globex.entry (like acme.entry including all);
    create table app.entry (tenant_id uuid, like acme.entry, primary key (tenant_id, shelf, number));
";

/// The same table in both isolations.
macro_rules! entry {
    ($entry:ident, $columns:ident, $order:ident, $($attribute:tt)+) => {
        #[derive(Debug, Clone, PartialEq, TenantTable)]
        #[tenant_table(name = "entry", $($attribute)+)]
        struct $entry {
            #[tenant_table(primary_key)]
            shelf: i32,
            #[tenant_table(primary_key)]
            number: i64,
            word: String,
            maybe: Option<String>,
            score: i32,
            perhaps: Option<i32>,
        }

        fn $order(entry: &$columns, part: Part) -> Order<$entry> {
            macro_rules! directed {
                ($column:expr) => {
                    if part.descending { $column.desc() } else { $column.asc() }
                };
            }
            let order = match part.column {
                0 => directed!(entry.shelf),
                1 => directed!(entry.number),
                2 => directed!(entry.word),
                3 => directed!(entry.maybe),
                4 => directed!(entry.score),
                5 => directed!(entry.perhaps),
                _ => directed!((entry.perhaps * 2 - entry.score)),
            };
            match part.nulls_first {
                None => order,
                Some(true) => order.nulls_first(),
                Some(false) => order.nulls_last(),
            }
        }
    };
}

entry!(Entry, EntryColumns, order, tenant = tenantry::Slug);
entry!(RowEntry, RowEntryColumns, row_order, tenant_column(tenant_id: Uuid), schema = "app");

/// Equal keys in both tenants, and scores that tell whose a row is.
async fn fill(stage: &Stage, rows: u64, random: &mut Random) {
    stage.execute("truncate acme.entry, globex.entry, app.entry").await;
    let mut values = |tenant: &str, score: u64| {
        let row = |number: u64| {
            let mut text = || format!("'{}'", ["", "a", "A", "ab", "ä", "Z z"][random.below(6) as usize]);
            let word = text();
            let maybe = text();
            let maybe = if random.below(3) == 0 { "null".to_owned() } else { maybe };
            let perhaps = if random.below(3) == 0 { "null".to_owned() } else { (random.below(3)).to_string() };
            let (shelf, score) = (number % 4, score + random.below(3));
            format!("({tenant}{shelf}, {number}, {word}, {maybe}, {score}, {perhaps})")
        };
        (0..rows).map(row).collect::<Vec<_>>().join(", ")
    };
    let tenants = [(&stage.acme, &stage.row_acme, 0), (&stage.globex, &stage.row_globex, 1000)];
    for (by_schema, by_row, score) in tenants {
        let (own, all) = (values("", score), values(&format!("'{by_row}', "), score));
        stage.execute(&format!("insert into {by_schema}.entry values {own}; insert into app.entry values {all}")).await;
    }
}

/// Walks in one isolation, against the database's own order, which the key ends by hand.
macro_rules! assert_walk {
    ($stage:ident, $entry:ident, $tenant:expr, $order:ident, $parts:ident, $sizes:ident) => {{
        let entries = $entry::repository().for_tenant($tenant);
        let descending = $parts.last().is_some_and(|part: &Part| part.descending);
        let key = [0, 1].map(|column| Part { column, descending, nulls_first: None });
        let query = entries.all().order_by(|e| $parts.iter().map(|part| $order(&e, *part)).collect::<Vec<_>>());
        let whole = query.clone().order_by(|e| key.map(|part| $order(&e, part))).fetch_all(&$stage.db).await.unwrap();
        let (forwards, backwards) = walk(|size| query.clone().page(size), &$sizes, &$stage.db).await;
        assert_eq!(forwards, whole, "{:?} {:?} {}", $parts, $sizes, query.sql());
        assert_eq!(backwards, whole, "back: {:?} {:?} {}", $parts, $sizes, query.sql());

        // What is read tells nothing of where it stands.
        let pages = |size| query.clone().select(|e| e.word).page(size);
        let words: Vec<_> = whole.iter().map(|entry| entry.word.clone()).collect();
        assert_eq!(walk(pages, &$sizes, &$stage.db).await, (words.clone(), words));
        whole.iter().map(|entry| entry.score).max()
    }};
}

#[tokio::test]
async fn pages_in_any_order_make_up_the_whole_in_both_directions() {
    let stage = Stage::empty().await;
    stage.execute(TABLES).await;
    let mut random = Random::seeded(7);
    for round in 0..60 {
        let rows = [0, 1, 2, 5, 12, 40][random.below(6) as usize];
        if round % 4 == 0 {
            fill(&stage, 40.min(rows + 5), &mut random).await;
        }
        let parts: Vec<_> = (0..random.below(5)).map(|_| Part::any(&mut random)).collect();
        let sizes: Vec<_> = (0..=random.below(3)).map(|_| 1 + random.below(9) as u32).collect();
        assert!(assert_walk!(stage, Entry, &stage.acme, order, parts, sizes).unwrap() < 1000);
        assert!(assert_walk!(stage, RowEntry, &stage.row_acme, row_order, parts, sizes).unwrap() < 1000);
        assert!(assert_walk!(stage, RowEntry, &stage.row_globex, row_order, parts, sizes).unwrap() >= 1000);
    }
}

/// Each part that can be NULL at a position is met: in each direction, with NULL first and last.
#[tokio::test]
async fn every_order_of_two_columns_that_can_be_null() {
    let stage = Stage::empty().await;
    stage.execute(TABLES).await;
    fill(&stage, 24, &mut Random::seeded(1)).await;
    let choices =
        [false, true].map(|descending| [None, Some(true), Some(false)].map(|nulls_first| (descending, nulls_first)));
    for (descending, nulls_first) in choices.into_iter().flatten() {
        for (others_descending, others_nulls_first) in choices.into_iter().flatten() {
            let parts = [
                Part { column: 3, descending, nulls_first },
                Part { column: 5, descending: others_descending, nulls_first: others_nulls_first },
            ];
            let sizes = [1, 5];
            assert_walk!(stage, Entry, &stage.acme, order, parts, sizes);
        }
    }
}

#[tokio::test]
async fn pages_of_one_row_and_of_all_rows() {
    let stage = Stage::with_rows().await;
    let customers = tenantry_tests::Customer::repository().for_tenant(&stage.acme);
    let whole = customers.all().order_by(|c| c.id.asc()).fetch_all(&stage.db).await.unwrap();
    for size in [1, 2, 4, 5, 6, u32::MAX - 1, u32::MAX] {
        let (forwards, backwards) = walk(|size| customers.all().page(size), &[size], &stage.db).await;
        assert_eq!((&forwards, &backwards), (&whole, &whole), "{size}");
    }
}
