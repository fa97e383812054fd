//! Roles: whether the application's is bound by row-level security, and what it may do that no policy binds.

use super::facts::{Facts, Relation};
use super::mend::quoted;
use super::model::{Expected, Model};
use super::report::Finding;
use super::report::Severity::{Advice, Danger};

pub(super) fn check(facts: &Facts, model: &Model, findings: &mut Vec<Finding>) {
    let (role, is_secured) = (&facts.role, model.has_row_level_security());
    let place = format!("role {}", role.name);
    if role.is_superuser {
        let problem = "a superuser may do everything: no policy and no privilege binds it. Connect as a role of the application's own";
        let severity = if is_secured { Danger } else { Advice };
        let sql = (!role.is_first).then(|| format!("ALTER ROLE {} NOSUPERUSER;", quoted(&role.name)));
        findings.push(Finding::new(severity, "role-superuser", &*place, problem.to_owned()).mended_by(sql));
    }
    if !is_secured {
        return;
    }
    if role.bypasses {
        let problem = "the role has BYPASSRLS: no policy binds it";
        let sql = format!("ALTER ROLE {} NOBYPASSRLS;", quoted(&role.name));
        findings.push(Finding::new(Danger, "role-bypassrls", &*place, problem.to_owned()).mended_by(sql));
    }
    for other in &role.others {
        let owned =
            facts.secured.keys().filter_map(|oid| facts.relations.get(oid)).find(|table| table.owner == other.oid);
        let what = match (other.is_superuser, other.bypasses, owned) {
            (true, ..) => "is a superuser".to_owned(),
            (_, true, _) => "has BYPASSRLS".to_owned(),
            (.., Some(table)) => format!("owns {} and may switch row-level security off", table.place()),
            _ => continue,
        };
        let problem = format!("by SET ROLE it becomes {}, which {what}", other.name);
        let sql = other.is_direct.then(|| format!("REVOKE {} FROM {};", quoted(&other.name), quoted(&role.name)));
        findings.push(Finding::new(Danger, "role-can-become", &*place, problem).mended_by(sql));
    }
}

/// What the role has on a table, or a partition of one.
pub(super) fn check_table(facts: &Facts, expected: &Expected, relation: &Relation, findings: &mut Vec<Finding>) {
    if expected.parts.setting.is_none() || facts.role.is_superuser {
        return;
    }
    let partitions = facts.relations.values().filter(|other| other.partition_of == Some(relation.oid));
    for table in std::iter::once(relation).chain(partitions) {
        check_owner(facts, table, findings);
        check_privileges(facts, table, findings);
    }
}

fn check_owner(facts: &Facts, relation: &Relation, findings: &mut Vec<Finding>) {
    let (role, owner) = (&facts.role, &facts.server.owner_of_database);
    // Where it is so by a role that it has, that role is named.
    if !relation.is_own || relation.owner_name != role.name {
        return;
    }
    let is_exempt = !relation.forces_row_security;
    let problem = if is_exempt {
        "the application's role owns the table, and no policy binds an owner where row-level security is not forced"
    } else {
        "the application's role owns the table, and may switch its row-level security off"
    };
    let severity = if is_exempt { Danger } else { Advice };
    let is_other = *owner != role.name && !role.others.iter().any(|other| other.name == *owner);
    let sql = is_other.then(|| {
        let table = relation.sql();
        let privileges = "SELECT, INSERT, UPDATE, DELETE";
        format!(
            "ALTER TABLE {table} OWNER TO {};\nGRANT {privileges} ON {table} TO {};",
            quoted(owner),
            quoted(&role.name)
        )
    });
    findings.push(Finding::new(severity, "role-owns-table", relation.place(), problem.to_owned()).mended_by(sql));
}

fn check_privileges(facts: &Facts, relation: &Relation, findings: &mut Vec<Finding>) {
    let Some(secured) = facts.secured.get(&relation.oid) else { return };
    for (privilege, grantee) in &secured.excess {
        let (code, severity, what) = match &**privilege {
            "TRUNCATE" => ("privilege-truncate", Danger, "it empties the table of every tenant's rows"),
            "REFERENCES" => {
                ("privilege-references", Advice, "a foreign key to the table tells which keys exist, of every tenant")
            }
            _ => ("privilege-trigger", Advice, "a trigger on the table sees every tenant's rows"),
        };
        let to = grantee.as_ref().map_or_else(|| "PUBLIC".to_owned(), |grantee| quoted(grantee));
        let problem = format!("{privilege} is granted to {to}, and no policy binds it: {what}");
        let sql = format!("REVOKE {privilege} ON {} FROM {to};", relation.sql());
        findings.push(Finding::new(severity, code, relation.place(), problem).mended_by(sql));
    }
}
