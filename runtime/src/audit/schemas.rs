//! Schemas: those of tenants that are missing, those of nobody, and those that look like another.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::facts::Facts;
use super::mend::quoted;
use super::missing::Missing;
use super::model::{Expected, Model};
use super::report::Finding;
use super::report::Severity::{Advice, Danger, Mismatch};
use crate::tenant::SchemaName;

/// PostgreSQL cuts names to so many bytes, between characters.
const CUT_TO: usize = 63;
const LONGEST_CHARACTER: usize = 4;

/// Says which schemas are missing, and answers which: their tables are not looked for.
pub(super) fn check_missing<'e>(
    facts: &Facts,
    model: &Model,
    expected: &'e [Expected],
    made: &mut Missing<'_>,
    findings: &mut Vec<Finding>,
) -> HashSet<&'e str> {
    let mut missing = HashSet::new();
    for expected in expected.iter().filter(|expected| !facts.schemas.contains_key(&expected.schema)) {
        if missing.insert(&*expected.schema) {
            let of = expected.tenant.and_then(|tenant| model.tenants.as_ref()?.get(tenant));
            let of = of.map(|tenant| format!(" of tenant {}", tenant.key)).unwrap_or_default();
            let problem = format!(
                "the schema{of} is missing, with the tables that are to be there: statements fail{}",
                made.words()
            );
            let finding = Finding::new(Mismatch, "schema-missing", format!("schema {}", expected.schema), problem);
            findings.push(finding.mended_by(made.sql_for(expected)));
        }
    }
    missing
}

/// The names that tenants' tables have.
fn names(model: &Model) -> HashSet<&'static str> {
    model.by_schema().map(|parts| parts.name).collect()
}

/// The schemas that can be a tenant's and hold such tables.
pub(super) fn holders<'f>(facts: &'f Facts, model: &Model) -> BTreeMap<&'f str, HashSet<&'f str>> {
    let mut holders = facts.holders(&names(model), &model.fixed_schemas());
    holders.retain(|schema, _| SchemaName::new(schema).is_ok());
    holders
}

pub(super) fn check(facts: &Facts, model: &Model, expected: &[Expected], findings: &mut Vec<Finding>) {
    let of_tenants: BTreeSet<&str> =
        expected.iter().filter(|expected| expected.group().is_some()).map(|expected| &*expected.schema).collect();
    let holders = holders(facts, model);
    if model.tenants.is_some() {
        for schema in holders.keys().filter(|schema| !of_tenants.contains(*schema)) {
            let problem = "it holds tables of the model and is none of the listed tenants': a tenant that is gone or was half made, or one that is missing in the list";
            findings.push(Finding::new(
                Advice,
                "schema-without-tenant",
                format!("schema {schema}"),
                problem.to_owned(),
            ));
        }
    }
    let in_question: BTreeSet<&str> = of_tenants.iter().copied().chain(holders.keys().copied()).collect();
    check_reserved(facts, model, findings);
    check_cut(facts, model, &in_question, findings);
    check_look_alikes(facts, &in_question, findings);
    check_shared(model, findings);
}

/// In a schema that no tenant can have, a table of a tenant's is found by whoever forgets to say whose.
fn check_reserved(facts: &Facts, model: &Model, findings: &mut Vec<Finding>) {
    for (schema, tables) in facts.holders(&names(model), &model.fixed_schemas()) {
        if SchemaName::new(schema).is_err() {
            let table = tables.iter().min().copied().unwrap_or_default();
            let problem = format!(
                "no tenant can have this schema, and it holds {table} as tenants' schemas do: a statement by hand without a schema may find that one"
            );
            findings.push(Finding::new(Advice, "schema-reserved", format!("schema {schema}"), problem));
        }
    }
}

