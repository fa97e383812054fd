//! Policies: whether they hold every command to the tenant.

use super::facts::{Facts, Policy, Relation, Secured};
use super::mend::{quoted, tenant_condition};
use super::model::Expected;
use super::policy_text::{Judgement, judge};
use super::report::Finding;
use super::report::Severity::{Advice, Danger, Mismatch};
use crate::ddl::policy::{rows_policy, tenant_policy};

/// The commands that a policy can be for, with their letters in the catalogue.
const COMMANDS: [(char, &str); 4] = [('r', "SELECT"), ('a', "INSERT"), ('w', "UPDATE"), ('d', "DELETE")];

/// The statement that makes a policy with this condition.
pub(super) fn create_on(table: &str, name: &str, is_permissive: bool, command: char, condition: &str) -> String {
    let kind = if is_permissive { "PERMISSIVE" } else { "RESTRICTIVE" };
    let of = COMMANDS.iter().find(|(letter, _)| *letter == command).map_or("ALL", |(_, name)| name);
    format!("CREATE POLICY {} ON {table} AS {kind} FOR {of} TO PUBLIC{};", quoted(name), clauses(command, condition))
}

pub(super) fn create(expected: &Expected, name: &str, is_permissive: bool, command: char, condition: &str) -> String {
    create_on(&expected.sql(), name, is_permissive, command, condition)
}

fn clauses(command: char, condition: &str) -> String {
    let using = if command == 'a' { String::new() } else { format!(" USING ({condition})") };
    let check = if matches!(command, 'r' | 'd') { String::new() } else { format!(" WITH CHECK ({condition})") };
    using + &check
}

/// A policy with what its conditions were found to be.
struct Judged<'p> {
    policy: &'p Policy,
    /// Of rows that are there.
    using: Judgement,
    /// Of rows that are written.
    check: Judgement,
}

impl<'p> Judged<'p> {
    fn new(policy: &'p Policy, tenant_column: &str) -> Self {
        let judged = |text: &Option<String>| text.as_ref().map(|text| judge(text, tenant_column));
        let using = judged(&policy.using).unwrap_or_default();
        Self { policy, check: judged(&policy.check).unwrap_or_else(|| using.clone()), using }
    }

    fn is_for(&self, command: char) -> bool {
        self.policy.command == '*' || self.policy.command == command
    }

    fn holds(&self, command: char) -> bool {
        match command {
            'a' => self.check.is_bound,
            'w' => self.using.is_bound && self.check.is_bound,
            _ => self.using.is_bound,
        }
    }

    fn has_open_branch(&self) -> bool {
        self.using.has_open_branch || self.check.has_open_branch
    }

    fn is_bound_in_part(&self) -> bool {
        self.using.is_bound && !self.check.is_bound
    }

    fn settings(&self) -> impl Iterator<Item = &(String, bool)> {
        self.using.settings.iter().chain(&self.check.settings)
    }

    fn place(&self, relation: &Relation) -> String {
        format!("{} policy {}", relation.place(), self.policy.name)
    }

    fn alter(&self, relation: &Relation, condition: &str) -> String {
        let clauses = clauses(self.policy.command, condition);
        format!("ALTER POLICY {} ON {}{clauses};", quoted(&self.policy.name), relation.sql())
    }
}

