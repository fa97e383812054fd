//! The names of keys, checks and indexes: PostgreSQL's own, as long as it keeps them whole and they are different.

use std::collections::HashMap;

use crate::fingerprint::Fingerprint;

/// PostgreSQL cuts longer names off.
pub(super) const MAX_BYTES: usize = 63;

/// What a generated name is made of: `order_customer_id_fkey`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GeneratedName {
    table: &'static str,
    columns: Vec<&'static str>,
    /// What it names, and the how manieth of those it is: `fkey`, `check`, `check1`.
    what: String,
}

impl GeneratedName {
    pub(super) fn new(table: &'static str, columns: Vec<&'static str>, what: &str) -> Self {
        Self { table, columns, what: what.to_owned() }
    }

    /// The name where nothing else has it: as PostgreSQL would name it, or with a hash where that is too long.
    pub(super) fn whole(&self) -> String {
        let name = self.parts().join("_");
        if name.len() <= MAX_BYTES { name } else { self.hashed() }
    }

    /// As much of the name as there is room for, with a hash of all of it.
    fn hashed(&self) -> String {
        let hash = self.parts().into_iter().fold(Fingerprint::new(), Fingerprint::text).number();
        let end = format!("_{hash:016x}_{}", self.what);
        let mut start = [&[self.table], &*self.columns].concat().join("_");
        while start.len() + end.len() > MAX_BYTES && start.pop().is_some() {}
        start + &end
    }

    fn parts(&self) -> Vec<&str> {
        [&[self.table], &*self.columns, &[&*self.what]].concat()
    }
}

/// The names in one schema, where tables, indexes and the constraints that have an index may not share any.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, usize>);

impl Names {
    /// A name that is as it is.
    pub(super) fn take(&mut self, name: &str) {
        *self.0.entry(name.to_owned()).or_default() += 1;
    }

    pub(super) fn want(&mut self, name: &GeneratedName) {
        self.take(&name.whole());
    }

    /// What has the name, once everything in the schema is known: all that want the same are told apart by a hash, so
    /// that no name depends on the order of the tables.
    pub(super) fn name(&self, wanted: &GeneratedName) -> String {
        let name = wanted.whole();
        if self.0.get(&name).is_none_or(|count| *count < 2) { name } else { wanted.hashed() }
    }
}

#[cfg(test)]
mod tests {
    use super::{GeneratedName, MAX_BYTES, Names};

    fn name(table: &'static str, columns: &[&'static str], what: &str) -> GeneratedName {
        GeneratedName::new(table, columns.to_vec(), what)
    }

    #[test]
    fn a_name_is_postgresqls_own() {
        assert_eq!(name("order", &[], "pkey").whole(), "order_pkey");
        assert_eq!(name("order", &["product", "customer_id"], "key").whole(), "order_product_customer_id_key");
    }

    #[test]
    fn a_name_that_is_too_long_is_cut_between_characters_and_ends_with_a_hash() {
        for (table, rest) in [("é", 31), ("x", 63), ("\u{10ffff}", 15)] {
            let table: &'static str = table.repeat(rest).leak();
            let long = name(table, &["one"], "fkey").whole();
            assert!(long.len() <= MAX_BYTES && long.len() > MAX_BYTES - 4, "{long}");
            assert!(long.ends_with("_fkey"), "{long}");
            assert_ne!(long, name(table, &["two"], "fkey").whole());
        }
        let longest: &'static str = "x".repeat(63).leak();
        assert_eq!(name(longest, &[], "pkey").whole(), format!("{}_9e14bdc554b9c6da_pkey", "x".repeat(41)));
    }

    #[test]
    fn two_names_never_become_one() {
        let (one, other) = (name("a", &["b_c"], "key"), name("a_b", &["c"], "key"));
        let mut names = Names::default();
        names.want(&one);
        assert_eq!(names.name(&one), "a_b_c_key");
        names.want(&other);
        assert_ne!(names.name(&one), names.name(&other));
        assert!(names.name(&one).starts_with("a_b_c_") && names.name(&one).ends_with("_key"));

        let mut names = Names::default();
        names.take("order_pkey");
        names.want(&name("order", &[], "pkey"));
        assert_ne!(names.name(&name("order", &[], "pkey")), "order_pkey");
    }
}
