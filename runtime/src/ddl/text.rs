//! The small pieces of SQL that everything here is made of.

pub(super) use crate::tenant::{literal, quoted};

/// `"a", "b"`
pub(super) fn quoted_list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}

/// `"app"."customer"`, of a schema that has its quotes.
pub(super) fn qualified(schema: &str, name: &str) -> String {
    format!("{schema}.{}", quoted(name))
}

/// `BEGIN ..; END` as one statement.
pub(super) fn block(body: &str) -> String {
    let mut tag = "$tenantry$".to_owned();
    let mut number = 1_u32;
    while body.contains(&tag) {
        number += 1;
        tag = format!("$tenantry{number}$");
    }
    format!("DO {tag}\nBEGIN\n{body}END\n{tag};\n")
}
