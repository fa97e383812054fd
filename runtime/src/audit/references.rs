//! Foreign keys: that each stays with its tenant.

use std::collections::{HashMap, HashSet};

use super::facts::{Facts, ForeignKey, Relation};
use super::keys::is_same_key;
use super::mend::{columns, qualified, quoted};
use super::model::{Expected, Group, Model, group};
use super::report::Finding;
use super::report::Severity::{Advice, Danger, Mismatch};
use crate::definition::{ColumnParts, IsolationParts, OnDelete};

/// From this version on only some of the columns can be set to NULL when what they refer to is deleted.
const SETS_SOME_NULL: u32 = 150_000;

/// Which table of the model a relation is, and which tenant's a schema.
pub(super) struct Placed<'e> {
    by_oid: HashMap<u32, &'e Expected>,
    tenants: HashMap<&'e str, HashSet<usize>>,
    groups: HashMap<&'e str, HashSet<Group>>,
}

impl<'e> Placed<'e> {
    pub(super) fn new(facts: &Facts, expected: &'e [Expected]) -> Self {
        let mut placed = Self { by_oid: HashMap::new(), tenants: HashMap::new(), groups: HashMap::new() };
        for expected in expected {
            if let Some(relation) = facts.relation(&expected.schema, expected.parts.name) {
                placed.by_oid.insert(relation.oid, expected);
            }
            if let Some(group) = expected.group() {
                placed.groups.entry(&expected.schema).or_default().insert(group);
            }
            if let Some(tenant) = expected.tenant {
                placed.tenants.entry(&expected.schema).or_default().insert(tenant);
            }
        }
        placed
    }

    /// Whether a schema and a table surely belong to two tenants.
    pub(super) fn are_of_two_tenants(&self, schema: &str, relation: &Relation) -> bool {
        let other = &*relation.schema;
        match (self.tenants.get(schema), self.tenants.get(other)) {
            (Some(one), Some(other)) => one.is_disjoint(other),
            // Without a list: two schemas of one kind.
            _ => match (self.groups.get(schema), self.groups.get(other)) {
                (Some(one), Some(others)) => schema != other && !one.is_disjoint(others),
                _ => false,
            },
        }
    }

    /// The tenant column of a table that has one: as the model says, or else one of this name.
    pub(super) fn tenant_column_of<'c>(&self, relation: &Relation, name: &'c str) -> Option<&'c str>
    where
        'e: 'c,
    {
        match self.by_oid.get(&relation.oid) {
            Some(expected) => expected.tenant_column(),
            None => relation.column(name).map(|_| name),
        }
    }
}

pub(super) fn check(
    facts: &Facts,
    model: &Model,
    placed: &Placed<'_>,
    expected: &Expected,
    relation: &Relation,
    findings: &mut Vec<Finding>,
) {
    for key in &relation.foreign_keys {
        let Some(target) = facts.relations.get(&key.target) else { continue };
        match expected.parts.isolation {
            IsolationParts::Row { column, .. } => {
                if let Some(target_column) = placed.tenant_column_of(target, column)
                    && !pairs(relation, key, target, (column, target_column))
                {
                    findings.push(without_tenant(facts, (relation, column), key, (target, target_column)));
                }
            }
            IsolationParts::Schema { .. } => {
                if placed.are_of_two_tenants(&expected.schema, target) {
                    findings.push(to_other_tenant(facts, expected, relation, key, target));
                }
            }
            IsolationParts::Shared { .. } => {
                let is_of_tenants = placed
                    .by_oid
                    .get(&target.oid)
                    .is_some_and(|target| !matches!(target.parts.isolation, IsolationParts::Shared { .. }));
                if is_of_tenants {
                    let problem = format!("{} leads from a shared row to a tenant's, in {}", key.name, target.place());
                    let sql = format!("ALTER TABLE {} DROP CONSTRAINT {};", relation.sql(), quoted(&key.name));
                    let finding = Finding::new(Danger, "foreign-key-from-shared", relation.place(), problem);
                    findings.push(finding.mended_by(sql));
                }
            }
        }
    }
    for column in expected.parts.columns {
        check_there(facts, model, expected, relation, column, findings);
    }
}

/// Whether the tenant is one of the columns, and leads to the tenant.
fn pairs(relation: &Relation, key: &ForeignKey, target: &Relation, (column, target_column): (&str, &str)) -> bool {
    let number = |relation: &Relation, name| relation.column(name).map(|column| column.number);
    let (from, to) = (number(relation, column), number(target, target_column));
    key.columns.iter().zip(&key.target_columns).any(|(one, other)| Some(*one) == from && Some(*other) == to)
}