/// Two names that begin alike become one when both are cut.
fn check_cut(facts: &Facts, model: &Model, in_question: &BTreeSet<&str>, findings: &mut Vec<Finding>) {
    let is_cut = |schema: &str| match schema.is_ascii() {
        true => schema.len() == CUT_TO,
        false => schema.len() > CUT_TO - LONGEST_CHARACTER,
    };
    // A name that a tenant has was checked, and is whole.
    let is_listed = |schema: &str| {
        let tenants = model.tenants.iter().flatten();
        tenants
            .flat_map(|tenant| model.by_schema().filter_map(|parts| Model::schema_of(tenant, parts)))
            .any(|name| name == schema)
    };
    for schema in in_question.iter().filter(|schema| facts.schemas.contains_key(**schema)) {
        if is_cut(schema) && !is_listed(schema) {
            let problem = format!(
                "the name has {} bytes, where PostgreSQL cuts longer ones: two tenants may have become one",
                schema.len()
            );
            findings.push(Finding::new(Advice, "schema-name-cut", format!("schema {schema}"), problem));
        }
    }
}

fn check_look_alikes(facts: &Facts, in_question: &BTreeSet<&str>, findings: &mut Vec<Finding>) {
    let mut alike: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (schema, form) in &facts.schemas {
        alike.entry(look(form)).or_default().push(schema);
    }
    for schemas in alike.values().filter(|schemas| schemas.len() > 1) {
        if let Some(schema) = schemas.iter().find(|schema| in_question.contains(**schema)) {
            let others: Vec<_> = schemas.iter().filter(|other| *other != schema).map(|other| quoted(other)).collect();
            let problem = format!(
                "it looks like {}, which is another schema: one is easily taken for the other",
                others.join(", ")
            );
            findings.push(Finding::new(Advice, "schema-look-alike", format!("schema {schema}"), problem));
        }
    }
}

/// What a reader takes a name for: without case, and with Latin letters for those of other scripts that look like them.
fn look(name: &str) -> String {
    const LATIN: [(char, char); 30] = [
        ('а', 'a'),
        ('в', 'b'),
        ('с', 'c'),
        ('ԁ', 'd'),
        ('е', 'e'),
        ('һ', 'h'),
        ('і', 'i'),
        ('ј', 'j'),
        ('к', 'k'),
        ('ӏ', 'l'),
        ('м', 'm'),
        ('н', 'h'),
        ('о', 'o'),
        ('р', 'p'),
        ('ԛ', 'q'),
        ('ѕ', 's'),
        ('т', 't'),
        ('у', 'y'),
        ('ѵ', 'v'),
        ('ԝ', 'w'),
        ('х', 'x'),
        ('α', 'a'),
        ('ι', 'i'),
        ('κ', 'k'),
        ('ν', 'v'),
        ('ο', 'o'),
        ('ρ', 'p'),
        ('τ', 't'),
        ('υ', 'u'),
        ('χ', 'x'),
    ];
    let latin =
        |character: char| LATIN.iter().find(|(other, _)| *other == character).map_or(character, |(_, latin)| *latin);
    name.chars().flat_map(char::to_lowercase).map(latin).collect()
}

/// Two tenants of the list with one schema see each other's rows.
fn check_shared(model: &Model, findings: &mut Vec<Finding>) {
    let mut owners: HashMap<String, BTreeSet<(usize, &str)>> = HashMap::new();
    let tenants = model.tenants.as_deref().unwrap_or_default();
    let mut first = HashMap::new();
    for (position, tenant) in tenants.iter().enumerate() {
        // A tenant that is listed twice is one.
        let position = *first.entry((tenant.kind, &*tenant.key)).or_insert(position);
        for schema in model.by_schema().filter_map(|parts| Model::schema_of(tenant, parts)) {
            owners.entry(schema).or_default().insert((position, &tenant.key));
        }
    }
    for (schema, owners) in owners.into_iter().filter(|(_, owners)| owners.len() > 1) {
        let keys: Vec<_> = owners.iter().map(|(_, key)| *key).collect();
        let problem = format!(
            "the tenants {} have this one schema: each reads and writes the rows of the other",
            keys.join(", ")
        );
        findings.push(Finding::new(Danger, "schema-of-two-tenants", format!("schema {schema}"), problem));
    }
}

#[cfg(test)]
mod tests {
    use super::look;

    #[test]
    fn names_that_look_alike_are_one() {
        for (one, other) in [("acme", "Acme"), ("acme", "асме"), ("acme", "аcme"), ("paypal", "раураӏ")] {
            assert_eq!(look(one), look(other), "{one} {other}");
        }
        for (one, other) in [("acme", "acne"), ("acme1", "acmel"), ("müller", "muller")] {
            assert_ne!(look(one), look(other), "{one} {other}");
        }
    }
}
