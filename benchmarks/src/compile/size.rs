//! How much code something is.

use proc_macro2::{TokenStream, TokenTree};
use serde::Serialize;

use crate::Result;

/// An amount of code.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Size {
    /// That are not empty.
    pub(crate) lines: f64,
    /// As macros see them; a delimiter is one.
    pub(crate) tokens: f64,
}

impl Size {
    /// Of a text.
    pub(crate) fn of(text: &str) -> Result<Self> {
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        let tokens: TokenStream = text.parse().map_err(|error| format!("this is no Rust: {error}"))?;
        Ok(Self { lines: lines as f64, tokens: count(tokens) as f64 })
    }

    /// Of one table, if this is so many of them, and the other is none.
    pub(crate) fn per_table(self, empty: Self, tables: usize) -> Self {
        let each = |size: f64, empty: f64| (size - empty) / tables as f64;
        Self { lines: each(self.lines, empty.lines), tokens: each(self.tokens, empty.tokens) }
    }
}

fn count(tokens: TokenStream) -> usize {
    let each = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => count(group.stream()) + 2,
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => 1,
    });
    each.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_tokens() -> Result<()> {
        let two = Size::of("fn f() {}\n\nfn g(a: u8) {}\n")?;
        assert_eq!(two, Size { lines: 2.0, tokens: 15.0 });
        assert_eq!(two.per_table(Size::of("")?, 2), Size { lines: 1.0, tokens: 7.5 });
        Ok(())
    }
}
