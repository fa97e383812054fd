//! Every condition finds what PostgreSQL finds for SQL written by hand.

use tenantry::Filter;

use crate::random::Random;
use crate::sample::{Sample, SampleColumns, Samples};

#[tokio::test]
async fn comparisons_with_values() {
    let samples = Samples::new().await;
    samples.assert_same(|s| s.number.eq(1), "number = 1").await;
    samples.assert_same(|s| s.number.ne(1), "number <> 1").await;
    samples.assert_same(|s| s.number.lt(1), "number < 1").await;
    samples.assert_same(|s| s.number.le(1), "number <= 1").await;
    samples.assert_same(|s| s.number.gt(1), "number > 1").await;
    samples.assert_same(|s| s.number.ge(1), "number >= 1").await;
    samples.assert_same(|s| s.number.between(-1, 1), "number between -1 and 1").await;
    assert_eq!(samples.compare(|s| s.number.between(1, -1), "number between 1 and -1").await, 0);

    samples.assert_same(|s| s.perhaps.eq(1), "perhaps = 1").await;
    samples.assert_same(|s| s.perhaps.ne(1), "perhaps <> 1").await;
    samples.assert_same(|s| s.perhaps.lt(1), "perhaps < 1").await;
    samples.assert_same(|s| s.perhaps.le(1), "perhaps <= 1").await;
    samples.assert_same(|s| s.perhaps.gt(1), "perhaps > 1").await;
    samples.assert_same(|s| s.perhaps.ge(1), "perhaps >= 1").await;
    samples.assert_same(|s| s.perhaps.between(-1, 1), "perhaps between -1 and 1").await;

    samples.assert_same(|s| s.word.eq("a"), "word = 'a'").await;
    samples.assert_same(|s| s.word.eq("'"), "word = ''''").await;
    samples.assert_same(|s| s.word.gt("a".to_owned()), "word > 'a'").await;
    let text = "A".to_owned();
    samples.assert_same(|s| s.word.between(&text, "a"), "word between 'A' and 'a'").await;
    samples.assert_same(|s| s.maybe.ne("%"), "maybe <> '%'").await;
}

#[tokio::test]
async fn comparisons_with_columns() {
    let samples = Samples::new().await;
    samples.assert_same(|s| s.number.eq(s.perhaps), "number = perhaps").await;
    samples.assert_same(|s| s.number.ne(s.perhaps), "number <> perhaps").await;
    samples.assert_same(|s| s.number.lt(s.perhaps), "number < perhaps").await;
    samples.assert_same(|s| s.number.le(s.perhaps), "number <= perhaps").await;
    samples.assert_same(|s| s.perhaps.gt(s.number), "perhaps > number").await;
    samples.assert_same(|s| s.perhaps.ge(s.number), "perhaps >= number").await;
    samples.assert_same(|s| s.word.lt(s.maybe), "word < maybe").await;
    samples.assert_same(|s| s.number.between(s.perhaps, 1), "number between perhaps and 1").await;
    samples.assert_same(|s| s.number.between(-1, s.perhaps), "number between -1 and perhaps").await;
    samples.assert_same(|s| s.perhaps.between(s.number, s.id), "perhaps between number and id").await;
    samples.assert_same(|s| s.perhaps.eq(s.perhaps), "perhaps = perhaps").await;
}

#[tokio::test]
async fn lists_of_values() {
    let samples = Samples::new().await;
    samples.assert_same(|s| s.number.in_([1, -1]), "number in (1, -1)").await;
    samples.assert_same(|s| s.number.not_in([1, -1]), "number not in (1, -1)").await;
    samples.assert_same(|s| s.perhaps.in_([1, -1]), "perhaps in (1, -1)").await;
    samples.assert_same(|s| s.perhaps.not_in([1, -1]), "perhaps not in (1, -1)").await;
    samples.assert_same(|s| s.word.in_(["a", "'", "%"]), "word in ('a', '''', '%')").await;
    samples.assert_same(|s| s.word.in_(&["a".to_owned()]), "word in ('a')").await;
    samples.assert_same(|s| s.word.in_(vec!["a".to_owned(), "a".to_owned()]), "word in ('a', 'a')").await;
    samples.assert_same(|s| s.id.in_(0..7), "id >= 0 and id < 7").await;
    samples.assert_same(|s| s.id.in_((0..5000).filter(|id| id % 2 == 0)), "id % 2 = 0").await;

    assert_eq!(samples.compare(|s| s.number.in_([0; 0]), "false").await, 0);
    assert_eq!(samples.compare(|s| s.perhaps.in_(Vec::<i32>::new()), "false").await, 0);
    assert_eq!(samples.compare(|s| s.number.not_in([0; 0]), "true").await, 20);
    assert_eq!(samples.compare(|s| s.perhaps.not_in([0; 0]), "true").await, 20, "also where it is NULL");
    assert_eq!(samples.compare(|s| !s.number.in_([0; 0]), "true").await, 20);
}

