//! The DDL of tables, as text. Renewed by `UPDATE_EXPECT=1 cargo test -p tenantry-tests --test ddl`.

#![expect(clippy::unwrap_used, dead_code, reason = "tests")]

mod ddl {
    mod problems;
    mod registered;
    mod texts;
}
