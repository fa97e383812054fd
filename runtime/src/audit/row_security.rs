//! Row-level security: whether it is on, for whom, and on every partition.

use super::facts::{Facts, Relation, Secured};
use super::mend::{qualified, quoted, tenant_condition};
use super::model::{Expected, Model};
use super::policies::{create_on, has_check};
use super::report::Finding;
use super::report::Severity::{Advice, Danger, Mismatch};
use crate::ddl::policy::{rows_policy, tenant_policy};

/// Of a table without a tenant column.
pub(super) fn check_foreign(relation: &Relation, findings: &mut Vec<Finding>) {
    if relation.has_row_security && !relation.is_own {
        let problem = "the table has row-level security and no tenant column: the library names no tenant to its policies, which may hide every row";
        findings.push(Finding::new(Mismatch, "rls-not-in-model", relation.place(), problem.to_owned()));
    }
}

pub(super) fn check(facts: &Facts, expected: &Expected, relation: &Relation, findings: &mut Vec<Finding>) {
    if expected.parts.setting.is_none() {
        if relation.has_row_security && !relation.is_own {
            let problem = "the table has row-level security, and its struct does not say `rls`: the library names no tenant to the policies";
            findings.push(Finding::new(Mismatch, "rls-not-in-model", relation.place(), problem.to_owned()));
        }
        return;
    }
    if !relation.is_table() {
        let problem = "the struct says `rls`, and only tables have row-level security: it is a view or a foreign table";
        findings.push(Finding::new(Danger, "rls-impossible", relation.place(), problem.to_owned()));
        return;
    }
    let Some(secured) = facts.secured.get(&relation.oid) else { return };
    check_switches(relation, findings);
    if expected.tenant_type() == Some("text") && !has_check(expected, secured) {
        let column = quoted(expected.tenant_column().unwrap_or_default());
        let problem = "the tenant column may be empty, as the setting is after a transaction that named a tenant";
        let sql = format!("ALTER TABLE {} ADD CHECK ({column} <> '');", relation.sql());
        let place = expected.column_place(expected.tenant_column().unwrap_or_default());
        findings.push(Finding::new(Advice, "tenant-may-be-empty", place, problem.to_owned()).mended_by(sql));
    }
    super::policies::check(facts, expected, relation, secured, findings);
    for partition in facts.relations.values().filter(|other| other.partition_of == Some(relation.oid)) {
        check_partition(facts, expected, partition, findings);
    }
}

fn check_switches(relation: &Relation, findings: &mut Vec<Finding>) {
    if !relation.has_row_security {
        let problem =
            "row-level security is off: no policy holds, and a statement without a tenant reads the rows of all";
        let sql = format!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY;", relation.sql());
        findings.push(Finding::new(Danger, "rls-off", relation.place(), problem.to_owned()).mended_by(sql));
    }
    if !relation.forces_row_security {
        let severity = if relation.is_own { Danger } else { Advice };
        let problem = format!(
            "row-level security is not forced: its owner {} is exempt, and so are views and functions with the owner's rights",
            relation.owner_name
        );
        let sql = format!("ALTER TABLE {} FORCE ROW LEVEL SECURITY;", relation.sql());
        findings.push(Finding::new(severity, "rls-not-forced", relation.place(), problem).mended_by(sql));
    }
}

/// The policies of a table do not hold for a partition that is named itself.
fn check_partition(facts: &Facts, expected: &Expected, partition: &Relation, findings: &mut Vec<Finding>) {
    let none = Secured::default();
    let secured = facts.secured.get(&partition.oid).unwrap_or(&none);
    // What a superuser may do is said of its role.
    if facts.role.is_superuser || !secured.may.contains(&true) {
        return;
    }
    if partition.has_row_security && (partition.forces_row_security || !partition.is_own) {
        return super::policies::check(facts, expected, partition, secured, findings);
    }
    let table = partition.sql();
    let mut sql =
        format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {table} FORCE ROW LEVEL SECURITY;");
    if secured.policies.is_empty()
        && let Some(setting) = expected.parts.setting
    {
        let condition = tenant_condition(expected, setting);
        let (tenant, rows) = (tenant_policy(expected.parts.name), rows_policy(expected.parts.name));
        for (name, is_permissive) in [(tenant, false), (rows, true)] {
            sql.push_str(&format!("\n{}", create_on(&table, &name, is_permissive, '*', &condition)));
        }
    }
    let problem =
        format!("the partition can be read under its own name, where the policies of {} do not hold", expected.place());
    findings.push(Finding::new(Danger, "partition-open", partition.place(), problem).mended_by(sql));
}

/// Tables beside those of the model that look as if they held tenants' rows.
pub(super) fn check_strangers(facts: &Facts, model: &Model, findings: &mut Vec<Finding>) {
    for stranger in facts.strangers.iter().filter(|stranger| stranger.is_readable) {
        let place = format!("{}.{}", stranger.schema, stranger.name);
        let problem = "the model does not know the table, which has a tenant column and no row-level security: a copy of a table does not inherit it";
        let of_schema = model.secured_tables().find(|expected| expected.schema == stranger.schema);
        let sql = of_schema.and_then(|expected| {
            let (table, condition) =
                (qualified(&stranger.schema, &stranger.name), tenant_condition(&expected, expected.parts.setting?));
            let policies = [("tenant", false), ("rows", true)]
                .map(|(name, is_permissive)| create_on(&table, name, is_permissive, '*', &condition));
            Some(format!(
                "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {table} FORCE ROW LEVEL SECURITY;\n{}",
                policies.join("\n")
            ))
        });
        findings.push(Finding::new(Advice, "table-not-in-model", place, problem.to_owned()).mended_by(sql));
    }
}