#[tokio::test]
async fn joined_conditions() {
    let samples = Samples::new().await;
    samples.assert_same(|s| s.number.eq(1).and(s.perhaps.gt(0)), "number = 1 and perhaps > 0").await;
    samples.assert_same(|s| s.number.eq(1).or(s.perhaps.gt(0)), "number = 1 or perhaps > 0").await;
    samples.assert_same(|s| !s.perhaps.gt(0), "not perhaps > 0").await;
    samples.assert_same(|s| !!s.perhaps.gt(0), "not not perhaps > 0").await;
    // `&` binds tighter than `|`, as AND does than OR.
    let or_and = |s: SampleColumns| s.number.eq(1) | s.number.eq(2) & s.perhaps.gt(0);
    samples.assert_same(or_and, "number = 1 or number = 2 and perhaps > 0").await;
    let and_or = |s: SampleColumns| (s.number.eq(1) | s.number.eq(2)) & s.perhaps.gt(0);
    samples.assert_same(and_or, "(number = 1 or number = 2) and perhaps > 0").await;
    let chained = |s: SampleColumns| s.number.eq(1).or(s.number.eq(2)).and(s.perhaps.gt(0)).or(s.id.eq(0));
    samples.assert_same(chained, "((number = 1 or number = 2) and perhaps > 0) or id = 0").await;
    samples.assert_same(|s| !s.number.between(-1, 1) & s.id.gt(3), "not number between -1 and 1 and id > 3").await;
    samples.assert_same(|s| !(s.number.eq(1) | s.id.gt(9)), "not (number = 1 or id > 9)").await;

    let any = |s: SampleColumns| Filter::any([s.number.eq(1), s.id.eq(0), s.perhaps.eq(3)]);
    samples.assert_same(any, "number = 1 or id = 0 or perhaps = 3").await;
    let all = |s: SampleColumns| Filter::all([s.number.ge(0), s.id.gt(5), s.perhaps.le(2)]);
    samples.assert_same(all, "number >= 0 and id > 5 and perhaps <= 2").await;
    let any_of_any =
        |s: SampleColumns| Filter::any([Filter::any([]), s.id.eq(0), Filter::any([s.id.eq(1), s.id.eq(2)])]);
    samples.assert_same(any_of_any, "id in (0, 1, 2)").await;
}

#[tokio::test]
async fn no_conditions_at_all() {
    let samples = Samples::new().await;
    assert_eq!(samples.compare(|_| Filter::all([]), "true").await, 20);
    assert_eq!(samples.compare(|_| Filter::any([]), "false").await, 0);
    assert_eq!(samples.compare(|_| !Filter::all([]), "false").await, 0);
    assert_eq!(samples.compare(|_| !Filter::any([]), "true").await, 20);
    assert_eq!(samples.compare(|_| Filter::all([Filter::all([]), Filter::all([])]), "true").await, 20);
    assert_eq!(samples.compare(|_| Filter::any([Filter::all([]), Filter::any([])]), "true").await, 20);
    assert_eq!(samples.compare(|_| Filter::all([]) & Filter::any([]), "false").await, 0);
}

#[tokio::test]
async fn conditions_that_depend_on_an_option() {
    let samples = Samples::new().await;
    let ids = async |number: Option<i32>, word: Option<&str>| {
        let query = samples.repository.all().filter_if(number, |s, number| s.number.eq(number));
        let query = query.filter_if(word, |s, word| s.word.starts_with(word).or(s.word.eq("")));
        query.count().fetch_one(&samples.stage.db).await.unwrap()
    };
    assert_eq!(ids(None, None).await, 20);
    assert_eq!(ids(Some(0), None).await, 4);
    assert_eq!(ids(None, Some("a")).await, 8);
    assert_eq!(ids(Some(0), Some("a")).await, 0);
    assert_eq!(ids(Some(-2), Some("a")).await, 2);
}