/// A foreign key is checked past row-level security.
fn without_tenant(
    facts: &Facts,
    (relation, column): (&Relation, &str),
    key: &ForeignKey,
    (target, target_column): (&Relation, &str),
) -> Finding {
    let cascades = matches!(key.on_delete, 'c' | 'n' | 'd');
    let (code, what) = if cascades {
        ("cascade-without-tenant", "and a delete there reaches the rows of every tenant that refer to it")
    } else {
        ("foreign-key-without-tenant", "so that its existence is told, and its deletion refused")
    };
    let problem = format!(
        "{} does not hold the tenant: a row may refer to another tenant's in {}, {what}",
        key.name,
        target.place()
    );
    let target_key = target.names(&key.target_columns);
    let others = target_key.iter().copied().filter(|name| *name != target_column);
    let whole: Vec<_> = std::iter::once(target_column).chain(others).collect();
    let has_key =
        |wanted: &[&str]| target.unique.iter().any(|index| is_same_key(&target.names(&index.columns), wanted));
    let mut sql = format!("ALTER TABLE {} DROP CONSTRAINT {};\n", relation.sql(), quoted(&key.name));
    // A key of all tenants is given the tenant by what mends that.
    let is_mended =
        target.column(target_column).is_some() && has_key(&target_key) && !target_key.contains(&target_column);
    if !has_key(&whole) && !is_mended {
        sql.push_str(&format!("ALTER TABLE {} ADD UNIQUE {};\n", target.sql(), columns(whole)));
    }
    sql.push_str(&rebuild(facts, (relation, column), key, (target, target_column)));
    Finding::new(Danger, code, relation.place(), problem).mended_by(sql)
}

/// The foreign key with the tenant, as it was otherwise.
pub(super) fn rebuild(
    facts: &Facts,
    (relation, column): (&Relation, &str),
    key: &ForeignKey,
    (target, target_column): (&Relation, &str),
) -> String {
    let pairs = relation.names(&key.columns).into_iter().zip(target.names(&key.target_columns));
    let others = pairs.filter(|(from, to)| *from != column && *to != target_column);
    let pairs: Vec<_> = std::iter::once((column, target_column)).chain(others).collect();
    written(facts, relation, key, target, &pairs, Some(column))
}

/// The foreign key with the columns that it has.
fn rebuild_as(
    facts: &Facts,
    relation: &Relation,
    key: &ForeignKey,
    target: &Relation,
    tenant_column: Option<&str>,
) -> String {
    let pairs: Vec<_> = relation.names(&key.columns).into_iter().zip(target.names(&key.target_columns)).collect();
    written(facts, relation, key, target, &pairs, tenant_column)
}

fn written(
    facts: &Facts,
    relation: &Relation,
    key: &ForeignKey,
    target: &Relation,
    pairs: &[(&str, &str)],
    tenant_column: Option<&str>,
) -> String {
    let (from, to): (Vec<_>, Vec<_>) = pairs.iter().copied().unzip();
    // The tenant stays as it is.
    let some = match tenant_column.filter(|column| from.contains(column)) {
        Some(column) => format!(" {}", columns(from.iter().copied().filter(|name| *name != column))),
        None => String::new(),
    };
    let sets_some = some.is_empty() || facts.server.number >= SETS_SOME_NULL;
    let on_delete = match key.on_delete {
        'c' => " ON DELETE CASCADE".to_owned(),
        'r' => " ON DELETE RESTRICT".to_owned(),
        'n' if sets_some => format!(" ON DELETE SET NULL{some}"),
        'd' if sets_some => format!(" ON DELETE SET DEFAULT{some}"),
        _ => String::new(),
    };
    let on_update = match key.on_update {
        'c' => " ON UPDATE CASCADE",
        'r' => " ON UPDATE RESTRICT",
        _ => "",
    };
    format!(
        "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY {} REFERENCES {} {}{on_update}{on_delete};",
        relation.sql(),
        quoted(&key.name),
        columns(from),
        target.sql(),
        columns(to)
    )
}

fn to_other_tenant(
    facts: &Facts,
    expected: &Expected,
    relation: &Relation,
    key: &ForeignKey,
    target: &Relation,
) -> Finding {
    let problem = format!("{} leads into another tenant's schema, to {}", key.name, target.place());
    let mut sql = format!("ALTER TABLE {} DROP CONSTRAINT {};", relation.sql(), quoted(&key.name));
    if facts.relation(&expected.schema, &target.name).is_some() {
        sql.push_str(&format!(
            "\nALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY {} REFERENCES {} {};",
            relation.sql(),
            quoted(&key.name),
            columns(relation.names(&key.columns)),
            qualified(&expected.schema, &target.name),
            columns(target.names(&key.target_columns))
        ));
    }
    Finding::new(Danger, "foreign-key-to-other-tenant", relation.place(), problem).mended_by(sql)
}