/// Whether a restrictive policy, for everybody or the application's role, holds a command.
fn is_restricted(judged: &[Judged<'_>], command: char) -> bool {
    judged.iter().any(|judged| !judged.policy.is_permissive && judged.is_for(command) && judged.holds(command))
}

/// Looks at the policies on a table, or on a partition of one.
pub(super) fn check(
    facts: &Facts,
    expected: &Expected,
    relation: &Relation,
    secured: &Secured,
    findings: &mut Vec<Finding>,
) {
    let (Some(column), Some(setting)) = (expected.tenant_column(), expected.parts.setting) else { return };
    let condition = tenant_condition(expected, setting);
    let applying = secured.policies.iter().filter(|policy| policy.applies);
    let judged: Vec<_> = applying.map(|policy| Judged::new(policy, column)).collect();
    let mut is_mended = vec![false; judged.len()];
    for (judged_policy, is_mended) in judged.iter().zip(&mut is_mended).filter(|(one, _)| one.policy.is_permissive) {
        let open = COMMANDS.iter().find(|(command, _)| {
            judged_policy.is_for(*command) && !judged_policy.holds(*command) && !is_restricted(&judged, *command)
        });
        if let Some((_, command)) = open {
            let (finding, stays) = open_policy(judged_policy, relation, command, &condition);
            findings.push(finding);
            *is_mended = stays;
        }
    }
    for policy in &judged {
        check_settings(expected, relation, secured, policy, setting, &condition, findings);
        check_routines(facts, policy, relation, findings);
    }
    // A partition under its own name is not what statements are for: where it has no policies nothing is found in it.
    if relation.partition_of.is_none() {
        check_missing(expected, relation, secured, &judged, &is_mended, &condition, findings);
    }
}

/// A policy that lets others' rows pass, and whether it stays when it is mended.
fn open_policy(judged: &Judged<'_>, relation: &Relation, command: &str, condition: &str) -> (Finding, bool) {
    let place = judged.place(relation);
    if judged.has_open_branch() {
        let problem = format!(
            "a branch of the policy lets rows of every tenant pass, for {command}: with no tenant named, or with one that is empty"
        );
        let finding = Finding::new(Danger, "policy-open-branch", place, problem);
        return (finding.mended_by(judged.alter(relation, condition)), true);
    }
    if judged.is_bound_in_part() || (judged.policy.command == 'a' && judged.policy.check.is_some()) {
        let problem = format!("the policy lets rows be written for any tenant, by {command}");
        let finding = Finding::new(Danger, "policy-check-open", place, problem);
        return (finding.mended_by(judged.alter(relation, condition)), true);
    }
    let problem = format!(
        "the policy says nothing of the tenant, and permissive policies widen each other: {command} reaches the rows of all"
    );
    let sql = format!("DROP POLICY {} ON {};", quoted(&judged.policy.name), relation.sql());
    (Finding::new(Danger, "policy-extra-permissive", place, problem).mended_by(sql), false)
}

fn check_settings(
    expected: &Expected,
    relation: &Relation,
    secured: &Secured,
    judged: &Judged<'_>,
    setting: &str,
    condition: &str,
    findings: &mut Vec<Finding>,
) {
    if let Some((other, _)) = judged.settings().find(|(name, _)| name != setting) {
        let problem = format!("the policy reads the setting {other}, and the library names the tenant in {setting}");
        let finding = Finding::new(Mismatch, "policy-other-setting", judged.place(relation), problem);
        findings.push(finding.mended_by(judged.alter(relation, condition)));
    } else if judged.settings().any(|(_, empty_is_missing)| !empty_is_missing) {
        let is_text = expected.tenant_type() == Some("text");
        let severity = if is_text && !has_check(expected, secured) { Danger } else { Advice };
        let problem = if is_text {
            "after a transaction that named a tenant the setting is empty and not missing: the policy then finds the rows of the tenant ''"
        } else {
            "after a transaction that named a tenant the setting is empty and not missing: a statement without a tenant then fails instead of finding nothing"
        };
        let finding =
            Finding::new(severity, "policy-setting-without-nullif", judged.place(relation), problem.to_owned());
        findings.push(finding.mended_by(judged.alter(relation, condition)));
    }
}

fn check_routines(facts: &Facts, judged: &Judged<'_>, relation: &Relation, findings: &mut Vec<Finding>) {
    let routines = judged.policy.routines.iter();
    for routine in routines.filter_map(|oid| facts.routines.iter().find(|routine| routine.oid == *oid)) {
        // One that computes of what it is given may be immutable.
        if routine.is_immutable && (!routine.takes_arguments || routine.body.contains("current_setting")) {
            let problem = format!(
                "{} is IMMUTABLE: a plan that is kept answers for the tenant of its first run",
                routine.place()
            );
            let finding = Finding::new(Danger, "policy-immutable-function", judged.place(relation), problem);
            findings.push(finding.mended_by(routine.alter("STABLE")));
        }
    }
}

fn check_missing(
    expected: &Expected,
    relation: &Relation,
    secured: &Secured,
    judged: &[Judged<'_>],
    is_mended: &[bool],
    condition: &str,
    findings: &mut Vec<Finding>,
) {
    let table = relation.sql();
    let is_asked = |position: usize| secured.may.get(position) == Some(&true);
    let allows = |command: char| {
        judged.iter().zip(is_mended).any(|(one, is_mended)| {
            let is_kept = *is_mended || one.holds(command) || is_restricted(judged, command);
            one.policy.is_permissive && one.is_for(command) && is_kept
        })
    };
    let missing: Vec<_> = COMMANDS
        .iter()
        .enumerate()
        .filter(|(position, (command, _))| is_asked(*position) && !allows(*command))
        .map(|(_, command)| *command)
        .collect();
    let named = |what: &str| free_name(&format!("{}_{what}", expected.parts.name), secured);
    let (rows, tenant) = (rows_policy(expected.parts.name), tenant_policy(expected.parts.name));
    if !missing.is_empty() {
        let words: Vec<_> = missing.iter().map(|(_, command)| *command).collect();
        let sql: Vec<_> = if missing.len() == COMMANDS.len() {
            vec![create_on(&table, &free_name(&rows, secured), true, '*', condition)]
        } else {
            let each = missing.iter().map(|(command, word)| (*command, named(&word.to_ascii_lowercase())));
            each.map(|(command, name)| create_on(&table, &name, true, command, condition)).collect()
        };
        let problem =
            format!("no policy allows {} for the tenant's rows: nothing is found, or written", words.join(", "));
        findings.push(Finding::new(Mismatch, "policy-missing", relation.place(), problem).mended_by(sql.join("\n")));
    }
    if !COMMANDS.iter().all(|(command, _)| is_restricted(judged, *command)) {
        let problem = "no restrictive policy names the tenant: any permissive one that is added would open the table";
        let sql = create_on(&table, &free_name(&tenant, secured), false, '*', condition);
        let finding = Finding::new(Advice, "policy-not-restrictive", relation.place(), problem.to_owned());
        findings.push(finding.mended_by(sql));
    }
}

/// A policy's name that no other on the table has.
fn free_name(name: &str, secured: &Secured) -> String {
    let mut number = 1_u32;
    let mut free = name.to_owned();
    while secured.policies.iter().any(|policy| policy.name == free) {
        number += 1;
        free = format!("{name}_{number}");
    }
    free
}

/// Whether no row can be the tenant's whose name is empty.
pub(super) fn has_check(expected: &Expected, secured: &Secured) -> bool {
    let column = expected.tenant_column().unwrap_or_default();
    secured.checks.iter().any(|check| {
        let is_of_length = check.contains("length(") && check.contains("> 0");
        check.contains(column) && (check.contains("<> ''") || is_of_length)
    })
}

/// Whether a role that owns a view or a function is bound by no policy on a table, by one of its own.
pub(super) fn is_open_to(owner: u32, secured: &Secured, tenant_column: &str) -> bool {
    let judged: Vec<_> = secured.policies.iter().map(|policy| Judged::new(policy, tenant_column)).collect();
    let is_open = |one: &Judged<'_>| {
        one.policy.is_permissive && one.policy.roles.contains(&owner) && one.is_for('r') && !one.holds('r')
    };
    let is_restricted = judged.iter().any(|one| {
        let is_for_all = one.policy.roles.is_empty() || one.policy.roles.contains(&owner);
        !one.policy.is_permissive && is_for_all && one.is_for('r') && one.holds('r')
    });
    !is_restricted && judged.iter().any(is_open)
}
