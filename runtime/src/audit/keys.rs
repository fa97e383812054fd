//! Primary keys and unique keys: those of the model, and those that tenants have in common.

use std::collections::HashSet;

use super::facts::{Facts, Relation, UniqueIndex};
use super::mend::{columns, qualified, quoted};
use super::model::Expected;
use super::references::{Placed, rebuild};
use super::report::Finding;
use super::report::Severity::{Advice, Danger, Mismatch};

pub(super) fn check(
    facts: &Facts,
    placed: &Placed<'_>,
    expected: &Expected,
    relation: &Relation,
    findings: &mut Vec<Finding>,
) {
    if !relation.is_table() {
        return;
    }
    let tenant_column = expected.tenant_column();
    if tenant_column.is_some_and(|name| relation.column(name).is_none()) {
        // That is said already.
        return;
    }
    let mut mended = Vec::new();
    if let Some(tenant_column) = tenant_column {
        for index in relation.unique.iter().filter(|index| !relation.names(&index.columns).contains(&tenant_column)) {
            findings.push(without_tenant(facts, placed, expected, relation, (index, tenant_column)));
            mended.push(with_tenant(relation, index, tenant_column));
        }
    }
    let has = |key: &[&str]| {
        let is_same = |names: &[&str]| is_same_key(names, key);
        let whole = relation.unique.iter().filter(|index| index.is_whole && index.parts.is_none());
        whole.map(|index| relation.names(&index.columns)).any(|names| is_same(&names))
            || mended.iter().any(|names| is_same(names))
    };
    let primary = expected.key(expected.parts.primary_key);
    if !expected.parts.primary_key.is_empty() && !has(&primary) {
        findings.push(primary_key(expected, relation, &primary));
    }
    for key in expected.parts.unique_keys {
        let names = expected.key(key.columns);
        if !has(&names) {
            let problem = format!(
                "no unique index holds the key `{}`: rows may repeat it, and inserts on its conflict fail",
                key.name
            );
            let sql = format!("ALTER TABLE {} ADD UNIQUE {};", relation.sql(), columns(names));
            findings.push(Finding::new(Mismatch, "unique-key-missing", expected.place(), problem).mended_by(sql));
        }
    }
    check_indexes(expected, relation, findings);
}

/// Whether there is an index that begins with the columns of each that the model names.
fn check_indexes(expected: &Expected, relation: &Relation, findings: &mut Vec<Finding>) {
    let unique = relation.unique.iter().filter(|index| index.is_whole).map(|index| &index.columns);
    let indexes: Vec<_> = unique.chain(&relation.indexes).map(|columns| relation.names(columns)).collect();
    for key in expected.parts.indexes {
        let names = expected.key(key.columns);
        if !indexes.iter().any(|index| index.starts_with(&names)) {
            let problem = format!("the index `{}` is missing: queries by it read all rows", key.name);
            let sql = format!("CREATE INDEX ON {} {};", relation.sql(), columns(names));
            findings.push(Finding::new(Advice, "index-missing", expected.place(), problem).mended_by(sql));
        }
    }
}

pub(super) fn is_same_key(one: &[&str], other: &[&str]) -> bool {
    one.len() == other.len() && one.iter().collect::<HashSet<_>>() == other.iter().collect()
}

fn with_tenant<'n>(relation: &'n Relation, index: &UniqueIndex, tenant_column: &'n str) -> Vec<&'n str> {
    std::iter::once(tenant_column).chain(relation.names(&index.columns)).collect()
}

fn primary_key(expected: &Expected, relation: &Relation, primary: &[&str]) -> Finding {
    let (problem, code) =
        ("the primary key of the model is no unique index: rows may repeat it", "primary-key-missing");
    let finding = Finding::new(Mismatch, code, expected.place(), problem.to_owned());
    let live = relation.unique.iter().find(|index| index.is_primary);
    // Another primary key may be what others refer to.
    let what = if live.is_some() { "UNIQUE" } else { "PRIMARY KEY" };
    let sql = format!("ALTER TABLE {} ADD {what} {};", relation.sql(), columns(primary.iter().copied()));
    finding.mended_by(sql)
}

/// A key that all tenants have in common tells each of them which values the others have.
fn without_tenant(
    facts: &Facts,
    placed: &Placed<'_>,
    expected: &Expected,
    relation: &Relation,
    (index, tenant_column): (&UniqueIndex, &str),
) -> Finding {
    let key = with_tenant(relation, index, tenant_column);
    let code = if index.is_primary { "primary-key-without-tenant" } else { "unique-without-tenant" };
    let name = index.constraint.as_ref().unwrap_or(&index.name);
    let problem = format!(
        "{name} is unique across tenants: who inserts is told that another tenant has the value, and an upsert can hit its row"
    );
    let is_there = |other: &UniqueIndex| {
        other.is_whole && other.parts.is_none() && is_same_key(&relation.names(&other.columns), &key)
    };
    let is_double = index.condition.is_none() && index.parts.is_none() && relation.unique.iter().any(is_there);
    let (table, quoted_name) = (relation.sql(), quoted(name));
    let mut sql = Vec::new();
    // What refers to the key goes before it, and comes back with the tenant.
    let referring = facts.relations.values().flat_map(|other| {
        other
            .foreign_keys
            .iter()
            .filter(|foreign_key| foreign_key.target_index == index.oid)
            .map(move |key| (other, key))
    });
    let referring: Vec<_> = referring.collect();
    for (other, foreign_key) in &referring {
        sql.push(format!("ALTER TABLE {} DROP CONSTRAINT {};", other.sql(), quoted(&foreign_key.name)));
    }
    match &index.constraint {
        Some(_) => sql.push(format!("ALTER TABLE {table} DROP CONSTRAINT {quoted_name};")),
        None => sql.push(format!("DROP INDEX {};", qualified(&relation.schema, &index.name))),
    }
    match (&index.constraint, is_double && !index.is_primary) {
        (_, true) => {}
        (Some(_), _) => {
            let what = if index.is_primary { "PRIMARY KEY" } else { "UNIQUE" };
            sql.push(format!("ALTER TABLE {table} ADD CONSTRAINT {quoted_name} {what} {};", columns(key)));
        }
        (None, _) => {
            let parts = match &index.parts {
                Some(parts) => format!("({}, {})", quoted(tenant_column), parts.join(", ")),
                None => columns(key),
            };
            let condition = index.condition.as_ref().map(|condition| format!(" WHERE {condition}")).unwrap_or_default();
            sql.push(format!("CREATE UNIQUE INDEX {quoted_name} ON {table} {parts}{condition};"));
        }
    }
    for (other, foreign_key) in &referring {
        if let Some(child_column) = placed.tenant_column_of(other, tenant_column) {
            sql.push(rebuild(facts, (other, child_column), foreign_key, (relation, tenant_column)));
        }
    }
    Finding::new(Danger, code, expected.place(), problem).mended_by(sql.join("\n"))
}
