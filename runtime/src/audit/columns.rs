//! Columns: those that are missing, and those that are other than the model says.

use super::facts::{Column, Facts, Relation};
use super::mend::{quoted, tenant_condition};
use super::model::Expected;
use super::policy_text::judge;
use super::report::Finding;
use super::report::Severity::{Advice, Mismatch};
use super::types::Fit;
use crate::definition::{ColumnParts, Given};

pub(super) fn check(facts: &Facts, expected: &Expected, relation: &Relation, findings: &mut Vec<Finding>) {
    if let (Some(name), Some(sql_type)) = (expected.tenant_column(), expected.tenant_type()) {
        check_tenant(facts, expected, relation, (name, sql_type), findings);
    }
    for parts in expected.parts.columns {
        match relation.column(parts.name) {
            None => findings.push(missing(expected, parts)),
            Some(column) => check_column(facts, expected, relation, parts, column, findings),
        }
    }
    if relation.kind == 'r' || relation.kind == 'p' || relation.kind == 'f' {
        check_unknown(expected, relation, findings);
    }
}

fn alter(expected: &Expected, column: &str, what: &str) -> String {
    format!("ALTER TABLE {} ALTER COLUMN {} {what};", expected.sql(), quoted(column))
}

fn check_tenant(
    facts: &Facts,
    expected: &Expected,
    relation: &Relation,
    (name, sql_type): (&'static str, &'static str),
    findings: &mut Vec<Finding>,
) {
    let place = expected.column_place(name);
    let Some(column) = relation.column(name) else {
        let problem = "the tenant column is missing: every statement on the table fails".to_owned();
        let sql = format!("ALTER TABLE {} ADD COLUMN {} {sql_type} NOT NULL;", expected.sql(), quoted(name));
        findings.push(Finding::new(Mismatch, "tenant-column-missing", place, problem).mended_by(sql));
        return;
    };
    if !facts.is_type(column, sql_type) {
        let live = facts.type_name(column);
        let problem =
            format!("the tenant column is of type {live}, and the tenants' keys are {sql_type}: statements fail");
        let finding = Finding::new(Mismatch, "tenant-column-type", place.clone(), problem);
        findings.push(finding.mended_by(change_tenant_type(facts, expected, relation, name, sql_type)));
    }
    if relation.is_table() && !column.not_null {
        let problem =
            "the tenant column can be NULL: such a row is no tenant's, and yet stands in unique keys".to_owned();
        let finding = Finding::new(Mismatch, "tenant-column-nullable", place, problem);
        findings.push(finding.mended_by(alter(expected, name, "SET NOT NULL")));
    }
}

/// A policy stands in the way of a new type of its columns.
fn change_tenant_type(
    facts: &Facts,
    expected: &Expected,
    relation: &Relation,
    name: &'static str,
    sql_type: &'static str,
) -> Option<String> {
    if !relation.is_table() {
        return None;
    }
    let alter = alter(expected, name, &format!("TYPE {sql_type} USING {}::{sql_type}", quoted(name)));
    let (mut before, mut after) = (String::new(), String::new());
    for policy in facts.secured.get(&relation.oid).map_or(&[][..], |secured| &secured.policies) {
        let texts = || [&policy.using, &policy.check].into_iter().flatten();
        if texts().any(|text| text.contains(name)) {
            let setting = expected.parts.setting?;
            if !texts().all(|text| judge(text, name).is_bound) {
                return None;
            }
            before.push_str(&format!("DROP POLICY {} ON {};\n", quoted(&policy.name), expected.sql()));
            let condition = tenant_condition(expected, setting);
            let made =
                super::policies::create(expected, &policy.name, policy.is_permissive, policy.command, &condition);
            after.push_str(&format!("\n{made}"));
        }
    }
    Some(format!("{before}{alter}{after}"))
}

fn missing(expected: &Expected, parts: &ColumnParts) -> Finding {
    let problem = format!("the column of the field `{}` is missing: statements fail", parts.field);
    let sql = parts.ddl_type().map(|(sql_type, _)| {
        let made = match (parts.given, parts.generated, parts.default, parts.makes_value) {
            (Given::Never, Some(expression), ..) => format!(" GENERATED ALWAYS AS ({expression}) STORED"),
            (Given::Never, .., Some(makes_value)) => format!(" {makes_value}"),
            (Given::OrDefault, _, Some(expression), _) => format!(" DEFAULT {expression}"),
            (Given::Version, ..) => " DEFAULT 1".to_owned(),
            _ => String::new(),
        };
        let not_null = if parts.nullable { "" } else { " NOT NULL" };
        format!("ALTER TABLE {} ADD COLUMN {} {sql_type}{made}{not_null};", expected.sql(), quoted(parts.name))
    });
    Finding::new(Mismatch, "column-missing", expected.column_place(parts.name), problem).mended_by(sql)
}