#[tokio::test]
async fn deep_and_wide_conditions() {
    let samples = Samples::new().await;
    let deep = |s: SampleColumns| {
        (0..200).fold(s.id.eq(0), |filter, n| if n % 2 == 0 { !filter } else { filter | s.id.eq(n) })
    };
    let condition = (0..200).fold("id = 0".to_owned(), |condition, n| match n % 2 {
        0 => format!("not ({condition})"),
        _ => format!("({condition}) or id = {n}"),
    });
    samples.compare(deep, &condition).await;
    let wide = |s: SampleColumns| Filter::any((3..3000).map(|n| s.id.eq(n)));
    samples.assert_same(wide, "id >= 3").await;
    let chain = |s: SampleColumns| (3..3000).fold(s.id.eq(0), |filter, n| filter.or(s.id.eq(n)));
    samples.assert_same(chain, "id = 0 or id >= 3").await;
}

#[tokio::test]
async fn random_conditions() {
    let samples = Samples::new().await;
    let mut random = Random::seeded(1);
    let mut telling = 0;
    for _ in 0..400 {
        let seed = random.next();
        let condition = tree(None, &mut Random::seeded(seed), 5).1;
        let filter = |columns| tree(Some(columns), &mut Random::seeded(seed), 5).0.unwrap();
        telling += usize::from((1..20).contains(&samples.compare(filter, &condition).await));
    }
    assert!(telling > 200, "only {telling} conditions told rows apart");
}

/// A random condition, as a filter where there are columns, and in SQL.
fn tree(columns: Option<SampleColumns>, random: &mut Random, depth: u32) -> (Option<Filter<Sample>>, String) {
    if depth == 0 || random.below(6) == 0 {
        return leaf(columns, random);
    }
    match random.below(5) {
        0 => {
            let (filter, sql) = tree(columns, random, depth - 1);
            (filter.map(|filter| !filter), format!("(not {sql})"))
        }
        kind @ 1..3 => {
            let (left, left_sql) = tree(columns, random, depth - 1);
            let (right, right_sql) = tree(columns, random, depth - 1);
            let joined = left.zip(right).map(|(left, right)| if kind == 1 { left & right } else { left | right });
            (joined, format!("({left_sql} {} {right_sql})", if kind == 1 { "and" } else { "or" }))
        }
        kind => {
            let parts: Vec<_> = (0..random.below(4)).map(|_| tree(columns, random, depth - 1)).collect();
            let (filters, sql): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
            let filters = filters.into_iter().flatten();
            let filter = columns.map(|_| if kind == 3 { Filter::all(filters) } else { Filter::any(filters) });
            let (empty, separator) = if kind == 3 { ("true", " and ") } else { ("false", " or ") };
            let sql = if sql.is_empty() { empty.to_owned() } else { format!("({})", sql.join(separator)) };
            (filter, sql)
        }
    }
}

fn leaf(columns: Option<SampleColumns>, random: &mut Random) -> (Option<Filter<Sample>>, String) {
    let number = random.below(5) as i32 - 2;
    let make = |filter: fn(SampleColumns, i32) -> Filter<Sample>| columns.map(|columns| filter(columns, number));
    match random.below(9) {
        0 => (make(|s, n| s.number.eq(n)), format!("number = {number}")),
        1 => (make(|s, n| s.perhaps.lt(n)), format!("perhaps < {number}")),
        2 => (make(|s, n| s.perhaps.ne(n)), format!("perhaps <> {number}")),
        3 => (make(|s, _| s.perhaps.is_null()), "perhaps is null".to_owned()),
        4 => (make(|s, _| s.maybe.is_not_null()), "maybe is not null".to_owned()),
        5 => (make(|s, n| s.number.between(n, s.perhaps)), format!("number between {number} and perhaps")),
        6 => (make(|s, n| s.perhaps.in_([n, n + 1])), format!("perhaps in ({number}, {number} + 1)")),
        7 => (make(|s, n| s.perhaps.is_distinct_from(Some(n))), format!("perhaps is distinct from {number}")),
        _ => (make(|s, _| s.word.contains("%")), "position('%' in word) > 0".to_owned()),
    }
}
