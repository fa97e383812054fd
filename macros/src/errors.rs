//! Every mistake of a struct in one build, each at its own token.

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes that were found. It has to be turned into compile errors: nothing is lost silently.
#[must_use]
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<syn::Error>);

impl Errors {
    /// A mistake at these tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.0.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.push(error);
    }

    pub(crate) fn into_compile_errors(self) -> TokenStream {
        self.0.iter().map(syn::Error::to_compile_error).collect()
    }

    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

/// Of the known keys the one that a typo most likely meant.
/// A known key is nearest to itself.
pub(crate) fn nearest<'k>(typo: &str, known: &[&'k str]) -> Option<&'k str> {
    let (distance, key) = known.iter().map(|key| (edit_distance(typo, key), *key)).min()?;
    (distance <= 1 + typo.len() / 3).then_some(key)
}

/// How many characters are put in, left out or exchanged (Levenshtein).
fn edit_distance(left: &str, right: &str) -> usize {
    let mut distances: Vec<usize> = (0..=right.chars().count()).collect();
    for (row, a) in left.chars().enumerate() {
        let mut diagonal = row;
        let mut before = row + 1;
        if let Some(first) = distances.first_mut() {
            *first = before;
        }
        for (distance, b) in distances.iter_mut().skip(1).zip(right.chars()) {
            let exchanged = diagonal + usize::from(a != b);
            diagonal = *distance;
            before = exchanged.min(before + 1).min(*distance + 1);
            *distance = before;
        }
    }
    distances.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_typo_finds_its_key_and_nonsense_finds_none() {
        let known = ["name", "tenant", "tenant_column", "shared", "schema", "keyless"];
        assert_eq!(nearest("nmae", &known), Some("name"));
        assert_eq!(nearest("tenant_colum", &known), Some("tenant_column"));
        assert_eq!(nearest("schemas", &known), Some("schema"));
        assert_eq!(nearest("frobnicate", &known), None);
    }
}