fn check_column(
    facts: &Facts,
    expected: &Expected,
    relation: &Relation,
    parts: &ColumnParts,
    column: &Column,
    findings: &mut Vec<Finding>,
) {
    let place = expected.column_place(parts.name);
    let retype = || {
        let (sql_type, _) = parts.ddl_type().filter(|_| relation.is_table())?;
        Some(alter(expected, parts.name, &format!("TYPE {sql_type} USING {}::{sql_type}", quoted(parts.name))))
    };
    let live = facts.type_name(column);
    match (facts.fit(column, parts), parts.ddl_type()) {
        (Fit::Same, _) => {}
        (Fit::Readable, model) => {
            let model = model.map_or("another", |(model, _)| model);
            let problem = format!("the type is {live}, which can be read, and the model would make it {model}");
            findings.push(Finding::new(Advice, "column-type-differs", place.clone(), problem).mended_by(retype()));
        }
        (Fit::Other, model) => {
            let model = model.map_or_else(String::new, |(model, _)| format!(" and the model has {model}"));
            let problem = format!("the type is {live}{model}: the field `{}` cannot hold it", parts.field);
            findings.push(Finding::new(Mismatch, "column-type", place.clone(), problem).mended_by(retype()));
        }
    }
    if !relation.is_table() {
        // Of a view's columns nothing else is known.
        return;
    }
    match (column.not_null, parts.nullable) {
        (false, false) => {
            let problem =
                format!("it can be NULL, and the field `{}` is no `Option`: such a row is not read", parts.field);
            let finding = Finding::new(Mismatch, "column-nullable", place.clone(), problem);
            findings.push(finding.mended_by(alter(expected, parts.name, "SET NOT NULL")));
        }
        (true, true) => {
            let problem = format!("it is NOT NULL, and the field `{}` is an `Option`: `None` is refused", parts.field);
            let finding = Finding::new(Mismatch, "column-not-null", place.clone(), problem);
            findings.push(finding.mended_by(alter(expected, parts.name, "DROP NOT NULL")));
        }
        _ => {}
    }
    check_making(expected, parts, column, place, findings);
}

/// Who makes its values.
fn check_making(expected: &Expected, parts: &ColumnParts, column: &Column, place: String, findings: &mut Vec<Finding>) {
    let is_made = column.has_default || column.is_identity || column.is_computed;
    if parts.is_made() && !is_made && (parts.given == Given::Never || column.not_null) {
        let sql = match (parts.given, parts.generated, parts.makes_value, parts.default) {
            (Given::Never, None, Some(makes_value), _) => Some(match makes_value.strip_prefix("DEFAULT ") {
                Some(default) => alter(expected, parts.name, &format!("SET DEFAULT {default}")),
                None => alter(expected, parts.name, &format!("ADD {makes_value}")),
            }),
            (Given::OrDefault, .., Some(default)) => {
                Some(alter(expected, parts.name, &format!("SET DEFAULT {default}")))
            }
            (Given::Version, ..) => Some(alter(expected, parts.name, "SET DEFAULT 1")),
            _ => None,
        };
        let rest = if sql.is_some() { "" } else { "; give it a default" };
        let problem =
            format!("the database is to make a value for `{}`, and has no default: inserts fail{rest}", parts.field);
        findings.push(Finding::new(Mismatch, "column-without-default", place, problem).mended_by(sql));
    } else if column.is_always_made && matches!(parts.given, Given::Always | Given::OrDefault) {
        let what = if column.is_computed { "DROP EXPRESSION" } else { "SET GENERATED BY DEFAULT" };
        let problem = format!("the database always makes it, and inserts give `{}`: they fail", parts.field);
        let finding = Finding::new(Mismatch, "column-always-generated", place, problem);
        findings.push(finding.mended_by(alter(expected, parts.name, what)));
    }
}

/// Columns that no insert of the library's can fill.
fn check_unknown(expected: &Expected, relation: &Relation, findings: &mut Vec<Finding>) {
    let is_known = |name: &str| {
        expected.tenant_column() == Some(name) || expected.parts.columns.iter().any(|parts| parts.name == name)
    };
    for column in relation.columns.iter().filter(|column| !is_known(&column.name)) {
        if column.not_null && !column.has_default && !column.is_identity && !column.is_computed {
            let problem = "no field has it, and a row needs it: inserts fail".to_owned();
            let finding = Finding::new(Mismatch, "column-unknown", expected.column_place(&column.name), problem);
            findings.push(finding.mended_by(alter(expected, &column.name, "DROP NOT NULL")));
        }
    }
}
