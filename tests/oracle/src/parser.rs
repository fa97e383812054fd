//! PostgreSQL's own parser, from the C library libpg_query.
//!
//! It is the package `libpg-query-dev` of Debian and Ubuntu, and `libpg_query` of Homebrew, in any version from 15 on.
#![expect(unsafe_code, reason = "calls a library that is written in C")]

use std::ffi::{CStr, CString, c_char, c_int};

use serde_json::{Deserializer, Value};

use crate::tree::list;

#[repr(C)]
struct ParseError {
    message: *mut c_char,
    function: *mut c_char,
    file: *mut c_char,
    line: c_int,
    position: c_int,
    context: *mut c_char,
}

#[repr(C)]
struct ParseResult {
    tree: *mut c_char,
    stderr: *mut c_char,
    error: *mut ParseError,
}

#[link(name = "pg_query")]
unsafe extern "C" {
    fn pg_query_parse(sql: *const c_char) -> ParseResult;
    fn pg_query_free_parse_result(result: ParseResult);
}

/// The statements of a text, each an object with one member: the kind of statement, and what is in it.
///
/// # Errors
///
/// What PostgreSQL says of a text that it cannot parse.
pub(crate) fn parse(sql: &str) -> Result<Vec<Value>, String> {
    let tree = tree(sql)?;
    let mut reader = Deserializer::from_str(&tree);
    // A condition may be deep.
    reader.disable_recursion_limit();
    let tree: Value = reader.into_iter().next().unwrap_or(Ok(Value::Null)).map_err(|error| error.to_string())?;
    Ok(list(&tree, "stmts").iter().map(|statement| statement["stmt"].clone()).collect())
}

fn tree(sql: &str) -> Result<String, String> {
    let sql = CString::new(sql).map_err(|error| error.to_string())?;
    // SAFETY: the text is terminated, and lives until the call returns. The result is read before it is freed, once,
    // and its members are what `pg_query.h` declares: NULL, or pointers to terminated texts and to an error.
    unsafe {
        let result = pg_query_parse(sql.as_ptr());
        let text = |text: *const c_char| CStr::from_ptr(text).to_string_lossy().into_owned();
        let tree = match result.error.as_ref() {
            Some(error) => Err(text(error.message)),
            None => Ok(text(result.tree)),
        };
        pg_query_free_parse_result(result);
        tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_and_errors() {
        let statements = parse("select 1; begin").unwrap();
        assert!(statements[0].get("SelectStmt").is_some() && statements[1].get("TransactionStmt").is_some());
        assert_eq!(parse("").unwrap(), Vec::<Value>::new());
        assert_eq!(parse("selec 1").unwrap_err(), "syntax error at or near \"selec\"");
        assert!(parse("select '\0'").is_err());
        let deep = format!("select {}1{}", "(1 + ".repeat(100), ")".repeat(100));
        assert_eq!(parse(&deep).unwrap().len(), 1);
    }
}
