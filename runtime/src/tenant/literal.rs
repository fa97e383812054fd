/// The text as a literal in SQL, which stands for exactly this text whatever the session's settings are.
///
/// A backslash means nothing in `'..'`, unless `standard_conforming_strings` is off; in `E'..'` it always escapes.
pub(crate) fn literal(text: &str) -> String {
    let escapes = text.contains('\\');
    let mut literal = String::with_capacity(text.len() + 3);
    literal.push_str(if escapes { "E'" } else { "'" });
    for character in text.chars() {
        if matches!(character, '\'' | '\\') {
            literal.push(character);
        }
        literal.push(character);
    }
    literal.push('\'');
    literal
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::literal;

    const HOSTILE: [&str; 14] = [
        "",
        "acme",
        "'",
        "''",
        "\\",
        "\\'",
        "'\\",
        "\\\\'",
        "acme' OR 'a' = 'a",
        "acme\\' OR true --",
        "'; DROP SCHEMA public CASCADE; --",
        "E'\\x27' $1 $$ /* */",
        "ä\u{1}\n\t\u{2019}\u{10ffff}",
        "\"quoted\" \u{fe00}",
    ];

    #[test]
    fn nothing_ends_a_literal_but_its_own_end() {
        assert_eq!(literal("acme"), "'acme'");
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("\\'"), "E'\\\\'''");
    }

    #[tokio::test]
    async fn postgresql_reads_back_the_same_text_whatever_is_set() {
        let database = throwaway_postgres::database().await;
        let client = database.client().await.unwrap();
        for setting in ["on", "off"] {
            let set = format!("set standard_conforming_strings = {setting}; set escape_string_warning = off");
            client.batch_execute(&throwaway_postgres::by_hand(&set)).await.unwrap();
            for text in HOSTILE {
                let sql = format!("SELECT {}::text", literal(text));
                let row = client.query_one(&sql, &[]).await.unwrap();
                assert_eq!(row.get::<_, &str>(0), text, "{setting}: {sql}");
            }
        }
    }
}
