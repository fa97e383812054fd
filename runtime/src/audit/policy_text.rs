//! What the condition of a policy holds rows to, as far as its text tells.
//!
//! The server writes it out of what it has parsed, always in the same way: with parentheses around each part, and types
//! behind constants. What is not understood holds rows to nothing.

/// What a condition was found to be.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Judgement {
    /// No row passes but those of the tenant that something outside of the row names.
    pub(super) is_bound: bool,
    /// One branch of an `OR` is so, and another is not.
    pub(super) has_open_branch: bool,
    /// The settings that say who the tenant is, and whether each counts as missing when it is empty.
    pub(super) settings: Vec<(String, bool)>,
}

/// Judges a condition on a table with this tenant column.
pub(super) fn judge(text: &str, tenant_column: &str) -> Judgement {
    match tokens(text) {
        Some(tokens) => disjunction(&tokens, tenant_column),
        None => Judgement::default(),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A name or a word, and whether it has quotes.
    Word(String, bool),
    Text(String),
    Sign(String),
}

impl Token {
    fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(text, false) if text.eq_ignore_ascii_case(word))
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self, Self::Sign(text) if text == sign)
    }
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let (mut tokens, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '\'' | '"' => {
                let (content, after) = until_quote(&rest[first.len_utf8()..], first)?;
                (if first == '"' { Token::Word(content, true) } else { Token::Text(content) }, after)
            }
            // `E'..'`, which the server writes where a text holds a backslash.
            'E' if rest[1..].starts_with('\'') => return None,
            _ if first.is_alphanumeric() || first == '_' => {
                let is_inside = |character: char| character.is_alphanumeric() || "_$".contains(character);
                let end = rest.find(|character| !is_inside(character)).unwrap_or(rest.len());
                (Token::Word(rest[..end].to_owned(), false), &rest[end..])
            }
            '(' | ')' | ',' | '.' | '[' | ']' => (Token::Sign(first.into()), &rest[1..]),
            _ => {
                let is_inside = |character: char| "+-*/<>=~!@#%^&|`?:".contains(character);
                let end = rest.find(|character| !is_inside(character)).filter(|end| *end > 0)?;
                (Token::Sign(rest[..end].to_owned()), &rest[end..])
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Some(tokens)
}

/// What stands before the quote that ends it, and after.
fn until_quote(text: &str, quote: char) -> Option<(String, &str)> {
    let (mut content, mut rest) = (String::new(), text);
    loop {
        let (before, after) = rest.split_once(quote)?;
        content.push_str(before);
        match after.strip_prefix(quote) {
            Some(after) => {
                content.push(quote);
                rest = after;
            }
            None => return Some((content, after)),
        }
    }
}

/// Without the parentheses around all of it.
fn inside(mut tokens: &[Token]) -> &[Token] {
    while let [first, middle @ .., last] = tokens {
        if !first.is_sign("(") || !last.is_sign(")") || !is_balanced(middle) {
            break;
        }
        tokens = middle;
    }
    tokens
}

fn is_balanced(tokens: &[Token]) -> bool {
    let mut depth = 0_i32;
    for token in tokens {
        depth += i32::from(token.is_sign("(")) - i32::from(token.is_sign(")"));
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// The parts between tokens that stand outside of parentheses.
fn split(tokens: &[Token], is_between: impl Fn(&Token) -> bool) -> Vec<&[Token]> {
    let mut depth = 0_i32;
    tokens
        .split(move |token| {
            depth += i32::from(token.is_sign("(") || token.is_sign("["));
            depth -= i32::from(token.is_sign(")") || token.is_sign("]"));
            depth == 0 && is_between(token)
        })
        .collect()
}

fn disjunction(tokens: &[Token], tenant_column: &str) -> Judgement {
    let branches = split(inside(tokens), |token| token.is_word("OR"));
    let judged: Vec<_> = branches.into_iter().map(|branch| conjunction(branch, tenant_column)).collect();
    let (all, any) = (judged.iter().all(|part| part.is_bound), judged.iter().any(|part| part.is_bound));
    let is_open_inside = judged.iter().any(|part| part.has_open_branch);
    Judgement {
        is_bound: all,
        has_open_branch: !all && (any || is_open_inside),
        settings: judged.into_iter().flat_map(|part| part.settings).collect(),
    }
}

fn conjunction(tokens: &[Token], tenant_column: &str) -> Judgement {
    let tokens = inside(tokens);
    let parts = split(tokens, |token| token.is_word("AND"));
    if let [part] = &*parts {
        if split(part, |token| token.is_word("OR")).len() > 1 {
            return disjunction(part, tenant_column);
        }
        return comparison(part, tenant_column);
    }
    let judged: Vec<_> = parts.into_iter().map(|part| disjunction(part, tenant_column)).collect();
    Judgement {
        is_bound: judged.iter().any(|part| part.is_bound),
        has_open_branch: !judged.iter().any(|part| part.is_bound) && judged.iter().any(|part| part.has_open_branch),
        settings: judged.into_iter().filter(|part| part.is_bound).flat_map(|part| part.settings).collect(),
    }
}

fn comparison(tokens: &[Token], tenant_column: &str) -> Judgement {
    let sides = split(tokens, |token| token.is_sign("="));
    let [left, right] = &*sides else { return Judgement::default() };
    let value = match (is_column(left, tenant_column), is_column(right, tenant_column)) {
        (true, false) => right,
        (false, true) => left,
        _ => return Judgement::default(),
    };
    match outside_value(value) {
        Some(setting) => Judgement { is_bound: true, has_open_branch: false, settings: setting.into_iter().collect() },
        None => Judgement::default(),
    }
}

/// Without a type behind it: `(..)::uuid`.
fn without_type(tokens: &[Token]) -> &[Token] {
    let tokens = inside(tokens);
    match &*split(tokens, |token| token.is_sign("::")) {
        [] | [_] => tokens,
        [first, ..] => without_type(first),
    }
}

fn is_column(tokens: &[Token], name: &str) -> bool {
    matches!(without_type(tokens), [Token::Word(word, _)] if word == name)
}

/// The setting of which a value is made, if it is; none where it is of something else outside of the row, such as a
/// function. `None` for a value that rows may have a part in.
#[expect(clippy::option_option, reason = "whether there is a setting is asked of what is a value")]
fn outside_value(tokens: &[Token]) -> Option<Option<(String, bool)>> {
    let tokens = without_type(tokens);
    if let [select, inner @ ..] = tokens
        && select.is_word("SELECT")
    {
        let parts = split(inner, |token| token.is_word("AS"));
        return outside_value(parts.first()?);
    }
    if let [word] = tokens {
        let is_role = ["CURRENT_USER", "SESSION_USER", "CURRENT_ROLE", "USER"].iter().any(|role| word.is_word(role));
        return is_role.then_some(None);
    }
    let (name, arguments) = call(tokens)?;
    let arguments = split(arguments, |token| token.is_sign(","));
    match (&*name.to_ascii_lowercase(), &*arguments) {
        ("nullif", [value, empty]) => {
            let is_empty = matches!(without_type(empty), [Token::Text(text)] if text.is_empty());
            Some(outside_value(value)?.map(|(setting, known)| (setting, known || is_empty)))
        }
        ("current_setting", [setting, ..]) => match without_type(setting) {
            [Token::Text(setting)] => Some(Some((setting.clone(), false))),
            _ => None,
        },
        ("coalesce" | "greatest" | "least" | "nullif", _) => None,
        // A function of nothing but constants says who the tenant is.
        (_, arguments) => {
            let is_constant = |argument: &&[Token]| matches!(without_type(argument), [] | [Token::Text(_)]);
            arguments.iter().all(is_constant).then_some(None)
        }
    }
}

/// A function's name without its schema, and its arguments.
fn call(tokens: &[Token]) -> Option<(&str, &[Token])> {
    let open = tokens.iter().position(|token| token.is_sign("("))?;
    let (name, [_, arguments @ .., close]) = tokens.split_at(open) else { return None };
    if !close.is_sign(")") || !is_balanced(arguments) {
        return None;
    }
    match name {
        [Token::Word(name, _)] => Some((name, arguments)),
        [Token::Word(..), Token::Sign(dot), Token::Word(name, _)] if dot == "." => Some((name, arguments)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Judgement, judge};

    fn bound(setting: &str, empty_is_missing: bool) -> Judgement {
        Judgement { is_bound: true, has_open_branch: false, settings: [(setting.to_owned(), empty_is_missing)].into() }
    }

    const BY_FUNCTION: Judgement = Judgement { is_bound: true, has_open_branch: false, settings: Vec::new() };
    const OPEN: Judgement = Judgement { is_bound: false, has_open_branch: false, settings: Vec::new() };

    #[test]
    fn a_setting_says_who_the_tenant_is() {
        for text in [
            "(tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid)",
            "(tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text))",
            "((tenant_id)::text = NULLIF(current_setting('app.tenant'::text, true), ''::text))",
            "((NULLIF(pg_catalog.current_setting('app.tenant'::text, true), ''::text))::bigint = tenant_id)",
            "(tenant_id = ( SELECT (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid AS \"nullif\"))",
            "((id > 1) AND (tenant_id = (NULLIF(current_setting('app.tenant'::text, true), ''::text))::uuid))",
        ] {
            assert_eq!(judge(text, "tenant_id"), bound("app.tenant", true), "{text}");
        }
        let text = "(tenant_id = (current_setting('app.tenant'::text))::uuid)";
        assert_eq!(judge(text, "tenant_id"), bound("app.tenant", false));
        let text = "(\"Owner \"\"x\" = NULLIF(current_setting('app.it''s'::text, true), ''::text))";
        assert_eq!(judge(text, "Owner \"x"), bound("app.it's", true));
    }

    #[test]
    fn a_function_says_who_the_tenant_is() {
        for text in ["(tenant_id = app.tenant())", "(tenant_id = tenant('x'::text))", "(tenant_id = CURRENT_USER)"] {
            assert_eq!(judge(text, "tenant_id"), BY_FUNCTION, "{text}");
        }
    }

    #[test]
    fn what_is_open_is_bound_to_nothing() {
        for text in [
            "true",
            "(id = 1)",
            "(tenant_id IS NOT NULL)",
            "(tenant_id = tenant_id)",
            "(tenant_id = other)",
            "(tenant_id = COALESCE((current_setting('app.tenant'::text, true))::uuid, tenant_id))",
            "(tenant_id <> (current_setting('app.tenant'::text, true))::uuid)",
            "(NOT (tenant_id = (current_setting('app.tenant'::text, true))::uuid))",
            "CASE WHEN (id = 1) THEN true ELSE (tenant_id = app.tenant()) END",
            "(tenant_id = app.tenant_of(tenant_id))",
            "(tenant_id = ANY (app.tenants()))",
            "(parent.tenant_id = app.tenant())",
            "",
            "(",
            "'",
            "€",
        ] {
            assert_eq!(judge(text, "tenant_id"), OPEN, "{text}");
        }
    }

    #[test]
    fn an_open_branch_is_told() {
        for text in [
            "((current_setting('app.tenant'::text, true) IS NULL) OR (tenant_id = app.tenant()))",
            "((tenant_id = app.tenant()) OR (id = 1))",
            "((id = 1) AND ((tenant_id = app.tenant()) OR (id = 2)))",
        ] {
            let judged = judge(text, "tenant_id");
            assert!(!judged.is_bound && judged.has_open_branch, "{text}");
        }
        let both = judge("((tenant_id = app.tenant()) OR (tenant_id = CURRENT_USER))", "tenant_id");
        assert_eq!(both, BY_FUNCTION);
    }
}