/// What the model says of a deletion, where it says anything.
fn check_action(
    facts: &Facts,
    expected: &Expected,
    relation: &Relation,
    column: &ColumnParts,
    keys: &[&ForeignKey],
    findings: &mut Vec<Finding>,
) {
    let (letter, action) = match column.reference.map(|reference| reference().on_delete) {
        Some(OnDelete::Restrict) => ('r', "RESTRICT"),
        Some(OnDelete::Cascade) => ('c', "CASCADE"),
        Some(OnDelete::SetNull) => ('n', "SET NULL"),
        Some(OnDelete::NoAction) | None => return,
    };
    let Some(key) = keys.first().filter(|_| keys.iter().all(|key| key.on_delete != letter)) else { return };
    let Some(target) = facts.relations.get(&key.target) else { return };
    let problem = format!("{} does not say ON DELETE {action}, and `{}` does", key.name, column.field);
    let drop = format!("ALTER TABLE {} DROP CONSTRAINT {};", relation.sql(), quoted(&key.name));
    let key = ForeignKey {
        on_delete: letter,
        name: key.name.clone(),
        columns: key.columns.clone(),
        target_columns: key.target_columns.clone(),
        ..**key
    };
    let sql = format!("{drop}\n{}", rebuild_as(facts, relation, &key, target, expected.tenant_column()));
    let finding = Finding::new(Mismatch, "foreign-key-on-delete", expected.column_place(column.name), problem);
    findings.push(finding.mended_by(sql));
}

/// Whether the database knows of the reference at all.
fn check_there(
    facts: &Facts,
    model: &Model,
    expected: &Expected,
    relation: &Relation,
    column: &ColumnParts,
    findings: &mut Vec<Finding>,
) {
    let Some(reference) = column.reference.filter(|_| relation.is_table()) else { return };
    let parent = &reference().table.parts;
    let Some(number) = relation.column(column.name).map(|live| live.number) else { return };
    let leads_there = |key: &&ForeignKey| {
        key.columns.contains(&number)
            && facts.relations.get(&key.target).is_some_and(|target| target.name == parent.name)
    };
    let keys: Vec<_> = relation.foreign_keys.iter().filter(leads_there).collect();
    if !keys.is_empty() {
        return check_action(facts, expected, relation, column, &keys, findings);
    }
    let schema = match parent.isolation {
        IsolationParts::Row { schema, .. } | IsolationParts::Shared { schema } => Some(schema.to_owned()),
        IsolationParts::Schema { logical, .. } => match (expected.tenant, &model.tenants) {
            (Some(position), Some(tenants)) => tenants.get(position).and_then(|tenant| tenant.schema(logical)),
            _ => (expected.group() == group(parent)).then(|| expected.schema.clone()),
        },
    };
    let target = schema.map(|schema| Expected { parts: parent, schema, tenant: None });
    let live = target.as_ref().and_then(|target| facts.relation(&target.schema, parent.name));
    if live.is_some_and(|live| !live.is_table()) {
        // Nothing refers to a view.
        return;
    }
    let sql = target.as_ref().filter(|_| live.is_some()).map(|target| {
        let (from, some) = match (expected.tenant_column(), target.tenant_column()) {
            (Some(tenant), Some(_)) => (vec![tenant, column.name], format!(" {}", columns([column.name]))),
            _ => (vec![column.name], String::new()),
        };
        let on_delete = match reference().on_delete {
            OnDelete::NoAction => String::new(),
            OnDelete::Restrict => " ON DELETE RESTRICT".to_owned(),
            OnDelete::Cascade => " ON DELETE CASCADE".to_owned(),
            OnDelete::SetNull => format!(" ON DELETE SET NULL{some}"),
        };
        format!(
            "ALTER TABLE {} ADD FOREIGN KEY {} REFERENCES {} {}{on_delete};",
            relation.sql(),
            columns(from),
            target.sql(),
            columns(target.key(parent.primary_key))
        )
    });
    let problem =
        format!("no foreign key holds `{}` to `{}`: what it refers to may be missing", column.field, parent.rust);
    let finding = Finding::new(Advice, "foreign-key-missing", expected.column_place(column.name), problem);
    findings.push(finding.mended_by(sql));
}
