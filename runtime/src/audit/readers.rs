//! Views and functions that read tenants' tables with another's rights.

use super::facts::{Facts, Owner, Reader, Relation, Routine};
use super::mend::{qualified, quoted};
use super::model::Expected;
use super::policies::is_open_to;
use super::report::Finding;
use super::report::Severity::{Advice, Danger};

/// The first version whose views can have the rights of whoever asks them.
const INVOKER_VIEWS: u32 = 150_000;

/// Who reads with these rights is bound by no policy of a table.
fn is_exempt(facts: &Facts, owner: &Owner, relation: &Relation, tenant_column: &str) -> bool {
    let has_open_policy =
        || facts.secured.get(&relation.oid).is_some_and(|secured| is_open_to(owner.oid, secured, tenant_column));
    owner.is_exempt
        || !relation.has_row_security
        || (owner.oid == relation.owner && !relation.forces_row_security)
        || has_open_policy()
}

impl Reader {
    fn place(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    /// The statements by which the application's role can no longer read it.
    fn revoke(&self) -> Option<String> {
        let revoke = |grantee: &Option<String>| {
            let from = grantee.as_ref().map_or_else(|| "PUBLIC".to_owned(), |grantee| quoted(grantee));
            format!("REVOKE SELECT ON {} FROM {from};", qualified(&self.schema, &self.name))
        };
        let statements: Vec<_> = self.granted.iter().map(revoke).collect();
        (!statements.is_empty()).then(|| statements.join("\n"))
    }
}

impl Routine {
    pub(super) fn place(&self) -> String {
        format!("function {}.{}({})", self.schema, self.name, self.arguments)
    }

    pub(super) fn alter(&self, what: &str) -> String {
        let kind = if self.is_procedure { "PROCEDURE" } else { "FUNCTION" };
        format!("ALTER {kind} {}({}) {what};", qualified(&self.schema, &self.name), self.arguments)
    }

    /// Whether its body names a table. Only its own statements say so for sure, and they are text.
    fn names(&self, relation: &Relation) -> bool {
        let is_name = |character: char| character.is_alphanumeric() || character == '_';
        let body = &self.body;
        body.match_indices(&*relation.name).any(|(start, name)| {
            let before = body.get(..start).and_then(|before| before.chars().next_back());
            let after = body.get(start + name.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(is_name) && !after.is_some_and(is_name)
        })
    }
}

/// The views and functions over tables that have row-level security in the model.
pub(super) fn check(facts: &Facts, secured: &[(&Expected, &Relation)], findings: &mut Vec<Finding>) {
    let mut named: Vec<u32> = Vec::new();
    for reader in facts.readers.iter().filter(|reader| !reader.is_invoker || reader.kind == 'm') {
        let Some((expected, relation)) = secured.iter().find(|(_, relation)| relation.oid == reader.reads) else {
            continue;
        };
        // One that reads several tables is one finding.
        if named.contains(&reader.oid) {
            continue;
        }
        named.push(reader.oid);
        findings.push(view(facts, reader, expected, relation));
    }
    for routine in &facts.routines {
        if routine.is_definer {
            let reads = |relation: &Relation| routine.reads.contains(&relation.oid) || routine.names(relation);
            if let Some((expected, relation)) = secured.iter().find(|(_, relation)| reads(relation)) {
                findings.push(definer(facts, routine, expected, relation));
            }
        }
        if routine.is_leakproof {
            let problem =
                "it is LEAKPROOF, so that it may be called with the values of rows before a policy has judged them";
            let finding = Finding::new(Advice, "function-leakproof", routine.place(), problem.to_owned());
            findings.push(finding.mended_by(routine.alter("NOT LEAKPROOF")));
        }
    }
}

fn view(facts: &Facts, reader: &Reader, expected: &Expected, relation: &Relation) -> Finding {
    let table = relation.place();
    if reader.kind == 'm' {
        let severity = if reader.is_readable { Danger } else { Advice };
        let problem = format!("the materialised view holds rows of {table}, and no policy binds who reads it");
        return Finding::new(severity, "materialised-view", reader.place(), problem).mended_by(reader.revoke());
    }
    let exempt = is_exempt(facts, &reader.owner, relation, expected.tenant_column().unwrap_or_default());
    let severity = if reader.is_readable && exempt { Danger } else { Advice };
    let problem = format!("the view reads {table} with its owner's rights, and the policies bind its owner at best");
    let sql = (facts.server.number >= INVOKER_VIEWS)
        .then(|| format!("ALTER VIEW {} SET (security_invoker = true);", qualified(&reader.schema, &reader.name)))
        .or_else(|| reader.revoke());
    Finding::new(severity, "definer-view", reader.place(), problem).mended_by(sql)
}

fn definer(facts: &Facts, routine: &Routine, expected: &Expected, relation: &Relation) -> Finding {
    let exempt = is_exempt(facts, &routine.owner, relation, expected.tenant_column().unwrap_or_default());
    let severity = if routine.is_executable && exempt { Danger } else { Advice };
    let verb = if routine.reads.contains(&relation.oid) { "reads" } else { "names" };
    let problem = format!(
        "the function is SECURITY DEFINER and {verb} {}: the policies bind its owner at best",
        relation.place()
    );
    Finding::new(severity, "definer-function", routine.place(), problem).mended_by(routine.alter("SECURITY INVOKER"))
}

/// Views in the schema of one tenant that read the tables of another.
pub(super) fn check_between(facts: &Facts, placed: &super::references::Placed<'_>, findings: &mut Vec<Finding>) {
    for reader in &facts.readers {
        let Some(source) = facts.relations.get(&reader.reads) else { continue };
        if placed.are_of_two_tenants(&reader.schema, source) {
            let severity = if reader.is_readable { Danger } else { Advice };
            let problem = format!("the view is in one tenant's schema and reads {}, another's", source.place());
            let finding = Finding::new(severity, "view-across-tenants", reader.place(), problem);
            findings.push(finding.mended_by(reader.revoke()));
        }
    }
}
