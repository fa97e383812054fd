//! Looking into the tree of a statement, where what is empty or false is left out.

use serde_json::Value;

/// The elements of a member that is a list.
pub(crate) fn list<'t>(node: &'t Value, member: &str) -> &'t [Value] {
    node[member].as_array().map_or(&[], Vec::as_slice)
}

pub(crate) fn text<'t>(node: &'t Value, member: &str) -> Option<&'t str> {
    node[member].as_str()
}

pub(crate) fn is_true(node: &Value, member: &str) -> bool {
    node[member] == true
}

/// The kind of a node, and what is in it.
pub(crate) fn kind(node: &Value) -> Option<(&str, &Value)> {
    let (kind, inside) = node.as_object()?.iter().next()?;
    Some((kind, inside))
}

/// What is in a node of this kind.
pub(crate) fn as_kind<'t>(node: &'t Value, kind: &str) -> Option<&'t Value> {
    node.get(kind)
}

/// The statements inside a block, where it holds nothing but `IF .. THEN`, statements and `END IF`: as the library writes
/// what makes a table that is not there.
pub(crate) fn guarded(block: &Value) -> Option<&str> {
    let body = body(block)?;
    let (_, rest) = body
        .strip_prefix("\nBEGIN\nIF ")?
        .split_once(" THEN\n\n")
        .or_else(|| body.strip_prefix("\nBEGIN\nIF NOT EXISTS (\n")?.split_once("\n) THEN\n\n"))?;
    rest.strip_suffix("\nEND IF;\nEND\n")
}

/// Whether a block makes a role that is not there, as the library writes it.
pub(crate) fn is_role_made(block: &Value) -> bool {
    body(block).is_some_and(|body| body.starts_with("\nBEGIN\n    IF pg_catalog.to_regrole("))
}

fn body(block: &Value) -> Option<&str> {
    let arguments = list(block, "args").iter().filter_map(|argument| as_kind(argument, "DefElem"));
    let mut bodies = arguments.filter(|argument| text(argument, "defname") == Some("as"));
    text(as_kind(&bodies.next()?["arg"], "String")?, "sval")
}

/// The strings of a list of names.
pub(crate) fn names(list: &[Value]) -> Vec<&str> {
    list.iter().filter_map(|name| text(as_kind(name, "String")?, "sval")).collect()
}

/// The parts of a column's name, of which the last is the column: `c.id`. `None` for any other expression, and for `*`.
pub(crate) fn column(node: &Value) -> Option<Vec<&str>> {
    let fields = list(as_kind(node, "ColumnRef")?, "fields");
    let names = names(fields);
    (names.len() == fields.len()).then_some(names)
}

/// An expression without the casts around it.
pub(crate) fn without_casts(node: &Value) -> &Value {
    match as_kind(node, "TypeCast") {
        Some(cast) => without_casts(&cast["arg"]),
        None => node,
    }
}

/// The number of a parameter.
pub(crate) fn parameter(node: &Value) -> Option<u64> {
    as_kind(node, "ParamRef")?["number"].as_u64()
}

/// The relations that a tree names, wherever that is. The tables of `FOR UPDATE OF` are aliases.
pub(crate) fn relations(node: &Value) -> Vec<&Value> {
    match node {
        Value::Array(nodes) => nodes.iter().flat_map(relations).collect(),
        Value::Object(members) => {
            let inside = members.iter().filter(|(member, _)| *member != "lockingClause");
            let own = members.contains_key("relname").then_some(node);
            own.into_iter().chain(inside.flat_map(|(_, node)| relations(node))).collect()
        }
        _ => Vec::new(),
    }
}

/// A tree that is the same wherever in a text it stands.
pub(crate) fn without_places(node: &Value) -> Value {
    match node {
        Value::Array(nodes) => nodes.iter().map(without_places).collect(),
        Value::Object(members) => {
            let kept = members.iter().filter(|(member, _)| !member.ends_with("location"));
            kept.map(|(member, node)| (member.clone(), without_places(node))).collect()
        }
        _ => node.clone(),
    }
}

/// A name as it is written in SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// As messages show a relation.
pub(crate) fn relation_name(relation: &Value) -> String {
    let parts = ["catalogname", "schemaname", "relname"].into_iter().filter_map(|part| text(relation, part));
    parts.map(|part| format!("{part:?}")).collect::<Vec<_>>().join(".")
}
