//! Text is matched as it stands; only `like` and `ilike` know patterns.

use crate::sample::{Samples, literal};

/// What users type, with every character that means something in a pattern.
const TYPED: [&str; 20] = [
    "", "a", "A", "b", "ab", "%", "%%", "_", "__", "a_", "a_b", "a%b", "\\", "\\\\", "\\%", "\\_", "%\\", "'", "$1",
    "ä",
];

#[tokio::test]
async fn text_is_found_at_the_beginning() {
    let samples = Samples::new().await;
    for text in TYPED {
        samples.compare(|s| s.word.starts_with(text), &format!("starts_with(word, {})", literal(text))).await;
        samples.compare(|s| s.maybe.starts_with(text), &format!("starts_with(maybe, {})", literal(text))).await;
    }
    samples.assert_same(|s| s.word.starts_with("%"), "word in ('%', '%%')").await;
    samples.assert_same(|s| s.word.starts_with("\\"), r"word in ('\', '\%')").await;
    samples.assert_same(|s| s.word.starts_with(String::from("a_")), "word = 'a_b'").await;
}

#[tokio::test]
async fn text_is_found_at_the_end() {
    let samples = Samples::new().await;
    for text in TYPED {
        let ends = |column: &str| format!("right({column}, {}) = {}", text.chars().count(), literal(text));
        samples.compare(|s| s.word.ends_with(text), &ends("word")).await;
        samples.compare(|s| s.maybe.ends_with(text), &ends("maybe")).await;
    }
    samples.assert_same(|s| s.word.ends_with("\\"), r"word = '\'").await;
    samples.assert_same(|s| s.word.ends_with("_"), "word = '_'").await;
}

#[tokio::test]
async fn text_is_found_anywhere() {
    let samples = Samples::new().await;
    for text in TYPED {
        samples.compare(|s| s.word.contains(text), &format!("position({} in word) > 0", literal(text))).await;
        samples.compare(|s| s.maybe.contains(text), &format!("position({} in maybe) > 0", literal(text))).await;
    }
    samples.assert_same(|s| s.word.contains("_"), "word in ('_', 'a_b')").await;
    samples.assert_same(|s| s.word.contains("\\"), r"word in ('\', '\%', 'a\b')").await;
}

#[tokio::test]
async fn text_is_found_in_any_case() {
    let samples = Samples::new().await;
    for text in TYPED {
        let found = format!("position(lower({}) in lower(word)) > 0", literal(text));
        samples.compare(|s| s.word.contains_ignoring_case(text), &found).await;
    }
    samples.assert_same(|s| s.word.contains_ignoring_case("AB"), "word in ('ab', 'aB')").await;
    samples.assert_same(|s| s.word.contains_ignoring_case("A_"), "word = 'a_b'").await;
}

#[tokio::test]
async fn patterns_are_patterns() {
    let samples = Samples::new().await;
    for pattern in ["a%", "a_b", "_", "%b", r"\%", r"a\_b", r"\\", "%", "", "A%"] {
        samples.compare(|s| s.word.like(pattern), &format!("word like {}", literal(pattern))).await;
        samples.compare(|s| s.maybe.ilike(pattern), &format!("maybe ilike {}", literal(pattern))).await;
    }
    samples.assert_same(|s| s.word.like("a_b"), r"word in ('a_b', 'axb', 'a\b', 'a b')").await;
    samples.assert_same(|s| s.word.ilike("A_"), "word in ('ab', 'aB')").await;
}

#[tokio::test]
async fn text_in_other_places_is_text() {
    let samples = Samples::new().await;
    for text in TYPED {
        samples.compare(|s| s.word.eq(text), &format!("word = {}", literal(text))).await;
        samples.compare(|s| s.word.in_([text, "axb"]), &format!("word in ({}, 'axb')", literal(text))).await;
        let found = samples.repository.filter(|s| s.word.eq(text)).fetch_all(&samples.stage.db).await.unwrap();
        assert!(found.iter().all(|sample| sample.word == text));
    }
}
